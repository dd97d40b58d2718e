import { describe, expect, test } from 'vitest';
import { writeNpz } from '../formats/npz.ts';
import { readEmbeddedPairs } from './embeddings-file.ts';

// Two pairs in two dimensions: the first alike, the second at a right angle.
const original = { type: 'float32', shape: [4, 2], data: Float32Array.of(1, 0, 2, 0, 1, 0, 0, 1) } as const;
const issame = { type: 'bool', shape: [2], data: Uint8Array.of(1, 0) } as const;

describe('embeddings from anywhere', () => {
  test('become distances of pairs', () => {
    const identities = { type: 'int64', shape: [4], data: BigInt64Array.of(5n, 5n, 5n, 7n) } as const;
    const found = readEmbeddedPairs(writeNpz({ original, flipped: original, issame, identities }));
    expect([...found.distances]).toEqual([0, 2]);
    expect([...found.same]).toEqual([1, 0]);
    expect(found).toMatchObject({ dimension: 2, meanNorm: 1.25 });
    expect([...(found.identities?.left ?? [])]).toEqual([5, 5]);
    expect([...(found.identities?.right ?? [])]).toEqual([5, 7]);
  });

  test.each([
    ['an array is missing', { original, issame }, '"flipped"'],
    ['shapes differ', { original, flipped: { ...original, shape: [2, 4] }, issame }, '[2, 4]'],
    ['answers are missing', { original, flipped: original }, '"issame"'],
    [
      'answers do not fit',
      { original, flipped: original, issame: { ...issame, shape: [1], data: Uint8Array.of(1) } },
      '2 pairs',
    ],
  ] as const)('%s: said in a sentence', (_, arrays, text) => {
    expect(() => readEmbeddedPairs(writeNpz(arrays))).toThrow(text);
  });
});
