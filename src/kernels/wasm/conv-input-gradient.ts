import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { FramedImages, imagesPerGroup, sizesOfImages } from './framed-images.ts';
import { type Heap, sizeOf, wholeStrips } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';

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
  const x = sizesOfImages(shape);
  const dy = sizesOfImages(inputOf(call, 'dy').shape);
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
