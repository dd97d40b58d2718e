/**
 * Chromium without a window, with WebGPU emulated where there is no graphics card, without errands of its own,
 * and with a camera that is drawn. */
export const BROWSER_ARGUMENTS: readonly string[] = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
];
