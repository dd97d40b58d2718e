import type { Raster } from './bmp.ts';
import { inflateAtMost } from './inflate.ts';
import { FormatProblem } from './problem.ts';
import { unpackBits, unpackLzw } from './tiff-packing.ts';
import { upright } from './upright.ts';

/** The first image of a file, as its tags say. */
interface TiffImage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  /** 0 and 1 are grey (0: white is zero), 2 is RGB, 3 has a colour table, 5 is CMYK. */
  readonly colours: number;
  /** The place of the first row and column, 1 to 8: see `upright`. */
  readonly orientation: number;
  readonly samples: number;
  readonly planar: number;
  readonly predictor: number;
  /** Pixels of a strip or tile. */
  readonly block: { readonly width: number; readonly height: number };
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
  readonly table: readonly number[];
  readonly tiled: boolean;
  /** Bytes of a number come lowest first. */
  readonly little: boolean;
}

/** Whether the bytes begin like a TIFF. */
export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return (a === 0x49 && b === 0x49 && c === 42 && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 42);
}

/** Width and height, before it is turned upright; undefined where the list of tags lies beyond the bytes given or says neither. */
export function readTiffSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const tags = isTiff(bytes) ? readTags(bytes) : undefined;
  const [width, height] = [tags?.get(256)?.[0], tags?.get(257)?.[0]];
  return width && height ? { width, height } : undefined;
}

/**
 * Reads the first image of a TIFF, upright: grey, RGB, CMYK or with a colour table, of 1, 4, 8 or 16 bits, in strips or tiles, as
 * they are or packed by PackBits, LZW or Deflate. The size has to be checked by `readTiffSize` first.
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
 * @throws FormatProblem
 */
export function readTiff(bytes: Uint8Array): Raster {
  const image = imageOf(bytes);
  const { width, height, samples, bits, planar, block } = image;
  const row = Math.ceil((width * samples * bits) / 8);
  const packed = new Uint8Array(row * height);
  const planes = planar === 2 ? samples : 1;
  const [across, down] = [Math.ceil(width / block.width), Math.ceil(height / block.height)];
  if (image.offsets.length < across * down * planes) throw truncated();
  let read = 0;
  for (let at = 0; at < across * down * planes; at++) {
    const [left, top] = [(at % across) * block.width, (Math.floor(at / across) % down) * block.height];
    // The last strip has the rows that are left, a tile is always whole.
    const rows = image.tiled ? block.height : Math.min(block.height, height - top);
    const line = Math.ceil((block.width * (samples / planes) * bits) / 8);
    const offset = image.offsets[at] ?? 0;
    const part = bytes.slice(offset, offset + (image.counts[at] ?? 0));
    read += part.length;
    // Each is gone through to its end: many in one place would take hours.
    if (read > bytes.length) throw shared();
    const unpacked = unpack(part, image.compression, line * rows);
    if (unpacked.length < line * rows) throw truncated();
    for (let y = 0; y < rows && top + y < height; y++) {
      const from = unpacked.subarray(y * line, (y + 1) * line);
      if (image.predictor === 2) addNeighbours(from, samples / planes, bits / 8, image.little);
      const to = packed.subarray((top + y) * row, (top + y + 1) * row);
      if (planes === 1) to.set(from.subarray(0, row - (left * samples * bits) / 8), (left * samples * bits) / 8);
      else spread(from, to, { first: left * samples + Math.floor(at / (across * down)), samples, step: bits / 8 });
    }
  }
  return upright({ width, height, pixels: coloured(packed, image, row) }, image.orientation);
}

/** Puts the samples of one plane between those of the others. */
function spread(
  from: Uint8Array,
  to: Uint8Array,
  { first, samples, step }: { readonly first: number; readonly samples: number; readonly step: number },
): void {
  for (let x = 0; x * step < from.length; x++) {
    const at = (first + x * samples) * step;
    if (at + step <= to.length) to.set(from.subarray(x * step, (x + 1) * step), at);
  }
}

function unpack(part: Uint8Array, compression: number, size: number): Uint8Array {
  if (compression === 1) return part;
  if (compression === 32773) return unpackBits(part, size);
  if (compression === 5) return unpackLzw(part, size);
  try {
    // The last strip may hold more rows than are left.
    return inflateAtMost(part, size, 'zlib').bytes;
  } catch {
    throw new FormatProblem('wrong-format', 'A part of the image cannot be unpacked.', 'Save it as PNG.');
  }
}

function coloured(packed: Uint8Array, image: TiffImage, row: number): Uint8Array<ArrayBuffer> {
  const { width, height, samples, bits, colours, table } = image;
  const pixels = new Uint8Array(width * height * 3);
  const entries = table.length / 3;
  // 16 bits are cut to their upper 8.
  const step = bits === 16 ? 2 : 1;
  const upper = bits === 16 && image.little ? 1 : 0;
  const full = bits < 8 ? 2 ** bits - 1 : 255;
  for (let y = 0; y < height; y++) {
    const line = packed.subarray(y * row, (y + 1) * row);
    for (let x = 0; x < width; x++) {
      const to = 3 * (y * width + x);
      if (colours === 2) {
        for (let channel = 0; channel < 3; channel++) {
          pixels[to + channel] = line[(samples * x + channel) * step + upper] ?? 0;
        }
        continue;
      }
      if (colours === 5) {
        const ink = (channel: number) => 255 - (line[(samples * x + channel) * step + upper] ?? 0);
        for (let channel = 0; channel < 3; channel++) pixels[to + channel] = Math.round((ink(channel) * ink(3)) / 255);
        continue;
      }
      const bit = x * samples * bits;
      const value =
        bits < 8 ? ((line[bit >> 3] ?? 0) >> (8 - bits - (bit & 7))) & full : (line[samples * x * step + upper] ?? 0);
      for (let channel = 0; channel < 3; channel++) {
        const grey = (255 * (colours === 0 ? full - value : value)) / full;
        pixels[to + channel] = colours === 3 ? (table[channel * entries + value] ?? 0) >> 8 : Math.round(grey);
      }
    }
  }
  return pixels;
}

