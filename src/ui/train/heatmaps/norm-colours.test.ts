import { expect, test } from 'vitest';
import { normCeiling, writeNormColour } from './norm-colours.ts';

const colour = (norm: number, ceiling = 1.8) => {
  const pixel = new Uint8ClampedArray(4);
  writeNormColour(norm, ceiling, pixel, 0);
  return Array.from(pixel);
};

test('dead filters are dark purple, the strongest yellow, as in viridis', () => {
  expect(colour(0)).toEqual([68, 1, 84, 255]);
  expect(colour(1.8)).toEqual([253, 231, 37, 255]);
  expect(colour(9)).toEqual(colour(1.8));
});

test('the scale is that of the square root, so that weak filters differ from dead ones', () => {
  expect(colour(0.45)).toEqual(colour(0.25, 1));
  expect(colour(0.05)).not.toEqual(colour(0));
});

test('the scale grows in steps with the norms', () => {
  expect([0.4, 1.8, 1.81, 7, 900].map(normCeiling)).toEqual([1.8, 1.8, 3, 10, 1000]);
});
