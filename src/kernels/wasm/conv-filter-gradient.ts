import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { beginOf, type Chunk } from './chunk.ts';
import { FramedImages, type FrameNumbers, imagesPerGroup, sizesOfImages } from './framed-images.ts';
import { type Heap, wholeStrips } from './heap.ts';
import type { Pointer } from './module.ts';
import type { ThreadTeam } from './team.ts';

/** Pixels whose gradients are packed at a time: with eight columns each they stay in the first-level cache. */
const BLOCK_PIXELS = 128;

/** So many numbers of blocks are kept until they are added up: more would not stay in a cache. */
const KEPT = 2 ** 19;

/** A filter gradient as numbers, as a loop gets it; `panels` and `gathered` are rooms for each thread. */
type GradientNumbers = readonly [
  images: number,
  pixels: number,
  k: number,
  filters: number,
  gradients: Pointer,
  inputs: Pointer,
  panels: Pointer,
  gathered: Pointer,
  ...frame: FrameNumbers,
];

/** A filter gradient W [k * k * C, F] as a sum over blocks of pixels, each within a group of images. */
class GradientBlocks {
  readonly #numbers: GradientNumbers;
  readonly #framed: FramedImages;
  /** Rows of W. */
  readonly depth: number;
  /** Columns of W, in whole strips. */
  readonly wide: number;
  readonly groups: number;

