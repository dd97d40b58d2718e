import { deflatedZeros } from './hostile-zips.ts';
import { joined } from './mutations.ts';
import { bytesOf, u32 } from './pickles.ts';
import { filled, type Make, u16 } from './repeated.ts';

const SHORT = 3;
const LONG = 4;

/** A tag of one number, or of `count` numbers at the byte `value`. */
const tag = (name: number, type: number, value: number, count = 1) =>
  bytesOf(u16(name), u16(type), u32(count), u32(value));

/** A grey TIFF of 8 bits, lowest byte first: `count` tags more than its size, and behind them the data, from byte `at` on. */
function tiff(
  [width, height]: readonly [number, number],
  count: number,
  rest: (at: number) => { readonly tags: readonly Uint8Array[]; readonly data: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const always = [tag(256, LONG, width), tag(257, LONG, height), tag(258, SHORT, 8)];
  const { tags, data } = rest(8 + 2 + 12 * (always.length + count));
  return joined(bytesOf('II', 42, 0, u32(8), u16(always.length + count)), ...always, ...tags, data);
}

/** Strips of a packing, of so many rows each: their places and sizes at these bytes, or themselves where there is one. */
const strips = (packing: number, rows: number, places: number, sizes: number, count = 1) => [
  tag(259, SHORT, packing),
  tag(273, LONG, places, count),
  tag(278, LONG, rows),
  tag(279, LONG, sizes, count),
];

const PACK_BITS = 32773;
const DEFLATE = 8;
/** Of an image whose rows all lie in one place. */
const ROWS = 10_000;

/** Images that ask for far more memory or time than their size. */
export const HOSTILE_IMAGES: readonly (readonly [string, Make])[] = [
  [
    'tags that share many numbers',
    (size) => {
      const count = Math.min(60_000, Math.floor(size / 24));
      return tiff([8, 8], count, (at) => ({
        tags: Array.from({ length: count }, (_, i) => tag(256 + i, 1, at, size / 2)),
        data: new Uint8Array(size / 2),
      }));
    },
  ],
  [
    'strips in one place',
    (size) =>
      tiff([128, ROWS], 4, (at) => {
        // Bytes that unpack to nothing, and at their end one row.
        const strip = bytesOf(filled(size, 0x80), 0x81, 0);
        const sizes = at + 4 * ROWS;
        return {
          tags: strips(PACK_BITS, 1, at, sizes, ROWS),
          data: joined(filled(4 * ROWS, u32(sizes + 4 * ROWS)), filled(4 * ROWS, u32(strip.length)), strip),
        };
      }),
  ],
  [
    'a strip of a thousand times its size',
    (size) => {
      const data = joined(bytesOf(0x78, 0x9c), deflatedZeros(size));
      return tiff([8, 8], 4, (at) => ({ tags: strips(DEFLATE, 8, at, data.length), data }));
    },
  ],
];
