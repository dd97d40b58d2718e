import { describe, expect, test } from 'vitest';
import { checkEmbeddings, flipTest, meanNorm, neighbourDistances, pairDistances } from './embeddings.ts';

describe('flip test', () => {
  test('sums first and normalises then', () => {
    // Normalising first would weigh both views alike and give (0.6, 0.8)-like results; the longer view must count more.
    const found = flipTest(Float32Array.of(3, 0, 0, 2), Float32Array.of(0, 4, 0, 0), 2);
    expect([...found]).toEqual([3 / 5, 4 / 5, 0, 1]);
  });

  test('leaves an embedding without direction at zero instead of NaN', () => {
    expect([...flipTest([1, 0], [-1, 0], 2)]).toEqual([0, 0]);
  });

  test('refuses arrays that do not fit each other or the dimension', () => {
    expect(() => flipTest([1, 2], [1], 1)).toThrow(expect.objectContaining({ code: 'sizes-differ' }));
    expect(() => flipTest([1, 2, 3], [1, 2, 3], 2)).toThrow(expect.objectContaining({ code: 'sizes-differ' }));
  });
});

test('squared distances: 0 for the same direction, 2 for orthogonal, 4 for opposite', () => {
  const rows = Float64Array.of(1, 0, 1, 0, 0, 1, -1, 0);
  expect([...pairDistances(rows, 2, [0, 0, 0], [1, 2, 3])]).toEqual([0, 2, 4]);
  expect([...neighbourDistances(rows, 2)]).toEqual([0, 2]);
});

test('mean norm is over images and mirror images', () => {
  expect(meanNorm([3, 4, 0, 1], [0, 0, 0, 2], 2)).toBe((5 + 1 + 0 + 2) / 4);
});

test.each([
  ['one', [1, 0, 0, 0, 0, 1], 'The embedding of image 1 is zero.'],
  ['two', [0, 0, 1, 0, 0, 0], 'The embedding of image 0 is zero, and so is 1 more.'],
  ['all', [0, 0, 0, 0, 0, 0], 'The embeddings of all 3 images are zero.'],
])('%s without direction: refused by name', (_, rows, message) => {
  expect(() => checkEmbeddings(rows, rows, 2, (row) => `image ${row}`)).toThrow(message);
});
