import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { COMPOSED_KERNELS } from './composed/kernels.ts';
import { KERNEL_NAMES, type KernelSet } from './kernel-names.ts';
import type { VariantChoice } from './variants.ts';

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
 * Settles which variants the registered kernels of the current backend run in: those of a saved run where they are given, else
 * those for the kind of adapter. Undefined for a backend that has none.
 */
export async function settleVariants(
  backendName: BackendName,
  saved?: Readonly<Record<string, string>>,
): Promise<VariantChoice | undefined> {
  if (backendName !== 'webgpu') return undefined;
  return (await import('./webgpu/adapter-variants.ts')).settleVariants(saved);
}
