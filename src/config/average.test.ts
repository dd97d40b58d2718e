import { expect, test } from 'vitest';
import { mean, median } from './average.ts';

test('the median is the middle value, or the mean of the middle two, in any order', () => {
  expect(median([9, 1, 4])).toBe(4);
  // The upper of the middle two would be 36.3.
  expect(median([28.5, 36.3, 51, 10])).toBeCloseTo(32.4, 12);
  expect(median(new Set([7]))).toBe(7);
});

test('nothing has neither mean nor median', () => {
  expect(mean([])).toBeNaN();
  expect(median([])).toBeNaN();
  expect(mean([1, 2, 6])).toBe(3);
});
