import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { type Heap, sizeOf } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';

/*
 * The loops take channels four at a time. Where their number is no multiple of four, the tensors are copied into rows
 * with room for it; no network of ours has such layers.
 */

/** A matrix [rows, channels] and the width of its rows on the heap, rounded up to four. */
interface Matrix {
  readonly rows: number;
  readonly channels: number;
  readonly wide: number;
}

function matrixOf(shape: readonly number[]): Matrix {
  const channels = shape[shape.length - 1] ?? 1;
  return { rows: sizeOf(shape) / channels, channels, wide: (channels + 3) & ~3 };
}

/** An input [rows, channels], or [channels] with `rows` 1, in wide rows; 0 where the caller left it out. */
function widened(kernels: WasmKernels, heap: Heap, name: string, matrix: Matrix): Pointer {
  const source = heap.optionalInput(name);
  const { rows, channels, wide } = matrix;
  if (source === 0 || wide === channels) return source;
  const room = heap.scratch(rows * wide);
  kernels.clear(room, 4 * rows * wide);
  kernels.copyRows(source, 4 * channels, room, 4 * wide, 0, 4 * channels, rows, 1);
  return room;
}

/** An output and where it is to be written; `finish` copies out of wide rows where that is elsewhere. */
class Output {
  readonly tensor: TensorInfo;
  readonly at: Pointer;
  readonly #matrix: Matrix;
  readonly #target: Pointer;

  constructor(heap: Heap, shape: readonly number[], matrix: Matrix) {
    this.tensor = heap.output(shape);
    this.#matrix = matrix;
    this.#target = heap.at(this.tensor);
    this.at = matrix.wide === matrix.channels ? this.#target : heap.scratch(matrix.rows * matrix.wide);
  }

  finish(kernels: WasmKernels): TensorInfo {
    const { rows, channels, wide } = this.#matrix;
    if (this.at !== this.#target) {
      kernels.copyRows(this.at, 4 * wide, this.#target, 4 * channels, 0, 4 * channels, rows, 1);
    }
    return this.tensor;
  }
}

/** BatchNorm, BatchNormPRelu, BatchNormAdd. */
export function batchNorm(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo[] {
  const { shape } = inputOf(call, 'x');
  const matrix = matrixOf(shape);
  const vector = { ...matrix, rows: 1 };
  const y = new Output(heap, shape, matrix);
  const mean = new Output(heap, [matrix.channels], vector);
  const variance = new Output(heap, [matrix.channels], vector);
  const x = widened(kernels, heap, 'x', matrix);
  kernels.statistics(x, matrix.rows, matrix.wide, mean.at, variance.at);
  applyTo(kernels, call, heap, matrix, x, mean.at, variance.at, y.at);
  return [y, mean, variance].map((output) => output.finish(kernels));
}

/** BatchNormInfer. */
export function batchNormInfer(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const { shape } = inputOf(call, 'x');
  const matrix = matrixOf(shape);
  const vector = { ...matrix, rows: 1 };
  const y = new Output(heap, shape, matrix);
  const x = widened(kernels, heap, 'x', matrix);
  const mean = widened(kernels, heap, 'mean', vector);
  const variance = widened(kernels, heap, 'variance', vector);
  applyTo(kernels, call, heap, matrix, x, mean, variance, y.at);
  return y.finish(kernels);
}

function applyTo(
  kernels: WasmKernels,
  call: KernelCall,
  heap: Heap,
  matrix: Matrix,
  x: Pointer,
  mean: Pointer,
  variance: Pointer,
  y: Pointer,
): void {
  const vector = { ...matrix, rows: 1 };
  const scale = heap.scratch(matrix.wide);
  const gamma = widened(kernels, heap, 'gamma', vector);
  kernels.scaleOf(variance, gamma, matrix.wide, numberOf(call, 'epsilon'), scale);
  const beta = widened(kernels, heap, 'beta', vector);
  const slope = widened(kernels, heap, 'slope', vector);
  const residual = widened(kernels, heap, 'residual', matrix);
  const after = slope !== 0 ? 1 : residual !== 0 ? 2 : 0;
  kernels.normalize(x, matrix.rows, matrix.wide, mean, scale, beta, after, slope || residual, y);
}

/** BatchNormGrad -> dx, dgamma, dbeta; and BatchNormPReluGrad, where a slope is given -> also dslope. */
export function batchNormGradient(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo[] {
  const { shape } = inputOf(call, 'x');
  const matrix = matrixOf(shape);
  const { rows, channels, wide } = matrix;
  const vector = { ...matrix, rows: 1 };
  const epsilon = numberOf(call, 'epsilon');
  const dx = new Output(heap, shape, matrix);
  const [dgamma, dbeta] = [new Output(heap, [channels], vector), new Output(heap, [channels], vector)];
  const slope = widened(kernels, heap, 'slope', vector);
  const dslope = slope === 0 ? undefined : new Output(heap, [channels], vector);
  const dy = widened(kernels, heap, 'dy', matrix);
  const x = widened(kernels, heap, 'x', matrix);
  const mean = widened(kernels, heap, 'mean', vector);
  const variance = widened(kernels, heap, 'variance', vector);
  const gamma = widened(kernels, heap, 'gamma', vector);
  const beta = widened(kernels, heap, 'beta', vector);
  const [scale, scratch] = [heap.scratch(wide), heap.scratch(2 * wide)];
  kernels.scaleOf(variance, gamma, wide, epsilon, scale);
  const sums = [dgamma.at, dbeta.at] as const;
  kernels.gradientSums(dy, x, rows, wide, mean, variance, epsilon, scale, beta, slope, ...sums, dslope?.at ?? 0);
  kernels.inputGradient(dy, x, rows, wide, mean, variance, epsilon, scale, beta, slope, ...sums, dx.at, scratch);
  const outputs = dslope === undefined ? [dx, dgamma, dbeta] : [dx, dgamma, dbeta, dslope];
  return outputs.map((output) => output.finish(kernels));
}
