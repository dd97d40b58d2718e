import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreSquare, type Picture, resampleSquare } from './resample.ts';

const grey = (width: number, height: number, values: readonly number[]): Picture => ({
  width,
  height,
  channels: 3,
  pixels: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const greyOf = (rgb: Uint8Array) => [...rgb].filter((_, at) => at % 3 === 0);

describe('resampling a square', () => {
  it('changes nothing at the same size, cut from anywhere', () => {
    const pixels = Uint8Array.from({ length: 5 * 4 * 3 }, (_, at) => at * 4);
    const cut = resampleSquare({ width: 5, height: 4, channels: 3, pixels }, { left: 2, top: 1, size: 3 }, 3);
    const rows = [1, 2, 3].flatMap((y) => [...pixels.subarray((y * 5 + 2) * 3, (y * 5 + 5) * 3)]);
    expect([...cut]).toEqual(rows);
  });

  it('takes the mean over the area where it shrinks, pixels cut in two by their share', () => {
    expect(greyOf(resampleSquare(grey(2, 2, [0, 100, 200, 40]), { left: 0, top: 0, size: 2 }, 1))).toEqual([85]);
    // 3 -> 2: the middle pixel belongs half to each side.
    const row = [0, 90, 240, 0, 90, 240, 0, 90, 240];
    expect(greyOf(resampleSquare(grey(3, 3, row), { left: 0, top: 0, size: 3 }, 2))).toEqual([30, 190, 30, 190]);
    expect(greyOf(resampleSquare(grey(3, 3, row), { left: 0.5, top: 0.5, size: 2 }, 1))).toEqual([105]);
  });

  it('is bilinear between pixel centres where it grows, and flat beyond the outer ones', () => {
    const doubled = greyOf(resampleSquare(grey(2, 2, [0, 100, 0, 100]), { left: 0, top: 0, size: 2 }, 4));
    expect(doubled.slice(0, 4)).toEqual([0, 25, 75, 100]);
  });

  it('reads nothing outside the square', () => {
    const framed = grey(4, 4, [9, 9, 9, 9, 9, 200, 200, 9, 9, 200, 200, 9, 9, 9, 9, 9]);
    for (const size of [1, 2, 3, 5, 8]) {
      expect(new Set(resampleSquare(framed, { left: 1, top: 1, size: 2 }, size))).toEqual(new Set([200]));
    }
  });

  it('keeps a plain picture plain, at any size and place', () => {
    const square = fc.record({
      side: fc.integer({ min: 1, max: 40 }),
      left: fc.double({ min: 0, max: 1, noNaN: true }),
      part: fc.double({ min: 0.05, max: 1, noNaN: true }),
      size: fc.integer({ min: 1, max: 30 }),
      value: fc.nat(255),
    });
    fc.assert(
      fc.property(square, ({ side, left, part, size, value }) => {
        const length = side * part;
        const start = (side - length) * left;
        const picture = grey(side, side, new Array<number>(side * side).fill(value));
        const result = resampleSquare(picture, { left: start, top: start, size: length }, size);
        expect(new Set(result)).toEqual(new Set([value]));
      }),
      { numRuns: 300 },
    );
  });

  it('lays transparent pixels on black', () => {
    const pixels = Uint8Array.from([200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128, 0, 0, 0, 255]);
    const picture: Picture = { width: 2, height: 2, channels: 4, pixels };
    expect([...resampleSquare(picture, { left: 0, top: 0, size: 2 }, 2)]).toEqual([
      200, 100, 50, 0, 0, 0, 100, 50, 25, 0, 0, 0,
    ]);
  });
});

it('takes the middle square of a picture', () => {
  expect(centreSquare({ width: 92, height: 112 })).toEqual({ left: 0, top: 10, size: 92 });
  expect(centreSquare({ width: 7, height: 4 })).toEqual({ left: 1, top: 0, size: 4 });
});
