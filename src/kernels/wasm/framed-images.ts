import type { Heap } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';

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

/** Images with `before` and `after` rows and columns of zeros around them, a group of images at a time. */
export class FramedImages {
  readonly rows: number;
  readonly columns: number;
  readonly #kernels: WasmKernels;
  readonly #source: Pointer;
  readonly #size: ImageSizes;
  readonly #before: number;
  /** 0 where there is no frame: the images are then read where they are. */
  readonly #room: Pointer;

  constructor(
    kernels: WasmKernels,
    heap: Heap,
    source: Pointer,
    size: ImageSizes,
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

/** How many images make a group where each has this many output pixels. */
export function imagesPerGroup(images: number, pixels: number): number {
  return Math.min(images, Math.max(1, Math.ceil(GROUP_PIXELS / pixels)));
}
