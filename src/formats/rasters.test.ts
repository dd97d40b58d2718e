import sharp, { type TiffOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { isBmp, readBmp } from './bmp.ts';
import { isTiff, readTiff, readTiffSize } from './tiff.ts';

const [width, height] = [61, 45];
const colours = new Uint8Array(width * height * 3).map((_, at) => (at * at * 7 + ((at / 183) | 0) * 29) & 255);
const flat = new Uint8Array(width * height * 3).map((_, at) => (((at / 3) % width) >> 4) * 60);
const tiffOf = async (pixels: Uint8Array, options: TiffOptions) =>
  new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .tiff(options)
      .toBuffer(),
  );

describe('TIFF', () => {
  it.each<TiffOptions>([
    { compression: 'none' },
    { compression: 'lzw', predictor: 'none' },
    { compression: 'lzw', predictor: 'horizontal' },
    { compression: 'deflate', predictor: 'horizontal' },
    { compression: 'packbits' },
  ])('%o is read bit for bit, of noise and of flat colours', async (options) => {
    for (const pixels of [colours, flat]) {
      const bytes = await tiffOf(pixels, options);
      expect([isTiff(bytes), readTiffSize(bytes)]).toEqual([true, { width, height }]);
      expect(readTiff(bytes)).toEqual({ width, height, pixels });
    }
  });

  it('grey is repeated in three channels, and one bit is black and white', async () => {
    const grey = colours.filter((_, at) => at % 3 === 0);
    const decoded = readTiff(await greyTiff(grey, { compression: 'lzw' }));
    expect(decoded.pixels.filter((_, at) => at % 3 === 0)).toEqual(grey);
    const one = readTiff(await greyTiff(grey, { compression: 'none', bitdepth: 1 }));
    expect(one.pixels.filter((_, at) => at % 3 === 0)).toEqual(grey.map((value) => (value < 128 ? 0 : 255)));
  });

  it('is refused where it is cut, in tiles or holds a JPEG', async () => {
    const whole = await tiffOf(colours, { compression: 'none' });
    expect(() => readTiff(whole.slice(0, 4000))).toThrow(/ends before|is not read/);
    const tiles = await tiffOf(colours, { compression: 'none', tile: true, tileWidth: 16, tileHeight: 16 });
    expect(() => readTiff(tiles)).toThrow('in tiles is not read');
    expect(() => readTiff(new Uint8Array([0x49, 0x49, 42, 0, 255, 0, 0, 0]))).toThrow('ends before');
  });
});

async function greyTiff(pixels: Uint8Array, options: TiffOptions): Promise<Uint8Array> {
  const image = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
  return new Uint8Array(await image.tiff(options).toBuffer());
}

/** A bitmap with a row of so many bytes, filled from below. */
function bmp(bits: number, rows: readonly (readonly number[])[], table: readonly number[] = [], downwards = false) {
  const row = 4 * Math.ceil((rows[0]?.length ?? 0) / 4);
  const bytes = new Uint8Array(54 + table.length + row * rows.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54 + table.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, Math.floor(((rows[0]?.length ?? 0) * 8) / bits), true);
  view.setInt32(22, downwards ? -rows.length : rows.length, true);
  view.setUint16(28, bits, true);
  view.setUint32(46, table.length / 4, true);
  bytes.set(table, 54);
  for (const [at, values] of rows.entries()) bytes.set(values, 54 + table.length + row * at);
  return bytes;
}

describe('BMP', () => {
  const below = [1, 2, 3, 4, 5, 6];
  const above = [7, 8, 9, 10, 11, 12];

  it('24 bits: blue first, the lowest row first unless the height is negative', () => {
    const pixels = Uint8Array.of(9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4);
    expect(readBmp(bmp(24, [below, above]))).toEqual({ width: 2, height: 2, pixels });
    expect(readBmp(bmp(24, [above, below], [], true)).pixels).toEqual(pixels);
  });

  it('32 bits, and colour tables of 8, 4 and 1 bits', () => {
    const table = [0, 0, 0, 0, 30, 20, 10, 0];
    const second = [10, 20, 30];
    expect([...readBmp(bmp(32, [[30, 20, 10, 255]])).pixels]).toEqual(second);
    expect([...readBmp(bmp(8, [[1, 0]], table)).pixels]).toEqual([...second, 0, 0, 0]);
    expect([...readBmp(bmp(4, [[0x10]], table)).pixels]).toEqual([...second, 0, 0, 0]);
    expect([...readBmp(bmp(1, [[0b01000000]], table)).pixels.slice(0, 9)]).toEqual([0, 0, 0, ...second, 0, 0, 0]);
  });

  it('is refused where it is cut, packed or of 16 bits', () => {
    const whole = bmp(24, [below, above]);
    expect(() => readBmp(whole.slice(0, 60))).toThrow('ends before its last row');
    expect(() => readBmp(bmp(16, [[1, 2]]))).toThrow('16 bits');
    expect(isBmp(new Uint8Array([0x42, 0x4d, 1, 2, 3]))).toBe(false);
  });
});
