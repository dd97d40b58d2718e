import { FormatProblem } from './problem.ts';

/** An image as its pixels, RGB [height, width, 3]. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Rows begin at the top; else, as is usual, at the bottom. */
  readonly downwards: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the colour table and the pixels begin, in bytes. */
  readonly tableAt: number;
  readonly pixelsAt: number;
  readonly colours: number;
  /** Bytes of an entry of the colour table. */
  readonly entry: 3 | 4;
}

const HEADER_BYTES = 26;

/** Whether the bytes begin like a Windows or OS/2 bitmap. */
export function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  const size = viewOf(bytes).getUint32(14, true);
  return size === 12 || (size >= 40 && size <= 124);
}

/** The header alone; undefined where it is none. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader | undefined {
  if (!isBmp(bytes)) return undefined;
  const view = viewOf(bytes);
  const size = view.getUint32(14, true);
  const pixelsAt = view.getUint32(10, true);
  if (size === 12) {
    const bits = view.getUint16(24, true);
    const [width, height] = [view.getUint16(18, true), view.getUint16(20, true)];
    const colours = bits <= 8 ? 2 ** bits : 0;
    return { width, height, downwards: false, bits, compression: 0, tableAt: 26, pixelsAt, colours, entry: 3 };
  }
  if (bytes.length < 54) return undefined;
  const height = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const used = view.getUint32(46, true);
  const colours = bits > 8 ? 0 : used === 0 ? 2 ** bits : Math.min(used, 256);
  return {
    width: Math.max(0, view.getInt32(18, true)),
    height: Math.abs(height),
    downwards: height < 0,
    bits,
    compression,
    tableAt: 14 + size,
    pixelsAt,
    colours,
    entry: 4,
  };
}

/**
 * Reads a bitmap of 1, 4, 8, 16, 24 or 32 bits, as it is or in runs. The caller checks the size by the header first.
 * https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 * @throws FormatProblem
 */
export function readBmp(bytes: Uint8Array): Raster {
  const header = readBmpHeader(bytes);
  if (header === undefined) throw new FormatProblem('wrong-format', 'This is no bitmap.', 'Write the image again.');
  const { height, bits, compression, pixelsAt } = header;
  const inRuns = (compression === 1 && bits === 8) || (compression === 2 && bits === 4);
  const inFields = (compression === 3 || compression === 6) && (bits === 16 || bits === 32);
  if (!(inRuns || inFields || (compression === 0 && [1, 4, 8, 16, 24, 32].includes(bits)))) {
    throw new FormatProblem(
      'unsupported',
      `A bitmap of ${bits} bits with compression ${compression} is not read.`,
      'Save it as PNG.',
    );
  }
  if (inRuns) return rasterOf(unpackRuns(bytes, header), { ...header, bits: 8, pixelsAt: 0 }, bytes);
  if (pixelsAt + rowBytes(header) * height > bytes.length) throw truncated();
  return rasterOf(bytes, header, bytes);
}

function rowBytes({ width, bits }: Pick<BmpHeader, 'width' | 'bits'>): number {
  return 4 * Math.ceil((width * bits) / 32);
}

/** The pixels of `rows`, with the colour table and the masks of `file`. */
function rasterOf(rows: Uint8Array, header: BmpHeader, file: Uint8Array): Raster {
  const { width, height, bits, compression, pixelsAt } = header;
  const row = rowBytes(header);
  const masks = bits === 16 || compression >= 3 ? masksOf(file, compression) : undefined;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = rows.subarray(pixelsAt + row * (header.downwards ? y : height - 1 - y));
    const to = pixels.subarray(y * width * 3, (y + 1) * width * 3);
    if (masks !== undefined) fieldsRow(from, to, bits, masks);
    else if (bits <= 8) indexedRow(from, to, header, file);
    else colourRow(from, to, bits / 8);
  }
  return { width, height, pixels };
}

/** Where the masks of red, green and blue are, in a header of any length. */
const MASKS_AT = 54;

/** Without masks 16 bits are five a colour. */
function masksOf(file: Uint8Array, compression: number): readonly number[] {
  if (compression < 3) return [0x7c00, 0x03e0, 0x001f];
  if (file.length < MASKS_AT + 12) throw truncated();
  return [0, 4, 8].map((at) => viewOf(file).getUint32(MASKS_AT + at, true));
}

function fieldsRow(from: Uint8Array, to: Uint8Array, bits: number, masks: readonly number[]): void {
  const view = viewOf(from);
  for (let x = 0; 3 * x < to.length; x++) {
    const value = bits === 16 ? view.getUint16(2 * x, true) : view.getUint32(4 * x, true);
    for (const [channel, mask] of masks.entries()) {
      // The mask as it is after a shift to the lowest bit is the largest value.
      const lowest = mask & -mask;
      const most = mask >>> 0 === 0 ? 1 : (mask >>> 0) / (lowest >>> 0);
      to[3 * x + channel] = Math.round((255 * ((value & mask) >>> 0)) / (lowest >>> 0 || 1) / most);
    }
  }
}

/** Colour indices, a byte each, of runs of 8 or 4 bits; rows are filled up to four bytes. */
function unpackRuns(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, bits, pixelsAt } = header;
  const row = rowBytes({ width, bits: 8 });
  const indices = new Uint8Array(row * height);
  let [x, y] = [0, 0];
  const put = (pair: number, place: number) => {
    if (x < width && y < height) indices[row * y + x] = bits === 8 ? pair : place % 2 === 0 ? pair >> 4 : pair & 15;
    x++;
  };
  for (let at = pixelsAt; ; ) {
    if (at + 2 > bytes.length) throw truncated();
    const count = bytes[at++] ?? 0;
    const value = bytes[at++] ?? 0;
    if (count > 0) for (let place = 0; place < count; place++) put(value, place);
    else if (value === 1) return indices;
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 2) {
      x += bytes[at++] ?? 0;
      y += bytes[at++] ?? 0;
    } else {
      for (let place = 0; place < value; place++) put(bytes[at + ((place * bits) >> 3)] ?? 0, place);
      at += 2 * Math.ceil((value * bits) / 16);
    }
  }
}

function truncated(): FormatProblem {
  return new FormatProblem('truncated', 'The bitmap ends before its last row.', 'Copy the file again.');
}

/** Blue comes first in the file. */
function colourRow(from: Uint8Array, to: Uint8Array, step: number): void {
  for (let x = 0; 3 * x < to.length; x++) {
    for (let channel = 0; channel < 3; channel++) to[3 * x + channel] = from[step * x + 2 - channel] ?? 0;
  }
}

function indexedRow(from: Uint8Array, to: Uint8Array, { bits, tableAt, entry, colours }: BmpHeader, file: Uint8Array) {
  for (let x = 0; 3 * x < to.length; x++) {
    const bit = x * bits;
    const shift = 8 - bits - (bit & 7);
    const index = ((from[bit >> 3] ?? 0) >> shift) & (2 ** bits - 1);
    const at = tableAt + entry * Math.min(index, colours - 1);
    for (let channel = 0; channel < 3; channel++) to[3 * x + channel] = file[at + 2 - channel] ?? 0;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
