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
 * Reads a bitmap of 1, 4, 8, 24 or 32 bits without compression, as nearly all are. The caller checks the size by the
 * header first.
 * https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 * @throws FormatProblem
 */
export function readBmp(bytes: Uint8Array): Raster {
  const header = readBmpHeader(bytes);
  if (header === undefined) throw new FormatProblem('wrong-format', 'This is no bitmap.', 'Write the image again.');
  const { width, height, bits, compression, pixelsAt } = header;
  // Bit fields (3) of 32 bits are written in the usual order by all that write them.
  const plain = compression === 0 || (compression === 3 && bits === 32);
  if (!plain || ![1, 4, 8, 24, 32].includes(bits)) {
    throw new FormatProblem(
      'unsupported',
      `A bitmap of ${bits} bits with compression ${compression} is not read.`,
      'Save it as PNG.',
    );
  }
  const row = 4 * Math.ceil((width * bits) / 32);
  if (pixelsAt + row * height > bytes.length) {
    throw new FormatProblem('truncated', 'The bitmap ends before its last row.', 'Copy the file again.');
  }
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = bytes.subarray(pixelsAt + row * (header.downwards ? y : height - 1 - y));
    const to = pixels.subarray(y * width * 3, (y + 1) * width * 3);
    if (bits <= 8) indexedRow(from, to, header, bytes);
    else colourRow(from, to, bits / 8);
  }
  return { width, height, pixels };
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
