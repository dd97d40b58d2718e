import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numbersOf } from '../kernel-call.ts';
import { type Heap, sizeOf, wholeStrips } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';

/** Dense: y = x w', the rows of w packed as columns. */
export function dense(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const [outputs = 0, inputs = 0] = inputOf(call, 'w').shape;
  const rows = sizeOf(inputOf(call, 'x').shape) / inputs;
  const y = heap.output([rows, outputs]);
  const panels = heap.scratch(inputs * wholeStrips(outputs));
  const w = heap.input('w');
  for (let column = 0; column < outputs; column += 8) {
    const strip = panels + 4 * column * inputs;
    kernels.packStrip(w + 4 * column * inputs, 4 * inputs, Math.min(8, outputs - column), inputs, strip);
  }
  multiplyRows(kernels, heap, heap.input('x'), { rows, depth: inputs, columns: outputs }, panels, heap.at(y));
  return y;
}

/** DenseInputGrad: dx = dy w. */
export function denseInputGradient(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const [outputs = 0, inputs = 0] = inputOf(call, 'w').shape;
  const rows = sizeOf(inputOf(call, 'dy').shape) / outputs;
  const dx = heap.output(numbersOf(call, 'inputShape'));
  const panels = heap.scratch(outputs * wholeStrips(inputs));
  kernels.packColumns(heap.input('w'), 4 * inputs, outputs, inputs, panels);
  multiplyRows(kernels, heap, heap.input('dy'), { rows, depth: outputs, columns: inputs }, panels, heap.at(dx));
  return dx;
}

/** DenseWeightGrad: dw = dy' x. */
export function denseWeightGradient(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const [rows = 0, outputs = 0] = inputOf(call, 'dy').shape;
  const inputs = sizeOf(inputOf(call, 'x').shape) / rows;
  const wide = wholeStrips(inputs);
  const dw = heap.output([outputs, inputs]);
  const [table, panels, gathered] = [heap.scratch(rows), heap.scratch(rows * wide), heap.scratch(4 * rows)];
  kernels.fillGrid(table, 1, 1, rows, 0, 0, 4 * outputs);
  kernels.packColumns(heap.input('x'), 4 * inputs, rows, inputs, panels);
  const w = wide === inputs ? heap.at(dw) : heap.scratch(outputs * wide);
  kernels.clear(w, 4 * outputs * wide);
  kernels.multiplyTransposed(heap.input('dy'), table, rows, 1, outputs, 4 * outputs, panels, inputs, w, gathered);
  if (wide !== inputs) kernels.copyRows(w, 4 * wide, heap.at(dw), 4 * inputs, 0, 4 * inputs, outputs, 1);
  return dw;
}

/** y [rows, columns] = a [rows, depth] times packed columns. */
function multiplyRows(
  kernels: WasmKernels,
  heap: Heap,
  a: Pointer,
  { rows, depth, columns }: { readonly rows: number; readonly depth: number; readonly columns: number },
  panels: Pointer,
  y: Pointer,
): void {
  const wide = wholeStrips(columns);
  const [inputs, outputs] = [heap.scratch(rows), heap.scratch(rows)];
  kernels.fillGrid(inputs, 1, 1, rows, 0, 0, 4 * depth);
  kernels.fillGrid(outputs, 1, 1, rows, 0, 0, 4 * wide);
  const room = wide === columns ? y : heap.scratch(rows * wide);
  kernels.multiply(a, inputs, rows, 1, depth, 4 * depth, panels, columns, room, outputs);
  if (wide !== columns) kernels.copyRows(room, 4 * wide, y, 4 * columns, 0, 4 * columns, rows, 1);
}
