import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numbersOf } from '../kernel-call.ts';
import { product } from './matmul.ts';
import { sizeOf, webgpuOf } from './program.ts';

/** Dense: y [N,O] = x [N,I] times w [O,I] transposed, which nothing transposes in memory. */
export function dense(call: KernelCall): TensorInfo {
  const x = inputOf(call, 'x');
  const w = inputOf(call, 'w');
  const [outputs = 0, inputs = 0] = w.shape;
  const rows = sizeOf(x) / inputs;
  return product(webgpuOf(call), { rows, columns: outputs, depth: inputs, layout: 'nt' }, x, w, [rows, outputs]);
}

/** DenseInputGrad: dx [N,I] = dy [N,O] times w [O,I]. */
export function denseInputGradient(call: KernelCall): TensorInfo {
  const dy = inputOf(call, 'dy');
  const w = inputOf(call, 'w');
  const [outputs = 0, inputs = 0] = w.shape;
  const sizes = { rows: sizeOf(dy) / outputs, columns: inputs, depth: outputs, layout: 'nn' } as const;
  return product(webgpuOf(call), sizes, dy, w, numbersOf(call, 'inputShape'));
}

/** DenseWeightGrad: dw [O,I] = dy [N,O] transposed times x [N,I]. */
export function denseWeightGradient(call: KernelCall): TensorInfo {
  const x = inputOf(call, 'x');
  const dy = inputOf(call, 'dy');
  const [images = 0, outputs = 0] = dy.shape;
  const columns = sizeOf(x) / images;
  const sizes = { rows: outputs, columns, depth: images, layout: 'tn' } as const;
  return product(webgpuOf(call), sizes, dy, x, [outputs, columns]);
}
