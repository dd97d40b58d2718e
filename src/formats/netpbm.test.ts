import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNetpbm, NetpbmError, netpbmToRgb, readNetpbm } from './netpbm.ts';

const file = (text: string, ...raster: number[]) => Uint8Array.from([...new TextEncoder().encode(text), ...raster]);

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof NetpbmError) return error.code;
    throw error;
  }
  return 'none';
}

describe('netpbm', () => {
  it('reads the six formats to the same picture', () => {
    const rgb = [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0];
    for (const bytes of [file('P1\n2 2\n01\n1 0\n'), file('P4 2 2\n', 0b01000000, 0b10000000)]) {
      expect([...netpbmToRgb(readNetpbm(bytes))]).toEqual(rgb.map((value) => 255 - value));
    }
    for (const bytes of [
      file('P2 2 2 255 0 255 255 0'),
      file('P3 2 2 1\n0 0 0 1 1 1 1 1 1 0 0 0'),
      file('P5 2 2 255\n', 0, 255, 255, 0),
      file('P6 2 2 255\n', ...rgb),
      file('P5 2 2 65535\n', 0, 0, 255, 255, 255, 255, 0, 0),
      file('P2 2 2 1000 0 1000 1000 0'),
    ]) {
      expect([...netpbmToRgb(readNetpbm(bytes))]).toEqual(rgb);
    }
  });

  it('reads a bitmap whose rows do not fill their last byte', () => {
    const image = readNetpbm(file('P4\n9 2\n', 0b11111111, 0b00000000, 0b00000000, 0b10000000));
    expect([...image.samples]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('skips comments, also ones with CR line ends, and takes one white space before raw samples', () => {
    const image = readNetpbm(file('P5 # by hand\r# 9 9\n 1# w\n2\t10\n', 0x20, 10));
    expect([image.width, image.height, [...image.samples]]).toEqual([1, 2, [10, 10]]);
  });

  it('keeps 16-bit samples whole, most significant byte first', () => {
    const image = readNetpbm(file('P5 2 1 40000\n', 0x12, 0x34, 0xff, 0xff));
    expect([...image.samples]).toEqual([0x1234, 40000]);
    expect([...netpbmToRgb(image)]).toEqual([30, 30, 30, 255, 255, 255]);
  });

  it('brings back the written picture, raw and plain, at any depth', () => {
    const pictures = fc
      .record({
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 9 }),
        maxValue: fc.integer({ min: 1, max: 65535 }),
        colour: fc.boolean(),
      })
      .chain((head) => {
        const count = head.width * head.height * (head.colour ? 3 : 1);
        return fc.tuple(
          fc.constant(head),
          fc.array(fc.integer({ min: 0, max: head.maxValue }), { minLength: count, maxLength: count }),
        );
      });
    fc.assert(
      fc.property(pictures, ([head, samples]) => {
        const header = `${head.width} ${head.height}\n${head.maxValue}\n`;
        const raw = samples.flatMap((value) => (head.maxValue > 255 ? [value >> 8, value & 255] : [value]));
        expect([...readNetpbm(file(`P${head.colour ? 6 : 5}\n${header}`, ...raw)).samples]).toEqual(samples);
        expect([...readNetpbm(file(`P${head.colour ? 3 : 2}\n${header}${samples.join(' ')}`)).samples]).toEqual(
          samples,
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['not-netpbm', file('P7\n1 1\n')],
    ['not-netpbm', file('')],
    ['not-netpbm', file('PNG')],
    ['bad-header', file('P5 0 4 255\n')],
    ['bad-header', file('P5 4 4 0\n')],
    ['bad-header', file('P5 4 4 65536\n')],
    ['bad-header', file('P5 -4 4 255\n')],
    ['bad-header', file('P5 4000000000000 4 255\n')],
    ['truncated', file('P5 4')],
    ['truncated', file('P5 4 4 255')],
    ['truncated', file('P5 2 2 255\n', 1, 2, 3)],
    ['truncated', file('P5 2 2 256\n', 1, 2, 3, 4, 5, 6, 7)],
    ['truncated', file('P4 9 2\n', 1, 2, 3)],
    ['truncated', file('P2 2 2 255\n123 45 6')],
    ['bad-sample', file('P2 2 1 255\n1 256')],
    ['bad-sample', file('P2 2 1 255\n1 x')],
    ['bad-sample', file('P1 2 1\n1 2')],
    ['truncated', file('P2 2 1 255\n111      ')],
  ])('refuses with %s', (code, bytes) => {
    expect(codeOf(() => readNetpbm(bytes))).toBe(code);
  });

  it('refuses a huge picture from its header, before anything is allocated', () => {
    expect(codeOf(() => readNetpbm(file('P5 90000 90000 255\n')))).toBe('too-large');
    expect(
      codeOf(() => readNetpbm(file('P5 11 10 255\n', ...new Array<number>(110).fill(0)), { maxPixels: 100 })),
    ).toBe('too-large');
    expect(codeOf(() => readNetpbm(file('P5 8000 8000 255\n')))).toBe('truncated');
  });

  it('answers damaged files with a picture or a NetpbmError, never with anything else', () => {
    const whole = [
      file('P6 # c\n4 3 255\n', ...new Array<number>(36).fill(77)),
      file('P2 3 3 9\n1 2 3 4 5 6 7 8 9'),
      file('P1 4 2\n01011010'),
    ];
    const damage = fc.tuple(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }),
      fc.nat(60),
    );
    fc.assert(
      fc.property(damage, ([bytes, edits, cut]) => {
        const damaged = bytes.slice(0, Math.max(1, bytes.length - (cut % 20)));
        for (const [at, value] of edits) damaged[at % damaged.length] = value;
        try {
          const image = readNetpbm(damaged);
          expect(netpbmToRgb(image).length).toBe(image.width * image.height * 3);
        } catch (error) {
          expect(error).toBeInstanceOf(NetpbmError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const realFaces = process.env.REAL_FACES_DIR;

describe.skipIf(!realFaces)('real PGM faces (set REAL_FACES_DIR)', () => {
  it('are 92 × 112 grey, as published', async () => {
    const folder = join(realFaces ?? '', 'orl', 's01');
    const names = await readdir(folder);
    expect(names.length).toBe(10);
    for (const name of names) {
      const bytes = new Uint8Array(await readFile(join(folder, name)));
      expect(isNetpbm(bytes)).toBe(true);
      const image = readNetpbm(bytes);
      expect([image.width, image.height, image.channels, image.maxValue]).toEqual([92, 112, 1, 255]);
      expect(bytes.length - image.dataOffset).toBe(92 * 112);
    }
  });
});
