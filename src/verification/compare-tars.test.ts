import { describe, expect, test } from 'vitest';
import { headlineFar, isResolvable, rocCurve, tarAtNearestFar } from './roc.ts';
import { compareTars, distanceAtFar, sentenceOf } from './significance.ts';
import { uniformOf } from './testing/uniform.ts';

const SAME = Uint8Array.from({ length: 2000 }, (_, pair) => (pair % 2 === 0 ? 1 : 0));

/** Distances that separate the two kinds of pair better with a higher `quality`. */
function arm(quality: number, seed: number): Float64Array<ArrayBuffer> {
  const draw = uniformOf(seed);
  return Float64Array.from(SAME, (same) => (same ? 1.6 - quality : 1.6) + 0.8 * (draw() + draw() - 1));
}

describe('true-accept rates at a false-accept rate', () => {
  test('the difference is that of the rates read off both ROCs', () => {
    const [first, second] = [arm(0.5, 1), arm(0.8, 2)];
    const found = compareTars({ first, second, same: SAME }, 0.01, uniformOf(1), 300);
    const tar = (distances: Float64Array<ArrayBuffer>) => tarAtNearestFar(rocCurve(distances, SAME), 0.01);
    expect(found.difference).toBeCloseTo(tar(second) - tar(first), 12);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.onlySecond).toBeGreaterThan(found.onlyFirst);
    expect(sentenceOf(found, 'Standard', 'CRAFT', { far: 0.01 })).toMatch(
      /^Of these two networks CRAFT matches more pairs of one person at FAR 0.01: CRAFT − Standard \+\d+\.\d points, /,
    );
  });

  test('of fewer pairs of one person than folds nothing is known, and no number is none', () => {
    const same = Uint8Array.from({ length: 40 }, (_, pair) => Number(pair < 9));
    const first = Float64Array.from(same, (answer, pair) => (answer ? 0.5 : 1) + 0.01 * pair);
    const second = first.map((distance, pair) => (pair < 4 ? 3 : distance));
    const found = compareTars({ first, second, same }, 0.1, uniformOf(1), 300);
    expect(found).toMatchObject({ interval: [-1, 1], chance: 1, onlyFirst: 4, onlySecond: 0 });
    expect(sentenceOf(found, 'Standard', 'CRAFT', { far: 0.1 })).toContain('95 % interval −100.0 to +100.0.');
  });

  test('two arms of one quality: nothing is claimed, at the rate that is named', () => {
    const found = compareTars({ first: arm(0.5, 1), second: arm(0.5, 2), same: SAME }, 0.01, uniformOf(1), 300);
    expect(sentenceOf(found, 'Standard', 'CRAFT', { far: 0.01 })).toMatch(
      /^No clear difference between these two networks at FAR 0.01: /,
    );
  });

  test('the threshold accepts the different pairs of the nearest point of the ROC', () => {
    const distances = arm(0.5, 1);
    const farthest = distanceAtFar(distances, SAME, 0.01);
    const accepted = [...distances].filter((distance, pair) => SAME[pair] === 0 && distance <= farthest);
    const rates = [...rocCurve(distances, SAME).falseAcceptRates].map((rate) => Math.abs(rate - 0.01));
    expect(Math.abs(accepted.length / 1000 - 0.01)).toBeCloseTo(Math.min(...rates), 12);
  });
});

test('a rate is resolved where at least one pair fits', () => {
  expect([isResolvable(0.001, 1000), isResolvable(0.001, 999), isResolvable(0.1, 10)]).toEqual([true, false, true]);
});

test('a table is read at 0.001, or at the lowest rate that five false accepts make up', () => {
  expect([15_000_000, 5000, 4999, 500, 499, 50, 10].map(headlineFar)).toEqual([
    0.001, 0.001, 0.01, 0.01, 0.1, 0.1, 0.1,
  ]);
});
