import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import type { Chunk } from './chunk.ts';
import { FramedImages, type FrameNumbers, imagesPerShare, sizesOfImages } from './framed-images.ts';
import { type Heap, wholeStrips } from './heap.ts';
import type { Pointer } from './module.ts';
import type { ThreadTeam } from './team.ts';

/*
 * Convolutions as multiplications with scattered rows, without im2col: the images get a frame of zeros, in groups that
 * stay in the cache, and the pixels under one row of a kernel are then one stretch of k * C numbers.
 */

/** FaceConv2D: threads share out the groups of images. */
export function convolution(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const { kernels } = team;
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const x = sizesOfImages(inputOf(call, 'x').shape);
  const [k = 1, , , filters = 0] = inputOf(call, 'w').shape;
  const rows = Math.floor((x.rows + 2 * pad - k) / stride) + 1;
  const columns = Math.floor((x.columns + 2 * pad - k) / stride) + 1;
  const wide = wholeStrips(filters);
  const output = heap.output([x.images, rows, columns, filters]);
  const group = imagesPerShare(team, x.images, rows * columns);
  const pixels = group * rows * columns;

  const depth = k * k * x.channels;
  const panels = heap.scratch(depth * wide);
  kernels.packColumns(heap.input('w'), 4 * filters, depth, filters, panels);
  const framed = FramedImages.make(team, heap, heap.input('x'), x, [pad, pad], group);
  const [inputs, outputs] = [heap.scratch(pixels), heap.scratch(pixels)];
  framed.positions(team, inputs, rows, columns, stride);
  kernels.fillGrid(outputs, 1, 1, pixels, 0, 0, 4 * wide);
  const rooms = wide === filters ? 0 : heap.scratch(team.lanes * pixels * wide);
  team.run(
    convolveGroup,
    [x.images, rows * columns, k, filters, inputs, outputs, panels, heap.at(output), rooms, ...framed.numbers],
    Math.ceil(x.images / group),
  );
  return output;
}

/** One group of images; its pixels are rows of their own, so the groups do not change the numbers. */
export function convolveGroup(
  chunk: Chunk,
  images: number,
  pixels: number,
  k: number,
  filters: number,
  inputs: Pointer,
  outputs: Pointer,
  panels: Pointer,
  output: Pointer,
  rooms: Pointer,
  ...frame: FrameNumbers
): void {
  const { kernels } = chunk;
  const framed = new FramedImages(frame);
  const { channels, group } = framed;
  const wide = wholeStrips(filters);
  const first = chunk.index * group;
  const count = Math.min(group, images - first);
  const y = output + 4 * first * pixels * filters;
  const room = rooms === 0 ? 0 : rooms + 4 * chunk.lane * group * pixels * wide;
  const a = framed.at(chunk, first, count);
  kernels.multiply(a, inputs, count * pixels, k, k * channels, framed.rowBytes, panels, filters, room || y, outputs);
  if (room !== 0) kernels.copyRows(room, 4 * wide, y, 4 * filters, 0, 4 * filters, count * pixels, 1);
}
