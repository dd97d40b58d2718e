import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { beginOf, type Chunk } from './chunk.ts';
import { type Heap, sizeOf } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';
import type { ThreadTeam } from './team.ts';

/*
 * Threads share out the rows, and the blocks of rows that sums are taken in. The loops take channels four at a time.
 * Where their number is no multiple of four, the tensors are copied into rows with room for it; no network of ours has
 * such layers.
 */

/** A matrix [rows, channels] and the width of its rows on the heap, rounded up to four. */
interface Matrix {
  readonly rows: number;
  readonly channels: number;
  readonly wide: number;
}

/** Rows of a block, as the loops have it. */
const BLOCK_ROWS = 128;

/** Numbers below which a walk over them is quicker on one thread. */
const WORTH_SHARING = 16_384;

/** Among how many shares blocks are given out: a few for each thread, as one may be busy otherwise. */
function sharesOf(team: ThreadTeam, { rows, wide }: Matrix): number {
  if (team.size === 1) return 1;
  return Math.max(1, Math.min(4 * team.size, Math.floor((rows * wide) / WORTH_SHARING), blocksOf(rows)));
}

function blocksOf(rows: number): number {
  return Math.ceil(rows / BLOCK_ROWS);
}

/** The blocks of a share. */
function blocksOfShare(index: number, shares: number, rows: number): readonly [from: number, to: number] {
  return [beginOf(index, shares, blocksOf(rows)), beginOf(index + 1, shares, blocksOf(rows))];
}

/** The rows of a share: whole blocks. */
function rowsOf(index: number, shares: number, rows: number): { readonly from: number; readonly count: number } {
  const [first, last] = blocksOfShare(index, shares, rows);
  return { from: BLOCK_ROWS * first, count: Math.min(rows, BLOCK_ROWS * last) - BLOCK_ROWS * first };
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
export function batchNorm(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo[] {
  const { kernels } = team;
  const { shape } = inputOf(call, 'x');
  const matrix = matrixOf(shape);
  const { rows, wide } = matrix;
  const vector = { ...matrix, rows: 1 };
  const y = new Output(heap, shape, matrix);
  const mean = new Output(heap, [matrix.channels], vector);
  const variance = new Output(heap, [matrix.channels], vector);
  const x = widened(kernels, heap, 'x', matrix);
  const partials = heap.scratch(2 * blocksOf(rows) * wide);
  const shares = sharesOf(team, matrix);
  team.run(sumBlocks, [x, rows, wide, partials, shares], shares);
  kernels.joinStatistics(partials, rows, wide, mean.at, variance.at);
  applyTo(team, call, heap, matrix, x, mean.at, variance.at, y.at);
  return [y, mean, variance].map((output) => output.finish(kernels));
}

/** One share of the blocks: mean and squares of each. */
export function sumBlocks(
  { kernels, index }: Chunk,
  x: Pointer,
  rows: number,
  wide: number,
  partials: Pointer,
  shares: number,
): void {
  const [from, to] = blocksOfShare(index, shares, rows);
  kernels.blockStatistics(x, rows, wide, from, to, partials);
}

/** BatchNormInfer. */
export function batchNormInfer(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const { kernels } = team;
  const { shape } = inputOf(call, 'x');
  const matrix = matrixOf(shape);
  const vector = { ...matrix, rows: 1 };
  const y = new Output(heap, shape, matrix);
  const x = widened(kernels, heap, 'x', matrix);
  const mean = widened(kernels, heap, 'mean', vector);
  const variance = widened(kernels, heap, 'variance', vector);
  applyTo(team, call, heap, matrix, x, mean, variance, y.at);
  return y.finish(kernels);
}

function applyTo(
  team: ThreadTeam,
  call: KernelCall,
  heap: Heap,
  matrix: Matrix,
  x: Pointer,
  mean: Pointer,
  variance: Pointer,
  y: Pointer,
): void {
  const { kernels } = team;
  const vector = { ...matrix, rows: 1 };
  const scale = heap.scratch(matrix.wide);
  const gamma = widened(kernels, heap, 'gamma', vector);
  kernels.scaleOf(variance, gamma, matrix.wide, numberOf(call, 'epsilon'), scale);
  const beta = widened(kernels, heap, 'beta', vector);
  const slope = widened(kernels, heap, 'slope', vector);
  const residual = widened(kernels, heap, 'residual', matrix);
  const shares = sharesOf(team, matrix);
  team.run(normalizeShare, [x, matrix.rows, matrix.wide, mean, scale, beta, slope, residual, y, shares], shares);
}

/** One share of the rows of y. */
export function normalizeShare(
  { kernels, index }: Chunk,
  x: Pointer,
  rows: number,
  wide: number,
  mean: Pointer,
  scale: Pointer,
  beta: Pointer,
  slope: Pointer,
  residual: Pointer,
  y: Pointer,
  shares: number,
): void {
  const { from, count } = rowsOf(index, shares, rows);
  const offset = 4 * from * wide;
  const after = slope !== 0 ? 1 : residual !== 0 ? 2 : 0;
  const extra = slope || (residual === 0 ? 0 : residual + offset);
  kernels.normalize(x + offset, count, wide, mean, scale, beta, after, extra, y + offset);
}

/** BatchNormGrad -> dx, dgamma, dbeta; and BatchNormPReluGrad, where a slope is given -> also dslope. */
export function batchNormGradient(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo[] {
  const { kernels } = team;
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
  const [scale, offsets, factors] = [heap.scratch(wide), heap.scratch(wide), heap.scratch(wide)];
  kernels.scaleOf(variance, gamma, wide, epsilon, scale);
  const partials = heap.scratch(3 * blocksOf(rows) * wide);
  const shares = sharesOf(team, matrix);
  team.run(sumGradientBlocks, [dy, x, rows, wide, mean, scale, beta, slope, partials, shares], shares);
  kernels.joinGradientSums(partials, rows, wide, variance, epsilon, dgamma.at, dbeta.at, dslope?.at ?? 0);
  kernels.gradientShares(dgamma.at, dbeta.at, variance, rows, wide, epsilon, offsets, factors);
  team.run(gradientRows, [dy, x, rows, wide, mean, scale, beta, slope, offsets, factors, dx.at, shares], shares);
  const outputs = dslope === undefined ? [dx, dgamma, dbeta] : [dx, dgamma, dbeta, dslope];
  return outputs.map((output) => output.finish(kernels));
}

/** One share of the blocks: the sums of each. */
export function sumGradientBlocks(
  { kernels, index }: Chunk,
  dy: Pointer,
  x: Pointer,
  rows: number,
  wide: number,
  mean: Pointer,
  scale: Pointer,
  beta: Pointer,
  slope: Pointer,
  partials: Pointer,
  shares: number,
): void {
  const [from, to] = blocksOfShare(index, shares, rows);
  kernels.blockGradientSums(dy, x, rows, wide, mean, scale, beta, slope, from, to, partials);
}

/** One share of the rows of dx. */
export function gradientRows(
  { kernels, index }: Chunk,
  dy: Pointer,
  x: Pointer,
  rows: number,
  wide: number,
  mean: Pointer,
  scale: Pointer,
  beta: Pointer,
  slope: Pointer,
  offsets: Pointer,
  factors: Pointer,
  dx: Pointer,
  shares: number,
): void {
  const { from, count } = rowsOf(index, shares, rows);
  const at = 4 * from * wide;
  kernels.inputGradient(dy + at, x + at, count, wide, mean, scale, beta, slope, offsets, factors, dx + at);
}
