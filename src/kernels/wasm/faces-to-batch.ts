import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelCall, numbersOf } from '../kernel-call.ts';
import { beginOf, type Chunk } from './chunk.ts';
import type { Heap } from './heap.ts';
import type { Pointer } from './module.ts';
import type { ThreadTeam } from './team.ts';

/** FacesToBatch. The packed numbers are little-endian on the heap too, so their bytes are the faces' own. */
export function facesToBatch(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const shape = numbersOf(call, 'shape');
  const [images = 0, rows = 0, columns = 0, channels = 0] = shape;
  const batch = heap.output(shape);
  const [packed, placement] = [heap.input('packed'), heap.input('placement')];
  const shares = Math.min(images, team.size);
  team.run(decodeImages, [packed, placement, images, rows, columns, channels, heap.at(batch), shares], shares);
  return batch;
}

/** One share of the images. */
export function decodeImages(
  { kernels, index }: Chunk,
  packed: Pointer,
  placement: Pointer,
  images: number,
  rows: number,
  columns: number,
  channels: number,
  batch: Pointer,
  shares: number,
): void {
  const [from, to] = [beginOf(index, shares, images), beginOf(index + 1, shares, images)];
  const offset = from * rows * columns * channels;
  kernels.decodeFaces(packed + offset, placement + 12 * from, to - from, rows, columns, channels, batch + 4 * offset);
}