  constructor(numbers: GradientNumbers) {
    const [images, , k, filters, , , , , ...frame] = numbers;
    this.#numbers = numbers;
    this.#framed = new FramedImages(frame);
    this.depth = k * k * this.#framed.channels;
    this.wide = wholeStrips(filters);
    this.groups = Math.ceil(images / this.#framed.group);
  }

  /** Numbers of W. */
  get length(): number {
    return this.depth * this.wide;
  }

  /** How many blocks the first groups have. */
  before(groups: number): number {
    const [images, pixels] = this.#numbers;
    const { group } = this.#framed;
    const whole = Math.min(groups, Math.floor(images / group));
    const rest = Math.min(images, groups * group) - whole * group;
    return whole * Math.ceil((group * pixels) / BLOCK_PIXELS) + Math.ceil((rest * pixels) / BLOCK_PIXELS);
  }

  /** Adds rows `from` to `to` of a group's blocks to W; the second block's to a W that lies `step` bytes behind, and so on. */
  add(chunk: Chunk, group: number, [from, to]: readonly [number, number], w: Pointer, step = 0): void {
    const { kernels, lane } = chunk;
    const [images, pixels, k, filters, gradients, inputs, panels, gathered] = this.#numbers;
    const { channels, rowBytes, group: most } = this.#framed;
    const block = Math.min(most * pixels, BLOCK_PIXELS);
    const [strips, scratch] = [panels + 4 * lane * block * this.wide, gathered + 16 * lane * block];
    const first = group * most;
    const count = Math.min(most, images - first);
    const dy = gradients + 4 * first * pixels * filters;
    const a = this.#framed.at(chunk, first, count);
    for (let at = 0, target = w; at < count * pixels; at += block, target += step) {
      const part = Math.min(block, count * pixels - at);
      kernels.packColumns(dy + 4 * at * filters, 4 * filters, part, filters, strips);
      const [rows, run] = [inputs + 4 * at, k * channels];
      kernels.multiplyTransposed(a, rows, part, k, run, rowBytes, strips, filters, target, scratch, from, to);
    }
  }
}

/**
 * FaceConv2DFilterGrad: the rows of x under the kernel, transposed, times dy, summed over blocks of pixels in their order.
 * Threads share out the groups of images, or the weights where the sums of all blocks are too many numbers.
 */
export function filterGradient(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const { kernels } = team;
  const stride = numberOf(call, 'stride');
  const pad = numberOf(call, 'pad');
  const k = numberOf(call, 'kernelSize');
  const x = sizesOfImages(inputOf(call, 'x').shape);
  const { rows, columns, channels: filters } = sizesOfImages(inputOf(call, 'dy').shape);
  const wide = wholeStrips(filters);
  const output = heap.output([k, k, x.channels, filters]);
  const group = imagesPerGroup(x.images, rows * columns);
  const pixels = group * rows * columns;

  const framed = FramedImages.make(team, heap, heap.input('x'), x, [pad, pad], group);
  const block = Math.min(pixels, BLOCK_PIXELS);
  const inputs = heap.scratch(pixels);
  const [panels, gathered] = [heap.scratch(team.lanes * block * wide), heap.scratch(team.lanes * 4 * block)];
  framed.positions(team, inputs, rows, columns, stride);
  const sizes = [x.images, rows * columns, k, filters] as const;
  const numbers = [...sizes, heap.input('dy'), inputs, panels, gathered, ...framed.numbers] as const;
  const { depth, length, groups } = new GradientBlocks(numbers);
  const w = wide === filters ? heap.at(output) : heap.scratch(length);
  kernels.clear(w, 4 * length);
  // Numbers of a block that every thread would frame and pack, against those of the sums, which threads share out.
  const packed = block * (wide + x.channels * stride ** 2);
  if (team.size > 1 && fillsThreads(groups, team.size) && length <= team.size * packed) {
    shareGroups(team, heap, w, numbers);
  } else {
    const shares = Math.min(team.size, Math.ceil(depth / 4));
    team.run(gatherFilters, [w, shares, ...numbers], shares);
  }
  if (wide !== filters) kernels.copyRows(w, 4 * wide, heap.at(output), 4 * filters, 0, 4 * filters, depth, 1);
  return output;
}

/** Whether so many groups keep all threads busy, nearly to the end. */
function fillsThreads(groups: number, threads: number): boolean {
  return Math.ceil(groups / threads) * threads <= 1.25 * groups;
}

/** One share of the weights' rows, four by four: the pixels of all images, in their order. */
export function gatherFilters(chunk: Chunk, w: Pointer, shares: number, ...numbers: GradientNumbers): void {
  const blocks = new GradientBlocks(numbers);
  const fours = Math.ceil(blocks.depth / 4);
  const from = 4 * beginOf(chunk.index, shares, fours);
  const to = Math.min(blocks.depth, 4 * beginOf(chunk.index + 1, shares, fours));
  for (let group = 0; group < blocks.groups; group++) {
    blocks.add(group === 0 ? chunk : { ...chunk, first: false }, group, [from, to], w);
  }
}

/**
 * A stretch of groups after the other. The first groups of a stretch are added to W where it is; the blocks of the others
 * are kept, then added in their order. So every sum is that of one thread.
 */
function shareGroups(team: ThreadTeam, heap: Heap, w: Pointer, numbers: GradientNumbers): void {
  const { size } = team;
  const blocks = new GradientBlocks(numbers);
  const { groups, length } = blocks;
  const most = Math.max(size - 1, Math.floor(KEPT / length / blocks.before(1)));
  const stretches = Math.ceil(groups / (most + Math.ceil(most / (size - 1))));
  const longest = Math.ceil(groups / stretches);
  const direct = (count: number) => Math.ceil(count / size);
  const kept = heap.scratch((longest - direct(longest)) * blocks.before(1) * length);
  for (let first = 0; first < groups; first += longest) {
    const count = Math.min(longest, groups - first);
    const behind = first + direct(count);
    team.run(sumGroups, [w, kept, first, behind, ...numbers], 1 + first + count - behind);
    const between = blocks.before(first + count) - blocks.before(behind);
    team.run(joinBlocks, [w, kept, length, between, size], size);
  }
}

/** Chunk 0: groups from `first` up to `behind`, added to W. Each other chunk: the blocks of one group from `behind` on, kept. */
export function sumGroups(
  chunk: Chunk,
  w: Pointer,
  kept: Pointer,
  first: number,
  behind: number,
  ...numbers: GradientNumbers
): void {
  const blocks = new GradientBlocks(numbers);
  const { depth, length } = blocks;
  if (chunk.index === 0) {
    for (let group = first; group < behind; group++) {
      blocks.add(group === first ? chunk : { ...chunk, first: false }, group, [0, depth], w);
    }
    return;
  }
  const group = behind + chunk.index - 1;
  const [from, to] = [blocks.before(group), blocks.before(group + 1)];
  const room = kept + 4 * (from - blocks.before(behind)) * length;
  chunk.kernels.clear(room, 4 * (to - from) * length);
  blocks.add(chunk, group, [0, depth], room, 4 * length);
}

/** One share of the weights: adds the kept blocks in their order. */
export function joinBlocks(
  { kernels, index }: Chunk,
  w: Pointer,
  kept: Pointer,
  length: number,
  blocks: number,
  shares: number,
): void {
  const [from, to] = [4 * beginOf(index, shares, length / 4), 4 * beginOf(index + 1, shares, length / 4)];
  const target = w + 4 * from;
  for (let block = 0; block < blocks; block++) {
    kernels.scaledSum(target, 1, kept + 4 * (block * length + from), 1, to - from, target);
  }
}
