import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { COMPOSED_KERNELS } from './composed/kernels.ts';
import { KERNEL_NAMES, type KernelSet } from './kernel-names.ts';
import type { KernelTuning, VariantChoice } from './variants.ts';

/** The backends the network runs on. */
export const BACKEND_NAMES = ['webgpu', 'wasm', 'webgl', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/**
 * Kernels written for a backend; stock tfjs operations (composed/) replace missing ones.
 * A backend folder exports `loadKernels`, which is called after the backend is ready.
 */
const OWN_KERNELS: Readonly<Record<BackendName, () => Promise<Partial<KernelSet>>>> = {
  webgpu: async () => (await import('./webgpu/kernels.ts')).loadKernels(),
  wasm: async () => (await import('./wasm/kernels.ts')).loadKernels(),
  webgl: async () => ({}),
  cpu: async () => ({}),
};

/** Backends whose kernels have variants. */
const TUNERS: Readonly<Partial<Record<BackendName, (tuning: KernelTuning) => Promise<VariantChoice>>>> = {
  webgpu: async (tuning) => (await import('./webgpu/tune.ts')).tune(tuning),
};

/**
 * Registers every kernel of kernel-names.ts for a backend of tfjs, which must be set and ready. May be called again.
 * With `own` false only stock tfjs operations are used: the reference that a backend's own kernels are tested against.
 */
export async function registerKernels(backendName: BackendName, own = true): Promise<void> {
  const kernels: KernelSet = { ...COMPOSED_KERNELS, ...(own ? await OWN_KERNELS[backendName]() : {}) };
  for (const kernelName of KERNEL_NAMES) {
    // tfjs warns of a second registration under one name.
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc: kernels[kernelName] });
  }
}

/**
 * Settles which variants a backend's registered kernels run in, by measuring where nothing is remembered. Undefined for a
 * backend that has none. Without this call they are chosen by the kind of adapter.
 */
export async function tuneKernels(backendName: BackendName, tuning: KernelTuning): Promise<VariantChoice | undefined> {
  return TUNERS[backendName]?.(tuning);
}
