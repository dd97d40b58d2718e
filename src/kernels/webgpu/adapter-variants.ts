import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';
import { everywhere, savedVariants, type Variant, type VariantChoice, type VariedKernel } from '../variants.ts';

/** Drivers that run shaders on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** The variant a kernel runs in: that of a resumed run, or else the one for this kind of adapter. */
export function variantOf(backend: WebGPUBackend, kernel: VariedKernel): Variant {
  const chosen = choices.get(backend) ?? usualVariants(backend);
  choices.set(backend, chosen);
  return chosen[kernel];
}

/** Puts the variants of the current backend's kernels in place, those of a saved run where one is given, and says which. */
export function settleVariants(saved: Readonly<Record<string, string>> = {}): VariantChoice {
  // register.ts calls this for the backend 'webgpu' only.
  const running = backend() as WebGPUBackend;
  const choice = savedVariants(saved, usualVariants(running));
  setVariants(running, choice);
  return choice;
}

/** Chooses the variants of a backend's kernels from now on. */
export function setVariants(backend: WebGPUBackend, choice: VariantChoice): void {
  choices.set(backend, choice);
}

/** By kind of adapter: a driver on the processor has wide arithmetic and slow loads, and wants few fat invocations. */
export function usualVariants(backend: WebGPUBackend): VariantChoice {
  return everywhere(isSoftware(backend) ? 'few' : 'many');
}

/** Whether shaders run on the processor. */
function isSoftware(backend: WebGPUBackend): boolean {
  const info = infoOf(backend);
  const names = [info?.vendor, info?.architecture, info?.device, info?.description].join(' ');
  return SOFTWARE.test(names) || info?.isFallbackAdapter === true;
}

/** Older browsers have no such property on the device. */
function infoOf(backend: WebGPUBackend): Partial<GPUAdapterInfo> | undefined {
  return backend.device.adapterInfo;
}

const choices = new WeakMap<WebGPUBackend, VariantChoice>();
