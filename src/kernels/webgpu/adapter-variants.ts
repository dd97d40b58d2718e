import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { everywhere, type VariantChoice, type VariedKernel } from '../variants.ts';

/** Drivers that run shaders on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** The variant a kernel runs in: the one chosen, or else the one for this kind of adapter. */
export function variantOf<Kernel extends VariedKernel>(backend: WebGPUBackend, kernel: Kernel): VariantChoice[Kernel] {
  const chosen = choices.get(backend) ?? usualVariants(backend);
  choices.set(backend, chosen);
  return chosen[kernel];
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
export function isSoftware(backend: WebGPUBackend): boolean {
  const info = infoOf(backend);
  const names = [info?.vendor, info?.architecture, info?.device, info?.description].join(' ');
  return SOFTWARE.test(names) || info?.isFallbackAdapter === true;
}

/** The key of a choice: everything the browser reports on adapter and driver. */
export function adapterKey(backend: WebGPUBackend): string {
  const info = infoOf(backend);
  return [info?.vendor, info?.architecture, info?.device, info?.description].map((part) => part ?? '').join('|');
}

/** Older browsers have no such property on the device. */
function infoOf(backend: WebGPUBackend): Partial<GPUAdapterInfo> | undefined {
  return backend.device.adapterInfo;
}

const choices = new WeakMap<WebGPUBackend, VariantChoice>();
