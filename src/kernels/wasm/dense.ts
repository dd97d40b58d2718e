import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numbersOf } from '../kernel-call.ts';
import { beginOf, type Chunk } from './chunk.ts';
import { type Heap, sizeOf, wholeStrips } from './heap.ts';
import type { Pointer } from './module.ts';
import type { ThreadTeam } from './team.ts';

/** Multiplications and additions below which a product is quicker on one thread. */
const WORTH_SHARING = 500_000;

/** A product y [rows, columns] = a [rows, depth] times a matrix with so many columns. */
interface Product {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** Among how many threads the strips of eight columns are shared out. */
function sharesOf(team: ThreadTeam, { rows, depth, columns }: Product): number {
  return rows * depth * columns < WORTH_SHARING ? 1 : Math.min(team.size, Math.ceil(columns / 8));
}

/** Dense: y = x w', the rows of w packed as columns. */
export function dense(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const [outputs = 0, inputs = 0] = inputOf(call, 'w').shape;
  const rows = sizeOf(inputOf(call, 'x').shape) / inputs;
  const y = heap.output([rows, outputs]);
  multiplyRows(team, heap, heap.input('x'), { rows, depth: inputs, columns: outputs }, [heap.input('w'), true], y);
  return y;
}

/** DenseInputGrad: dx = dy w. */
export function denseInputGradient(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const [outputs = 0, inputs = 0] = inputOf(call, 'w').shape;
  const rows = sizeOf(inputOf(call, 'dy').shape) / outputs;
  const dx = heap.output(numbersOf(call, 'inputShape'));
  multiplyRows(team, heap, heap.input('dy'), { rows, depth: outputs, columns: inputs }, [heap.input('w'), false], dx);
  return dx;
}

/** DenseWeightGrad: dw = dy' x. Threads share out the rows of dw. */
export function denseWeightGradient(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const { kernels } = team;
  const [rows = 0, outputs = 0] = inputOf(call, 'dy').shape;
  const inputs = sizeOf(inputOf(call, 'x').shape) / rows;
  const wide = wholeStrips(inputs);
  const dw = heap.output([outputs, inputs]);
  const product = { rows: outputs, depth: rows, columns: inputs };
  const [table, panels] = [heap.scratch(rows), heap.scratch(rows * wide)];
  const gathered = heap.scratch(team.lanes * 4 * rows);
  const x = heap.input('x');
  const w = wide === inputs ? heap.at(dw) : heap.scratch(outputs * wide);
  kernels.fillGrid(table, 1, 1, rows, 0, 0, 4 * outputs);
  const strips = sharesOf(team, product);
  team.run(packStrips, [x, rows, inputs, panels, strips], strips);
  const shares = strips === 1 ? 1 : Math.min(team.size, Math.ceil(outputs / 4));
  team.run(sumWeights, [heap.input('dy'), table, rows, outputs, inputs, panels, w, gathered, shares], shares);
  if (wide !== inputs) kernels.copyRows(w, 4 * wide, heap.at(dw), 4 * inputs, 0, 4 * inputs, outputs, 1);
  return dw;
}

/** One share of the columns of x, packed. */
export function packStrips(
  { kernels, index }: Chunk,
  x: Pointer,
  rows: number,
  columns: number,
  panels: Pointer,
  shares: number,
): void {
  const [from, to] = columnsOf(index, shares, columns);
  kernels.packColumns(x + 4 * from, 4 * columns, rows, to - from, panels + 4 * from * rows);
}

/** One share of the rows of dw. */
export function sumWeights(
  { kernels, index, lane }: Chunk,
  dy: Pointer,
  table: Pointer,
  rows: number,
  outputs: number,
  inputs: number,
  panels: Pointer,
  w: Pointer,
  gathered: Pointer,
  shares: number,
): void {
  const wide = wholeStrips(inputs);
  const fours = Math.ceil(outputs / 4);
  const from = 4 * beginOf(index, shares, fours);
  const to = Math.min(outputs, 4 * beginOf(index + 1, shares, fours));
  const scratch = gathered + 16 * lane * rows;
  kernels.clear(w + 4 * from * wide, 4 * (to - from) * wide);
  kernels.multiplyTransposed(dy, table, rows, 1, outputs, 4 * outputs, panels, inputs, w, scratch, from, to);
}

/** y [rows, columns] = a [rows, depth] times the columns, which are the rows of a matrix where `byRow` says so. */
function multiplyRows(
  team: ThreadTeam,
  heap: Heap,
  a: Pointer,
  product: Product,
  [matrix, byRow]: readonly [Pointer, boolean],
  y: TensorInfo,
): void {
  const { kernels } = team;
  const { rows, depth, columns } = product;
  const wide = wholeStrips(columns);
  const panels = heap.scratch(depth * wide);
  const [inputs, outputs] = [heap.scratch(rows), heap.scratch(rows)];
  kernels.fillGrid(inputs, 1, 1, rows, 0, 0, 4 * depth);
  kernels.fillGrid(outputs, 1, 1, rows, 0, 0, 4 * wide);
  const room = wide === columns ? heap.at(y) : heap.scratch(rows * wide);
  const shares = sharesOf(team, product);
  team.run(
    multiplyColumns,
    [a, inputs, rows, depth, columns, matrix, byRow ? 1 : 0, panels, room, outputs, shares],
    shares,
  );
  if (wide !== columns) kernels.copyRows(room, 4 * wide, heap.at(y), 4 * columns, 0, 4 * columns, rows, 1);
}

/** One share of the columns, packed and multiplied with. */
export function multiplyColumns(
  { kernels, index }: Chunk,
  a: Pointer,
  inputs: Pointer,
  rows: number,
  depth: number,
  columns: number,
  matrix: Pointer,
  byRow: number,
  panels: Pointer,
  y: Pointer,
  outputs: Pointer,
  shares: number,
): void {
  const [from, to] = columnsOf(index, shares, columns);
  const own = panels + 4 * from * depth;
  if (byRow === 0) kernels.packColumns(matrix + 4 * from, 4 * columns, depth, to - from, own);
  for (let column = from; byRow !== 0 && column < to; column += 8) {
    const strip = panels + 4 * column * depth;
    kernels.packStrip(matrix + 4 * column * depth, 4 * depth, Math.min(8, columns - column), depth, strip);
  }
  kernels.multiply(a, inputs, rows, 1, depth, 4 * depth, own, to - from, y + 4 * from, outputs);
}

/** Where a share of the columns begins and ends: whole strips, but for the last column. */
function columnsOf(index: number, shares: number, columns: number): readonly [number, number] {
  const strips = Math.ceil(columns / 8);
  return [8 * beginOf(index, shares, strips), Math.min(columns, 8 * beginOf(index + 1, shares, strips))];
}
