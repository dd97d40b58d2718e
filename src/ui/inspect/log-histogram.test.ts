import { expect, test } from 'vitest';
import { logHistogram } from './log-histogram.ts';

test('every finite value is counted once: zeros apart, the others by decade', () => {
  const { zeros, from, to, bins } = logHistogram(new Float32Array([0, 0, 2e-6, 0.5, 0.6, 3, Number.NaN]), 0.01);
  expect({ zeros, from, to }).toEqual({ zeros: 2, from: -6, to: 1 });
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(bins.at(1)).toBe(1);
});

test('the threshold is on the axis also where all values are above it, and where all are zero', () => {
  expect(logHistogram(new Float32Array([1, 2]), 0.0003)).toMatchObject({ from: -4, to: 1 });
  expect(logHistogram(new Float32Array(4), 0.01)).toMatchObject({ zeros: 4, from: -2 });
});
