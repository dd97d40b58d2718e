import { expect, test } from 'vitest';
import { fittingStepTicks, stepTicks } from './step-ticks.ts';

test.each([
  [2400, [0, 600, 1200, 1800, 2400]],
  [10_000, [0, 2500, 5000, 7500, 10_000]],
  [300, [0, 100, 200, 300]],
  [3, [0, 1, 2, 3]],
  [1, [0, 1]],
])('a run of %i steps is marked at round steps', (total, expected) => {
  expect(stepTicks(total)).toEqual(expected);
});

const sevenPixelsACharacter = (step: number) => String(step).length * 7;

test.each([
  [2400, 700, [0, 600, 1200, 1800, 2400]],
  [2400, 150, [0, 1000, 2000]],
  [2400, 130, [0, 1000, 2000]],
  [1_000_000, 320, [0, 250_000, 500_000, 750_000, 1_000_000]],
  [1_000_000, 200, [0, 400_000, 800_000]],
  [1_000_000, 60, [0]],
])('an axis of %i steps and %i px has no more marks than can be read', (total, width, expected) => {
  expect(fittingStepTicks(total, width, sevenPixelsACharacter)).toEqual(expected);
});
