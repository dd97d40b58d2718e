import { resolve } from 'node:path';

/** The film before the camera, which a test writes before it asks for the camera: JPEG pictures, one after the other. */
export const CAMERA_FILE = resolve('test-results/camera.mjpeg');

/**
 * Chromium without a window, with WebGPU emulated where there is no graphics card, without errands of its own,
 * and with a camera that films a file. */
export const BROWSER_ARGUMENTS: readonly string[] = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${CAMERA_FILE}`,
];
