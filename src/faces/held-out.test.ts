import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaceSet } from './face-set.ts';
import { type FacePairs, heldOutPairs, PAIR_FOLDS, splitIdentities } from './held-out.ts';

function facesOf(counts: readonly number[]): FaceSet {
  const labels = Int32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)));
  return {
    images: new Uint8Array(labels.length * 3),
    labels,
    identities: counts.map((_, label) => `p${label}`),
    size: 1,
    region: 'tight',
    source: { kind: 'own', name: 'test' },
  };
}

const all = (faces: FaceSet) => Int32Array.from(faces.labels, (_, index) => index);
const keys = (pairs: FacePairs) =>
  Array.from(pairs.left, (left, at) => [left, pairs.right[at] ?? -1].toSorted((a, b) => a - b).join('-'));

describe('the split by identity', () => {
  it('keeps every image on one side, its person with it, and numbers the classes without gaps', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(counts, fc.double({ min: 0.05, max: 0.5, noNaN: true }), fc.nat(), (sizes, share, seed) => {
        const faces = facesOf(sizes);
        const { training, heldOut } = splitIdentities(faces, share, seed);
        expect([...training.indices, ...heldOut.indices].toSorted((a, b) => a - b)).toEqual([...all(faces)]);
        const trained = new Set(Array.from(training.indices, (index) => faces.labels[index]));
        const held = new Set(Array.from(heldOut.indices, (index) => faces.labels[index]));
        expect([...trained].filter((id) => held.has(id))).toEqual([]);
        expect(held.size).toBe(heldOut.identities);
        expect(new Set(training.labels)).toEqual(new Set(Array.from({ length: training.identities }, (_, k) => k)));
        const people = sizes.filter((size) => size > 0).length;
        if (people >= 4) expect(Math.min(trained.size, held.size)).toBeGreaterThanOrEqual(2);
        else expect(held.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('holds out the share that was asked for, repeatably, and others with another seed', () => {
    const faces = facesOf(new Array<number>(50).fill(3));
    const split = splitIdentities(faces, 0.2, 1);
    expect(split.heldOut.identities).toBe(10);
    expect(split.training.identities).toBe(40);
    expect(splitIdentities(faces, 0.2, 1)).toEqual(split);
    expect(splitIdentities(faces, 0.2, 2).heldOut.indices).not.toEqual(split.heldOut.indices);
  });

  it('prefers people with two images or more, who can make a same-person pair', () => {
    const faces = facesOf([1, 1, 1, 1, 1, 1, 4, 4, 1, 1]);
    for (let seed = 0; seed < 20; seed++) {
      const held = splitIdentities(faces, 0.2, seed).heldOut.indices;
      expect(new Set(Array.from(held, (index) => faces.labels[index]))).toEqual(new Set([6, 7]));
    }
  });
});

describe('held-out pairs', () => {
  it('come in ten contiguous blocks, each half same and half different, none of them twice', () => {
    const faces = facesOf(new Array<number>(20).fill(10));
    const pairs = heldOutPairs(faces, all(faces), 1000, 3);
    expect(pairs.same.length).toBe(1000);
    expect(pairs.distinct).toBe(1000);
    expect(new Set(keys(pairs)).size).toBe(1000);
    for (let fold = 0; fold < PAIR_FOLDS; fold++) {
      expect(pairs.same.subarray(fold * 100, (fold + 1) * 100).reduce((sum, same) => sum + same, 0)).toBe(50);
    }
  });

  it('say the truth about every pair, for any set', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 20, max: 400 }), fc.nat(), (sizes, count, seed) => {
        const faces = facesOf(sizes);
        const pairs = heldOutPairs(faces, all(faces), count, seed);
        expect(pairs.same.length).toBeLessThanOrEqual(count);
        expect(pairs.same.length % (2 * PAIR_FOLDS)).toBe(0);
        pairs.same.forEach((same, at) => {
          const [left = -1, right = -1] = [pairs.left[at], pairs.right[at]];
          expect(left).not.toBe(right);
          expect(faces.labels[left] === faces.labels[right]).toBe(same === 1);
        });
        expect(new Set(keys(pairs)).size).toBe(pairs.distinct);
      }),
      { numRuns: 200 },
    );
  });

  it('are as many as the images give without repeating one', () => {
    // 4 people × 4 images: 24 same-person pairs, so two a fold.
    const faces = facesOf([4, 4, 4, 4]);
    const pairs = heldOutPairs(faces, all(faces), 6000, 1);
    expect(pairs.same.length).toBe(40);
    expect(pairs.distinct).toBe(40);
  });

  it('repeat a pair only where there are fewer than ten of a kind, and say so', () => {
    const faces = facesOf([2, 2]);
    const pairs = heldOutPairs(faces, all(faces), 6000, 1);
    expect(pairs.same.length).toBe(20);
    expect(pairs.distinct).toBe(2 + 4);
  });

  it('are none where one kind of pair does not exist', () => {
    expect(heldOutPairs(facesOf([1, 1, 1]), Int32Array.from([0, 1, 2]), 100, 1).same.length).toBe(0);
    expect(heldOutPairs(facesOf([9]), Int32Array.from([0, 1, 2, 3]), 100, 1).same.length).toBe(0);
  });

  it('are not filled by the one person with many images', () => {
    const faces = facesOf([100, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
    const pairs = heldOutPairs(faces, all(faces), 100, 2);
    const ofFirst = pairs.same.filter((same, at) => same === 1 && faces.labels[pairs.left[at] ?? 0] === 0).length;
    expect(ofFirst).toBeLessThanOrEqual(5);
  });
});
