import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Drivers that run shaders on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/**
 * Whether shaders run on the processor: a few fat invocations are best there, as arithmetic is wide and loads are not.
 * A graphics card wants tens of thousands of invocations instead.
 */
export function isSoftwareAdapter(backend: WebGPUBackend): boolean {
  const known = softwareByBackend.get(backend);
  if (known !== undefined) return known;
  // Older browsers have no such property on the device.
  const info: Partial<GPUAdapterInfo> | undefined = backend.device.adapterInfo;
  const names = [info?.vendor, info?.architecture, info?.device, info?.description].join(' ');
  const software = SOFTWARE.test(names) || info?.isFallbackAdapter === true;
  softwareByBackend.set(backend, software);
  return software;
}

/** Takes an adapter for the other kind from now on: results are the same, so tests can run both. */
export function treatAs(backend: WebGPUBackend, kind: 'software' | 'hardware'): void {
  softwareByBackend.set(backend, kind === 'software');
}

const softwareByBackend = new WeakMap<WebGPUBackend, boolean>();
