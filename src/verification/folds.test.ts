import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstThresholdAbove, foldAccuracy, foldRanges } from './folds.ts';
import { VerificationProblem } from './problem.ts';

describe('folds', () => {
  test('are contiguous, and the first ones hold the rest', () => {
    expect(foldRanges(23, 10).map(({ start, end }) => end - start)).toEqual([3, 3, 3, 2, 2, 2, 2, 2, 2, 2]);
    const ranges = foldRanges(6007);
    expect(ranges[0]).toEqual({ start: 0, end: 601 });
    expect(ranges.at(-1)).toEqual({ start: 5407, end: 6007 });
    ranges.slice(1).forEach((range, i) => {
      expect(range.start).toBe(ranges[i]?.end);
    });
  });
});

describe('thresholds', () => {
  test('"same" is strictly below, also where a division would round', () => {
    fc.assert(
      fc.property(fc.nat(399), (t) => {
        const at = t * 0.01;
        expect(firstThresholdAbove(at, 400, 0.01)).toBe(t + 1);
        if (t > 0) expect(firstThresholdAbove(at * (1 - 2 ** -52), 400, 0.01)).toBe(t);
      }),
    );
    expect(firstThresholdAbove(4, 400, 0.01)).toBe(400);
    expect(firstThresholdAbove(Number.NaN, 400, 0.01)).toBe(400);
  });
});

/** Straight from the definition: every threshold, every pair. */
function byDefinition(distances: readonly number[], same: readonly boolean[], folds: number) {
  return foldRanges(distances.length, folds).map(({ start, end }) => {
    const held = (i: number) => i >= start && i < end;
    const right = (t: number, inFold: boolean) =>
      distances.filter((d, i) => held(i) === inFold && d < t * 0.01 === same[i]).length;
    const counts = Array.from({ length: 400 }, (_, t) => right(t, false));
    const best = counts.indexOf(Math.max(...counts));
    return { threshold: best * 0.01, accuracy: right(best, true) / (end - start) };
  });
}

describe('accuracy', () => {
  test('equals the definition', () => {
    const pair = fc.tuple(
      fc.oneof(
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.nat(400).map((t) => t * 0.01),
      ),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(pair, { minLength: 3, maxLength: 25 }), (pairs) => {
        const distances = pairs.map(([distance]) => distance);
        const same = pairs.map(([, isSame]) => isSame);
        const expected = byDefinition(distances, same, 3);
        const found = foldAccuracy(distances, same, 3);
        expect(found.folds).toEqual(expected);
        expect(found.accuracy).toBeCloseTo(
          (expected[0]?.accuracy ?? 0) / 3 + ((expected[1]?.accuracy ?? 0) + (expected[2]?.accuracy ?? 0)) / 3,
          12,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('takes the lowest of equal thresholds, and the population deviation', () => {
    // Same at 0.5, different at 1.5: every threshold from 0.51 to 1.5 is perfect on the other folds.
    const distances = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0.5 : 1.5));
    const same = distances.map((distance) => distance < 1);
    expect(foldAccuracy(distances, same).folds.map((fold) => fold.threshold)).toEqual(Array(10).fill(0.51));
    // One of two pairs wrong in one fold of ten: mean 0.95, deviation sqrt(0.1 * 0.9) / 2.
    same[0] = false;
    const found = foldAccuracy(distances, same);
    expect(found.accuracy).toBeCloseTo(0.95, 12);
    expect(found.deviation).toBeCloseTo(Math.sqrt(0.1 * 0.9) / 2, 12);
  });

  test('refuses fewer pairs than folds, and answers that do not fit', () => {
    expect(() => foldAccuracy(new Float64Array(9), new Uint8Array(9))).toThrow(
      expect.objectContaining({ code: 'too-few-pairs', hint: expect.stringContaining('10') }),
    );
    expect(() => foldAccuracy(new Float64Array(20), new Uint8Array(10))).toThrow(VerificationProblem);
  });
});
