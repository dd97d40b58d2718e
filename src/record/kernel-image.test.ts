import { expect, test } from 'vitest';
import { kernelPartPixels } from './kernel-image.ts';

/** One filter of one pixel: red 0.5, green -0.25, blue 0. */
const slice = { kernel: Float32Array.of(0.5, -0.25, 0), filters: 1, filter: 0 };

test('a colour alone is grey: zero in the middle, the full weight white or black', () => {
  const grey = (part: 'R' | 'G' | 'B') => kernelPartPixels(slice, 1, 0.5, part)[0];
  expect([grey('R'), grey('G'), grey('B')]).toEqual([255, 64, 128]);
});

test('σ is the deviation over the colours: a grey filter is black', () => {
  const even = { kernel: Float32Array.of(0.3, 0.3, 0.3), filters: 1, filter: 0 };
  expect([...kernelPartPixels(even, 1, 0.3, 'σ')]).toEqual([0, 0, 0, 255]);
  // Mean 0.0833, deviation 0.3118 of half of 0.8.
  expect(kernelPartPixels(slice, 1, 0.8, 'σ')[0]).toBe(199);
});

test('a filter of zeros is mid grey in each colour and black in σ', () => {
  const dead = { kernel: new Float32Array(3), filters: 1, filter: 0 };
  expect(kernelPartPixels(dead, 1, 0, 'R')[0]).toBe(128);
  expect(kernelPartPixels(dead, 1, 0, 'σ')[0]).toBe(0);
});
