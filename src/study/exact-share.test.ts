import { expect, it } from 'vitest';
import { exactAccuracy, exactShare } from './exact-share.ts';

it('gives a rounded share of a count back in full', () => {
  for (const count of [12, 24, 48, 600, 700, 6000]) {
    for (let part = 0; part <= count; part++) {
      expect(exactShare(Number((part / count).toPrecision(7)), count)).toBe(part / count);
      expect(exactShare(Math.fround(part / count), count)).toBe(part / count);
    }
  }
});

it('leaves any other value as it is', () => {
  expect(exactShare(0.3, 7)).toBe(0.3);
  expect(exactShare(0.1234567, Number.NaN)).toBe(0.1234567);
  expect(exactShare(0.1234567, 0)).toBe(0.1234567);
  expect(exactShare(0.1234567, 1e7)).toBe(0.1234567);
});

it('knows folds of two sizes', () => {
  // 604 pairs: six folds of 60 and four of 61.
  const accuracy = (6 * (59 / 60) + 4 * (57 / 61)) / 10;
  expect(exactAccuracy(Math.fround(accuracy), 604)).toBeCloseTo(accuracy, 14);
  expect(exactAccuracy(0.9234567, 604)).toBe(0.9234567);
  expect(exactAccuracy(0.9166667, 6000)).toBe(5500 / 6000);
});
