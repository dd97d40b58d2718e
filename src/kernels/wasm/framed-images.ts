import type { Chunk } from './chunk.ts';
import type { Heap } from './heap.ts';
import type { Pointer } from './module.ts';
import type { ThreadTeam } from './team.ts';

/** Output pixels that a group of images is to have at least: enough to use the packed weights often. */
const GROUP_PIXELS = 256;

/** Sizes of a tensor [N,H,W,C]. */
export interface ImageSizes {
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** Its sizes by name. */
export function sizesOfImages(shape: readonly number[]): ImageSizes {
  const [images = 0, rows = 0, columns = 0, channels = 0] = shape;
  return { images, rows, columns, channels };
}

/** A frame as numbers, as a loop gets it. */
export type FrameNumbers = readonly [
  source: Pointer,
  rows: number,
  columns: number,
  channels: number,
  before: number,
  after: number,
  group: number,
  rooms: Pointer,
];

/** Images with `before` and `after` rows and columns of zeros around them, a group of images at a time. */
export class FramedImages {
  readonly numbers: FrameNumbers;
  readonly channels: number;
  /** Images of a group. */
  readonly group: number;
  /** With the frame. */
  readonly rows: number;
  readonly columns: number;

  constructor(numbers: FrameNumbers) {
    const [, rows, columns, channels, before, after, group] = numbers;
    this.numbers = numbers;
    this.channels = channels;
    this.group = group;
    this.rows = rows + before + after;
    this.columns = columns + before + after;
  }

  /** With a room on the heap for each thread of the team; none where there is no frame: images are read where they are. */
  static make(
    team: ThreadTeam,
    heap: Heap,
    source: Pointer,
    { rows, columns, channels }: ImageSizes,
    [before, after]: readonly [number, number],
    group: number,
  ): FramedImages {
    const sizes = [source, rows, columns, channels, before, after, group] as const;
    if (before + after === 0) return new FramedImages([...sizes, 0]);
    const { roomBytes } = new FramedImages([...sizes, 0]);
    return new FramedImages([...sizes, heap.scratch((team.lanes * roomBytes) / 4)]);
  }

  get rowBytes(): number {
    return 4 * this.columns * this.channels;
  }

  get roomBytes(): number {
    return this.group * this.rows * this.rowBytes;
  }

  /** Where the framed images from number `first` on lie; the frame itself stays as it is from group to group. */
  at({ kernels, lane, first: fresh }: Chunk, first: number, count: number): Pointer {
    const { channels } = this;
    const [images, rows, columns, , before, , , rooms] = this.numbers;
    const own = 4 * columns * channels;
    const source = images + first * rows * own;
    if (rooms === 0) return source;
    const room = rooms + lane * this.roomBytes;
    if (fresh) kernels.clear(room, this.roomBytes);
    const inside = room + before * (this.rowBytes + 4 * channels);
    kernels.copyRows(source, own, inside, this.rowBytes, this.rows * this.rowBytes, own, rows, count);
    return room;
  }

  /** Offsets of the first pixel under the kernel, for every position of a grid in each image of a group. */
  positions({ kernels }: ThreadTeam, table: Pointer, rows: number, columns: number, stride: number): void {
    kernels.fillGrid(
      table,
      this.group,
      rows,
      columns,
      this.rows * this.rowBytes,
      stride * this.rowBytes,
      stride * 4 * this.channels,
    );
  }
}

/** How many images make a group where each has this many output pixels. */
export function imagesPerGroup(images: number, pixels: number): number {
  return Math.min(images, Math.max(1, Math.ceil(GROUP_PIXELS / pixels)));
}

/** The same, but small enough that each thread gets a group; for loops whose outputs do not depend on the groups. */
export function imagesPerShare(team: ThreadTeam, images: number, pixels: number): number {
  return Math.min(imagesPerGroup(images, pixels), Math.ceil(images / team.size));
}
