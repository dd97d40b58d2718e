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

  it.each<TiffOptions>([
    { compression: 'none' },
    { compression: 'lzw', predictor: 'horizontal' },
    { compression: 'deflate', predictor: 'none' },
  ])('in tiles, %o, is read bit for bit', async (options) => {
    const bytes = await tiffOf(colours, { ...options, tile: true, tileWidth: 32, tileHeight: 16 });
    expect(readTiff(bytes)).toEqual({ width, height, pixels: colours });
  });

  it('of 16 bits, highest byte first, in planes and of four inks', () => {
    const sixteen = tiff({ 258: [16], 262: [2], 277: [3], 284: [1] }, [1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9], 2);
    expect([...readTiff(sixteen).pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    const planes = tiff({ 258: [8], 262: [2], 277: [3], 284: [2] }, [1, 4, 2, 5, 3, 6], 2, 3);
    expect([...readTiff(planes).pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    const inks = tiff({ 258: [8], 262: [5], 277: [4], 284: [1] }, [0, 55, 255, 0, 0, 0, 0, 255], 2);
    expect([...readTiff(inks).pixels]).toEqual([255, 200, 0, 0, 0, 0]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is turned upright as its tag says: %i', async (orientation) => {
    const raw = { raw: { width, height, channels: 3 } } as const;
    const turned = await sharp(colours, raw).withMetadata({ orientation }).tiff({ compression: 'lzw' }).toBuffer();
    const { data, info } = await sharp(turned).autoOrient().raw().toBuffer({ resolveWithObject: true });
    expect(readTiff(new Uint8Array(turned))).toEqual({
      width: info.width,
      height: info.height,
      pixels: new Uint8Array(data),
    });
  });

  it('is refused where it is cut, of numbers with a sign, or holds a JPEG', async () => {
    const whole = await tiffOf(colours, { compression: 'none' });
    expect(() => readTiff(whole.slice(0, 4000))).toThrow(/ends before|is not read/);
    expect(() => readTiff(whole.slice(0, whole.length / 2))).toThrow(/ends before/);
    expect(() => readTiff(tiff({ 258: [8], 262: [1], 277: [1], 339: [2] }, [1, 2], 2))).toThrow('is not read');
    const jpeg = await tiffOf(colours, { compression: 'jpeg' });
    expect(() => readTiff(jpeg)).toThrow('compression 7 is not read');
    expect(() => readTiff(new Uint8Array([0x49, 0x49, 42, 0, 255, 0, 0, 0]))).toThrow('ends before');
  });
});

/** One row, highest byte first, in one strip or one a plane. */
function tiff(tags: Readonly<Record<number, readonly number[]>>, data: readonly number[], across: number, strips = 1) {
  const each = data.length / strips;
  const listAt = 8 + data.length + 8 * strips;
  const offsets = Array.from({ length: strips }, (_, strip) => 8 + strip * each);
  const all = { 256: [across], 257: [1], 278: [1], ...tags };
  const bytes = new Uint8Array(listAt + 2 + 12 * (Object.keys(all).length + 2));
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x4d, 0, 42]);
  view.setUint32(4, listAt);
  bytes.set(data, 8);
  offsets.forEach((offset, strip) => {
    view.setUint32(8 + data.length + 4 * strip, offset);
    view.setUint32(8 + data.length + 4 * (strips + strip), each);
  });
  const entry = (at: number, tag: number, type: number, count: number) => {
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, count);
  };
  view.setUint16(listAt, Object.keys(all).length + 2);
  Object.entries(all).forEach(([tag, [value = 0]], place) => {
    entry(listAt + 2 + 12 * place, Number(tag), 3, 1);
    view.setUint16(listAt + 10 + 12 * place, value);
  });
  [273, 279].forEach((tag, place) => {
    const at = listAt + 2 + 12 * (Object.keys(all).length + place);
    entry(at, tag, 4, strips);
    const lone = place === 0 ? 8 : each;
    view.setUint32(at + 8, strips === 1 ? lone : 8 + data.length + 4 * strips * place);
  });
  return bytes;
}

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

  it('16 bits, five a colour or as its masks say, and masks of 32 bits in any order', () => {
    expect([...readBmp(bmp(16, [[0x1f, 0x7c, 0xe0, 0x03]])).pixels]).toEqual([255, 0, 255, 0, 255, 0]);
    const masked = (bits: number, masks: readonly number[], row: readonly number[]) => {
      const table = masks.flatMap((mask) => [mask & 255, (mask >> 8) & 255, (mask >> 16) & 255, mask >>> 24]);
      const bytes = bmp(bits, [row], table);
      bytes.set([3], 30);
      return [...readBmp(bytes).pixels];
    };
    expect(masked(16, [0xf800, 0x07e0, 0x001f], [0x00, 0xf8, 0xe0, 0x07])).toEqual([255, 0, 0, 0, 255, 0]);
    expect(masked(32, [0xff000000, 0x00ff0000, 0x0000ff00], [99, 3, 2, 1])).toEqual([1, 2, 3]);
  });

  it('runs of 8 and 4 bits, with jumps and pixels as they are', () => {
    const table = [0, 0, 0, 0, 30, 20, 10, 0, 60, 50, 40, 0];
    const packed = (bits: number, width: number, height: number, runs: readonly number[]) => {
      const bytes = bmp(bits, [runs], table);
      const view = new DataView(bytes.buffer);
      view.setInt32(18, width, true);
      view.setInt32(22, height, true);
      bytes.set([bits === 8 ? 1 : 2], 30);
      return bytes;
    };
    const reds = (bytes: Uint8Array) => [...readBmp(bytes).pixels.filter((_, at) => at % 3 === 0)];
    // The lower row 1 1 2 1 2 (three as they are, one byte to fill), the upper one 0 0 2 2 0 behind a jump.
    const runs = [2, 1, 0, 3, 2, 1, 2, 0, 0, 0, 0, 2, 2, 0, 2, 2, 0, 1];
    expect(reds(packed(8, 5, 2, runs))).toEqual([0, 0, 40, 40, 0, 10, 10, 40, 10, 40]);
    expect(reds(packed(4, 5, 1, [2, 0x12, 0, 3, 0x21, 0x20, 0, 1]))).toEqual([10, 40, 40, 10, 40]);
    expect(() => readBmp(packed(8, 5, 2, [2, 1, 0, 0]))).toThrow('ends before');
  });

  it('is refused where it is cut or holds a JPEG', () => {
    const whole = bmp(24, [below, above]);
    expect(() => readBmp(whole.slice(0, 60))).toThrow('ends before its last row');
    const jpeg = bmp(24, [below, above]);
    jpeg.set([4], 30);
    expect(() => readBmp(jpeg)).toThrow('compression 4');
    expect(isBmp(new Uint8Array([0x42, 0x4d, 1, 2, 3]))).toBe(false);
  });
});
