import { expect, test } from 'vitest';
import { cosineRange, scoreHistogram } from './score-histogram.ts';

test('pairs are counted by cosine, each kind alone', () => {
  // Cosines 1, 0.5, 0, and one that is no number.
  const distances = [0, 1, 2, Number.NaN];
  const found = scoreHistogram(distances, [1, 1, 0, 0], [0, 1], 4);
  expect(found.same).toEqual([0, 0, 0.5, 0.5]);
  expect(found.different).toEqual([1, 0, 0, 0]);
});

test('the range holds all cosines and has round ends', () => {
  expect(cosineRange([[0.5, 1.33], [1]])).toEqual([0.3, 0.8]);
  expect(cosineRange([[1], []])).toEqual([-1, 1]);
});
