import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import type { KernelName } from './kernel-names.ts';

/** Runs a kernel with one output on the current backend, recorded by the tape when one is open. */
export function runKernel<T extends Tensor>(name: KernelName, inputs: NamedTensorMap, attrs?: NamedAttrMap): T {
  return engine().runKernel<T>(name, inputs, attrs);
}

/** Runs a kernel with several outputs, in the order kernel-names.ts gives. */
export function runKernelForAll(name: KernelName, inputs: NamedTensorMap, attrs?: NamedAttrMap): Tensor[] {
  return engine().runKernel<Tensor[]>(name, inputs, attrs);
}

/**
 * The tensor at an index of a list whose length the kernel's description fixes.
 * Throws where a backend returns fewer than described.
 */
export function tensorAt<T extends Tensor = Tensor>(tensors: readonly Tensor[], index: number): T {
  const tensor = tensors[index];
  if (tensor === undefined) throw new Error(`A kernel returned ${tensors.length} tensors; number ${index} is missing.`);
  // tfjs types lists as Tensor[]; the ranks are those of kernel-names.ts.
  return tensor as T;
}
