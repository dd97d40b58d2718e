import { expect, test } from 'vitest';
import { stepTicks } from './step-ticks.ts';

test.each([
  [2400, [0, 600, 1200, 1800, 2400]],
  [10_000, [0, 2500, 5000, 7500, 10_000]],
  [300, [0, 100, 200, 300]],
  [3, [0, 1, 2, 3]],
  [1, [0, 1]],
])('a run of %i steps is marked at round steps', (total, expected) => {
  expect(stepTicks(total)).toEqual(expected);
});
