import { expect, test } from 'vitest';
import { nearestFilter } from './nearest-filter.ts';

/** Three filters of two weights: (1, 0), (0, 2) and (0, 0). */
const bank = Float32Array.of(1, 0, 0, 0, 2, 0);

test('the nearest filter is that of the largest cosine in size, with its sign', () => {
  // (-3, 1) and (1, 1).
  const others = Float32Array.of(-3, 1, 1, 1);
  const near = nearestFilter(bank, 3, 0, others, 2);
  expect(near?.filter).toBe(0);
  expect(near?.cosine).toBeCloseTo(-3 / Math.sqrt(10), 6);
  expect(nearestFilter(bank, 3, 1, others, 2)?.filter).toBe(1);
});

test('a filter of zeros has none, and is none', () => {
  expect(nearestFilter(bank, 3, 2, bank, 3)).toBeUndefined();
  expect(nearestFilter(bank, 3, 0, new Float32Array(2), 1)).toBeUndefined();
});
