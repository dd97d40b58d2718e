import { expect, it } from 'vitest';
import { pairHeadline, sameByThreshold, shareAbove } from './pair-words.ts';
import { benchmarkResult } from './testing/results.ts';

it('counts whole bins above a value, and of its own bin the part above', () => {
  const shares = [0.5, 0.25, 0.25];
  expect([-2, 0, 0.5, 1, 2.5, 9].map((value) => shareAbove(shares, 0, 3, value))).toEqual([1, 1, 0.75, 0.5, 0.125, 0]);
});

it('says whether networks agree, each by its own threshold', () => {
  const result = benchmarkResult({ row: 'lfw' });
  const headline = (similarities: readonly number[]) => pairHeadline(sameByThreshold(similarities, result));
  const [threshold = 0, other = 0] = result.arms.map((arm) => arm.threshold);
  expect(headline([threshold + 0.1, other + 0.1])).toBe('Both networks say: the same person');
  expect(headline([threshold - 0.1, other - 0.1])).toBe('Both networks say: different people');
  expect(headline([threshold - 0.1, other + 0.1])).toBe('The networks disagree');
  expect(headline([threshold + 0.1])).toBe('The network says: the same person');
});
