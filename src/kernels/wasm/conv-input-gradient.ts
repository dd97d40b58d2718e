import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import type { Chunk } from './chunk.ts';
import { FramedImages, type FrameNumbers, imagesPerShare, sizesOfImages } from './framed-images.ts';
import { type Heap, sizeOf, wholeStrips } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';
import type { ThreadTeam } from './team.ts';

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
 * convolution of dy with those taps of the kernel that reach them. No inserted zeros are walked. Threads share out the
 * groups of images.
 */
export function inputGradient(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const { kernels } = team;
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
  const group = imagesPerShare(team, x.images, dy.rows * dy.columns);
  const framed = FramedImages.make(team, heap, heap.input('dy'), dy, [before, after], group);

  const parts = byRow.flatMap((down, rowParity) =>
    byColumn.flatMap((right, columnParity) => {
      const pixels = group * down.pixels * right.pixels;
      if (down.count * right.count === 0 || pixels === 0) return [];
      const [inputs, outputs] = [heap.scratch(pixels), heap.scratch(pixels)];
      framed.positions(team, inputs, down.pixels, right.pixels, 1);
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
      return [[down.pixels * right.pixels, down.count, right.count, inputs, outputs, panels, source, target]];
    }),
  );

  const imageLength = x.rows * x.columns;
  const rooms = wide === x.channels ? 0 : heap.scratch(team.lanes * group * imageLength * wide);
  const whole = parts.length === stride * stride;
  if (!whole && rooms === 0) kernels.clear(heap.at(output), 4 * sizeOf(shape));
  team.run(
    convolveGradientGroup,
    [x.images, imageLength, x.channels, heap.at(output), rooms, whole ? 1 : 0, ...framed.numbers, ...parts.flat()],
    Math.ceil(x.images / group),
  );
  return output;
}

/** Numbers that describe the pixels of one parity. */
const PART = 8;

/** One group of images, parity by parity. */
export function convolveGradientGroup(
  chunk: Chunk,
  images: number,
  imageLength: number,
  channels: number,
  output: Pointer,
  rooms: Pointer,
  whole: number,
  ...rest: [...frame: FrameNumbers, ...parts: number[]]
): void {
  const [gradients, rows, columns, filters, before, after, group, frames, ...parts] = rest;
  const { kernels } = chunk;
  const framed = new FramedImages([gradients, rows, columns, filters, before, after, group, frames]);
  const wide = wholeStrips(channels);
  const first = chunk.index * group;
  const count = Math.min(group, images - first);
  const dx = output + 4 * first * imageLength * channels;
  const roomBytes = 4 * group * imageLength * wide;
  const room = rooms === 0 ? 0 : rooms + chunk.lane * roomBytes;
  // Pixels that no tap reaches stay zero.
  if (room !== 0 && whole === 0 && chunk.first) kernels.clear(room, roomBytes);
  const a = framed.at(chunk, first, count);
  for (let part = 0; part < parts.length; part += PART) {
    const [pixels = 0, down = 0, right = 0, inputs = 0, outputs = 0, panels = 0, source = 0, target = 0] = parts.slice(
      part,
      part + PART,
    );
    kernels.multiply(
      a + source,
      inputs,
      count * pixels,
      down,
      right * filters,
      framed.rowBytes,
      panels,
      channels,
      (room || dx) + target,
      outputs,
    );
  }
  if (room !== 0) kernels.copyRows(room, 4 * wide, dx, 4 * channels, 0, 4 * channels, count * imageLength, 1);
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
