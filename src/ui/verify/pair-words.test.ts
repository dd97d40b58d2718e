import { expect, it } from 'vitest';
import { columnsOf } from './columns.ts';
import { pairHeadline, placeInWords, sameByThreshold, shareAbove } from './pair-words.ts';
import { armResult, benchmarkResult, networkSummary } from './testing/results.ts';

it('counts whole bins above a value, and of its own bin the part above', () => {
  const shares = [0.5, 0.25, 0.25];
  expect([-2, 0, 0.5, 1, 2.5, 9].map((value) => shareAbove(shares, 0, 3, value))).toEqual([1, 1, 0.75, 0.5, 0.125, 0]);
});

/** The left network says "same" above 0.2, the right one above 0.5. */
const RESULT = {
  ...benchmarkResult({ row: 'lfw' }),
  arms: [
    { ...armResult(0.6), threshold: 0.2 },
    { ...armResult(0.6), threshold: 0.5 },
  ],
};

it('says whether networks agree, each by its own threshold', () => {
  const headline = (similarities: readonly number[]) => pairHeadline(sameByThreshold(similarities, RESULT));
  expect(headline([0.3, 0.6])).toBe('Both networks say: the same person');
  expect(headline([0.1, 0.4])).toBe('Both networks say: different people');
  expect(headline([0.3, 0.3])).toBe('The networks disagree');
  expect(headline([0.3])).toBe('The network says: the same person');
});

it('names the benchmark of the place and of the threshold, and its photo sets', () => {
  const columns = columnsOf([networkSummary()]);
  expect(placeInWords([0.25], columns, RESULT, 'Drawn LFW')).toBe(
    'Of 1\u202f000 pairs of Drawn LFW, above 0.25 in Standard lie about 75 % of the pairs of one person and 75 % of those of two. Same or different is by each network’s own threshold there. One pair cannot show which network is better.',
  );
  expect(placeInWords([0.25], columns, benchmarkResult({ far: 0.01 }), 'Drawn IJB-B')).toMatch(
    /^Of 1.000 pairs of photo sets of Drawn IJB-B, /,
  );
});