/** Undoes the predictor: each sample was stored as its difference from the pixel at the left. */
function addNeighbours(line: Uint8Array, samples: number, step: number, little: boolean): void {
  if (step === 1) {
    for (let at = samples; at < line.length; at++) line[at] = (line[at] ?? 0) + (line[at - samples] ?? 0);
    return;
  }
  const view = new DataView(line.buffer, line.byteOffset, line.byteLength);
  for (let at = 2 * samples; at + 1 < line.length; at += 2) {
    view.setUint16(at, view.getUint16(at, little) + view.getUint16(at - 2 * samples, little), little);
  }
}

function imageOf(bytes: Uint8Array): TiffImage {
  const tags = isTiff(bytes) ? readTags(bytes) : undefined;
  const value = (tag: number, otherwise: number) => tags?.get(tag)?.[0] ?? otherwise;
  const tiled = tags?.has(322) ?? false;
  const image: TiffImage = {
    width: value(256, 0),
    height: value(257, 0),
    bits: value(258, 1),
    compression: value(259, 1),
    colours: value(262, 1),
    orientation: value(274, 1),
    samples: value(277, 1),
    planar: value(284, 1),
    predictor: value(317, 1),
    block: tiled
      ? { width: value(322, 0), height: value(323, 0) }
      : { width: value(256, 0), height: Math.min(value(278, value(257, 0)), value(257, 0)) },
    offsets: tags?.get(tiled ? 324 : 273) ?? [],
    counts: tags?.get(tiled ? 325 : 279) ?? [],
    table: tags?.get(320) ?? [],
    tiled,
    little: bytes[0] === 0x49,
  };
  if (!image.width || !image.height || !image.block.width || !image.block.height) throw truncated();
  const { bits, compression, colours, samples } = image;
  const least = colours === 2 ? 3 : colours === 5 ? 4 : 1;
  const kind = (colours <= 3 || colours === 5) && samples >= least && samples <= 4 && (bits >= 8 || least === 1);
  const packing = [1, 5, 8, 32773, 32946].includes(compression);
  const one = bits >= 8 || (samples === 1 && !tiled);
  // Samples may be numbers of other kinds than whole ones without a sign.
  const whole = (tags?.get(339) ?? []).every((format) => format === 1);
  if (!kind || !packing || !one || !whole || ![1, 4, 8, 16].includes(bits)) {
    throw new FormatProblem(
      'unsupported',
      `A TIFF of ${samples} × ${bits} bits with colours of kind ${colours} and compression ${compression}${tiled ? ' in tiles' : ''} is not read.`,
      'Save it as PNG.',
    );
  }
  // A tile of a few pixels may not claim the memory of a large image.
  if (image.block.width * image.block.height > 4 * (image.width + 512) * (image.height + 512)) throw truncated();
  return image;
}

/** Bytes of a value of each type: BYTE, ASCII, SHORT, LONG. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4 };

/** The tags that are read here; of others there may be thousands, each of millions of numbers in one place. */
const READ_TAGS = new Set([256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 339]);
/** Numbers of a tag: the places of the strips or tiles are the most. */
const MOST_VALUES = 2 ** 20;

/** The numbers of each tag of the first directory; undefined where it lies beyond the bytes. */
function readTags(bytes: Uint8Array): ReadonlyMap<number, readonly number[]> | undefined {
  if (bytes.length < 8) return undefined;
  const little = bytes[0] === 0x49;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = view.getUint32(4, little);
  if (at + 2 > bytes.length) return undefined;
  const count = view.getUint16(at, little);
  const tags = new Map<number, readonly number[]>();
  for (let entry = 0; entry < count; entry++) {
    const from = at + 2 + 12 * entry;
    if (from + 12 > bytes.length) return undefined;
    const tag = view.getUint16(from, little);
    if (!READ_TAGS.has(tag) || tags.has(tag)) continue;
    const width = TYPE_BYTES[view.getUint16(from + 2, little)];
    const values = view.getUint32(from + 4, little);
    if (width === undefined || values > MOST_VALUES) continue;
    const inside = width * values <= 4;
    const start = inside ? from + 8 : view.getUint32(from + 8, little);
    // A count of values that the file cannot hold is a damaged tag.
    if (start + width * values > bytes.length) continue;
    tags.set(
      tag,
      Array.from({ length: values }, (_, place) => {
        const byte = start + width * place;
        return width === 1
          ? view.getUint8(byte)
          : width === 2
            ? view.getUint16(byte, little)
            : view.getUint32(byte, little);
      }),
    );
  }
  return tags;
}

function shared(): FormatProblem {
  return new FormatProblem('inconsistent', 'Strips of the TIFF lie in one place.', 'Save it as PNG.');
}

function truncated(): FormatProblem {
  return new FormatProblem(
    'truncated',
    'The TIFF ends before its last row.',
    'Copy the file again, or save it as PNG.',
  );
}
