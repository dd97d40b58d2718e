import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCheck, nextCheck, stopStep } from './schedule.ts';
import { checkSteps } from './testing/check-steps.ts';

test('every 5 % of the run until 60 %', () => {
  const steps = checkSteps(2400, { checkEvery: 5, stopAt: 60 });
  expect(steps).toHaveLength(12);
  expect(steps[0]).toBe(120);
  expect(steps.at(-1)).toBe(1440);
});

test('a run of a few steps checks at every step, but not before the first or after the last', () => {
  expect(checkSteps(4, { checkEvery: 0.1, stopAt: 100 })).toEqual([1, 2, 3]);
  expect(checkSteps(1, { checkEvery: 0.1, stopAt: 100 })).toEqual([]);
  expect(isCheck(0, 4, { checkEvery: 0.1, stopAt: 100 })).toBe(false);
});

test('stopping at 0 % means no check at all', () => {
  expect(checkSteps(1000, { checkEvery: 5, stopAt: 0 })).toEqual([]);
});

test('the first check is the first of all, and there may be none', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (steps, checkEvery, stopAt) => {
        const settings = { checkEvery, stopAt };
        expect(nextCheck(0, steps, settings)).toBe(checkSteps(steps, settings)[0]);
      },
    ),
  );
  expect(nextCheck(0, 2400, { checkEvery: 5, stopAt: 60 })).toBe(120);
  expect(nextCheck(0, 2400, { checkEvery: 5, stopAt: 0 })).toBeUndefined();
});

test('where checks continue to the end, no stop is marked', () => {
  expect(stopStep(2400, { stopAt: 60 })).toBe(1440);
  expect(stopStep(2400, { stopAt: 100 })).toBeUndefined();
});
