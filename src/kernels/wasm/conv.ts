import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { FramedImages, imagesPerGroup, sizesOfImages } from './framed-images.ts';
import { type Heap, wholeStrips } from './heap.ts';
import type { WasmKernels } from './module.ts';

/*
 * Convolutions as multiplications with scattered rows, without im2col: the images get a frame of zeros, in groups that
 * stay in the cache, and the pixels under one row of a kernel are then one stretch of k * C numbers.
 */

/** Pixels whose gradients are packed at a time: with eight columns each they stay in the first-level cache. */
const BLOCK_PIXELS = 128;

/** FaceConv2D. */
export function convolution(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const x = sizesOfImages(inputOf(call, 'x').shape);
  const [k = 1, , , filters = 0] = inputOf(call, 'w').shape;
  const rows = Math.floor((x.rows + 2 * pad - k) / stride) + 1;
  const columns = Math.floor((x.columns + 2 * pad - k) / stride) + 1;
  const wide = wholeStrips(filters);
  const output = heap.output([x.images, rows, columns, filters]);
  const group = imagesPerGroup(x.images, rows * columns);
  const pixels = group * rows * columns;

  const depth = k * k * x.channels;
  const panels = heap.scratch(depth * wide);
  kernels.packColumns(heap.input('w'), 4 * filters, depth, filters, panels);
  const framed = new FramedImages(kernels, heap, heap.input('x'), x, pad, pad, group);
  const [inputs, outputs] = [heap.scratch(pixels), heap.scratch(pixels)];
  framed.positions(inputs, group, rows, columns, stride);
  kernels.fillGrid(outputs, 1, 1, pixels, 0, 0, 4 * wide);

  const target = heap.at(output);
  const room = wide === filters ? 0 : heap.scratch(pixels * wide);
  for (let first = 0; first < x.images; first += group) {
    const count = Math.min(group, x.images - first);
    const own = count * rows * columns;
    const y = target + 4 * first * rows * columns * filters;
    const a = framed.at(first, count);
    kernels.multiply(a, inputs, own, k, k * x.channels, framed.rowBytes, panels, filters, room || y, outputs);
    if (room !== 0) kernels.copyRows(room, 4 * wide, y, 4 * filters, 0, 4 * filters, own, 1);
  }
  return output;
}

/** FaceConv2DFilterGrad: the same rows, transposed, times dy, summed over the groups in order. */
export function filterGradient(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const k = numberOf(call, 'kernelSize');
  const x = sizesOfImages(inputOf(call, 'x').shape);
  const { rows, columns, channels: filters } = sizesOfImages(inputOf(call, 'dy').shape);
  const wide = wholeStrips(filters);
  const output = heap.output([k, k, x.channels, filters]);
  const group = imagesPerGroup(x.images, rows * columns);
  const pixels = group * rows * columns;

  const depth = k * k * x.channels;
  const framed = new FramedImages(kernels, heap, heap.input('x'), x, pad, pad, group);
  const block = Math.min(pixels, BLOCK_PIXELS);
  const [inputs, panels, gathered] = [heap.scratch(pixels), heap.scratch(block * wide), heap.scratch(4 * block)];
  framed.positions(inputs, group, rows, columns, stride);
  const w = wide === filters ? heap.at(output) : heap.scratch(depth * wide);
  kernels.clear(w, 4 * depth * wide);
  for (let first = 0; first < x.images; first += group) {
    const count = Math.min(group, x.images - first);
    const own = count * rows * columns;
    const dy = heap.input('dy') + 4 * first * rows * columns * filters;
    const a = framed.at(first, count);
    for (let from = 0; from < own; from += block) {
      const part = Math.min(block, own - from);
      kernels.packColumns(dy + 4 * from * filters, 4 * filters, part, filters, panels);
      const at = inputs + 4 * from;
      const run = k * x.channels;
      kernels.multiplyTransposed(a, at, part, k, run, framed.rowBytes, panels, filters, w, gathered);
    }
  }
  if (wide !== filters) kernels.copyRows(w, 4 * wide, heap.at(output), 4 * filters, 0, 4 * filters, depth, 1);
  return output;
}
