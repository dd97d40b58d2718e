import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { type Heap, sizeOf, wholeStrips } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';

/*
 * Convolutions as multiplications with scattered rows, without im2col: the images get a frame of zeros, in groups that
 * stay in the cache, and the pixels under one row of a kernel are then one stretch of k * C numbers.
 */

/** Output pixels that a group of images is to have at least: enough to use the packed weights often. */
const GROUP_PIXELS = 256;

/** Pixels whose gradients are packed at a time: with eight columns each they stay in the first-level cache. */
const BLOCK_PIXELS = 128;

interface Size {
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

function sizeOfImages(shape: readonly number[]): Size {
  const [images = 0, rows = 0, columns = 0, channels = 0] = shape;
  return { images, rows, columns, channels };
}

/** Images with `before` and `after` rows and columns of zeros around them, a group of images at a time. */
class FramedImages {
  readonly rows: number;
  readonly columns: number;
  readonly #kernels: WasmKernels;
  readonly #source: Pointer;
  readonly #size: Size;
  readonly #before: number;
  /** 0 where there is no frame: the images are then read where they are. */
  readonly #room: Pointer;

  constructor(
    kernels: WasmKernels,
    heap: Heap,
    source: Pointer,
    size: Size,
    before: number,
    after: number,
    group: number,
  ) {
    this.#kernels = kernels;
    this.#source = source;
    this.#size = size;
    this.#before = before;
    this.rows = size.rows + before + after;
    this.columns = size.columns + before + after;
    if (before + after === 0) {
      this.#room = 0;
    } else {
      const length = group * this.rows * this.columns * size.channels;
      this.#room = heap.scratch(length);
      kernels.clear(this.#room, 4 * length);
    }
  }

  get rowBytes(): number {
    return 4 * this.columns * this.#size.channels;
  }

  /** Where the framed images from number `first` on lie; the frame itself stays as it is from group to group. */
  at(first: number, count: number): Pointer {
    const { rows, columns, channels } = this.#size;
    const own = 4 * columns * channels;
    const source = this.#source + first * rows * own;
    if (this.#room === 0) return source;
    const inside = this.#room + this.#before * (this.rowBytes + 4 * channels);
    this.#kernels.copyRows(source, own, inside, this.rowBytes, this.rows * this.rowBytes, own, rows, count);
    return this.#room;
  }

  /** Offsets of the first pixel under the kernel, for every position of a grid in each image of a group. */
  positions(table: Pointer, group: number, rows: number, columns: number, stride: number): void {
    const pixel = 4 * this.#size.channels;
    this.#kernels.fillGrid(
      table,
      group,
      rows,
      columns,
      this.rows * this.rowBytes,
      stride * this.rowBytes,
      stride * pixel,
    );
  }
}

function imagesPerGroup(images: number, pixels: number): number {
  return Math.min(images, Math.max(1, Math.ceil(GROUP_PIXELS / pixels)));
}

/** FaceConv2D. */
export function convolution(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const x = sizeOfImages(inputOf(call, 'x').shape);
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
  const x = sizeOfImages(inputOf(call, 'x').shape);
  const { rows, columns, channels: filters } = sizeOfImages(inputOf(call, 'dy').shape);
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

/** The taps of a kernel's row (or column) that reach the input pixels of one parity. */
interface Taps {
  /** The taps' number; they are `last`, `last - stride`, ... where the gradient's pixels are walked upwards. */
  readonly count: number;
  readonly last: number;
  /** For the parity's pixel 0, the first of its gradient pixels, which may lie before the image. */
  readonly from: number;
  /** The parity's pixels in the input. */
  readonly pixels: number;
}

/** Input pixel stride * i + parity gets dy at (stride * i + parity + pad - tap) / stride, where that is whole. */
function tapsOf(parity: number, stride: number, pad: number, k: number, size: number): Taps {
  const first = (parity + pad) % stride;
  const count = first < k ? Math.floor((k - 1 - first) / stride) + 1 : 0;
  const from = (parity + pad - first) / stride - (count - 1);
  return { count, last: first + (count - 1) * stride, from, pixels: Math.ceil((size - parity) / stride) };
}

/**
 * FaceConv2DInputGrad: for each parity of the input's pixels (one where the stride is 1, four where it is 2), a
 * convolution of dy with those taps of the kernel that reach them. No inserted zeros are walked.
 */
export function inputGradient(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const shape = numbersOf(call, 'inputShape');
  const x = sizeOfImages(shape);
  const dy = sizeOfImages(inputOf(call, 'dy').shape);
  const [k = 1] = inputOf(call, 'w').shape;
  const wide = wholeStrips(x.channels);
  const output = heap.output(shape);
  const parities = Array.from({ length: stride }, (_, parity) => parity);
  const byRow = parities.map((parity) => tapsOf(parity, stride, pad, k, x.rows));
  const byColumn = parities.map((parity) => tapsOf(parity, stride, pad, k, x.columns));

  const all = [
    ...byRow.map((taps) => [taps, dy.rows] as const),
    ...byColumn.map((taps) => [taps, dy.columns] as const),
  ];
  const reaching = all.filter(([{ count }]) => count > 0);
  const before = Math.max(0, ...reaching.map(([{ from }]) => -from));
  const after = Math.max(0, ...reaching.map(([{ from, pixels, count }, size]) => from + pixels + count - 1 - size));
  const group = imagesPerGroup(x.images, dy.rows * dy.columns);
  const framed = new FramedImages(kernels, heap, heap.input('dy'), dy, before, after, group);

  const parts = byRow.flatMap((down, rowParity) =>
    byColumn.flatMap((right, columnParity) => {
      const pixels = group * down.pixels * right.pixels;
      if (down.count * right.count === 0 || pixels === 0) return [];
      const [inputs, outputs] = [heap.scratch(pixels), heap.scratch(pixels)];
      framed.positions(inputs, group, down.pixels, right.pixels, 1);
      const pixel = 4 * wide;
      const line = x.columns * pixel;
      kernels.fillGrid(outputs, group, down.pixels, right.pixels, x.rows * line, stride * line, stride * pixel);
      const panels = heap.scratch(down.count * right.count * dy.channels * wide);
      packTaps(
        kernels,
        heap.input('w'),
        { k, channels: x.channels, filters: dy.channels, stride },
        down,
        right,
        panels,
      );
      const source = (before + down.from) * framed.rowBytes + 4 * (before + right.from) * dy.channels;
      const target = rowParity * line + columnParity * pixel;
      return [{ down, right, inputs, outputs, panels, source, target }];
    }),
  );

  const imageLength = x.rows * x.columns;
  const room = wide === x.channels ? 0 : heap.scratch(group * imageLength * wide);
  const whole = parts.length === stride * stride;
  if (!whole && room === 0) kernels.clear(heap.at(output), 4 * sizeOf(shape));
  if (!whole && room !== 0) kernels.clear(room, 4 * group * imageLength * wide);
  for (let first = 0; first < x.images; first += group) {
    const count = Math.min(group, x.images - first);
    const dx = heap.at(output) + 4 * first * imageLength * x.channels;
    const a = framed.at(first, count);
    for (const { down, right, inputs, outputs, panels, source, target } of parts) {
      kernels.multiply(
        a + source,
        inputs,
        count * down.pixels * right.pixels,
        down.count,
        right.count * dy.channels,
        framed.rowBytes,
        panels,
        x.channels,
        (room || dx) + target,
        outputs,
      );
    }
    if (room !== 0) kernels.copyRows(room, 4 * wide, dx, 4 * x.channels, 0, 4 * x.channels, count * imageLength, 1);
  }
  return output;
}

/** Weights [k,k,C,F] in panels whose depth is taps * F and whose columns are C, the taps turned round. */
function packTaps(
  kernels: WasmKernels,
  w: Pointer,
  { k, channels, filters, stride }: { k: number; channels: number; filters: number; stride: number },
  down: Taps,
  right: Taps,
  panels: Pointer,
): void {
  let strip = panels;
  for (let channel = 0; channel < channels; channel += 8) {
    for (let row = 0; row < down.count; row++) {
      for (let column = 0; column < right.count; column++) {
        const tap = (down.last - row * stride) * k + (right.last - column * stride);
        const source = w + 4 * (tap * channels + channel) * filters;
        kernels.packStrip(source, 4 * filters, Math.min(8, channels - channel), filters, strip);
        strip += 32 * filters;
      }
    }
  }
}
