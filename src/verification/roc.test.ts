import { describe, expect, test } from 'vitest';
import { areaUnder, equalErrorRate, keepsFar, rocCurve, tarAtFar, tarAtNearestFar } from './roc.ts';
import golden from './testing/tar-at-far.golden.json' with { type: 'json' };

describe('curve', () => {
  const curve = rocCurve([0.1, 0.2, 0.3, 0.4, 0.4, 0.9], [1, 1, 0, 1, 0, 0]);

  test('runs from nothing accepted to all accepted; equal distances are one point', () => {
    expect([...curve.falseAcceptRates].map((rate) => rate * 3)).toEqual([0, 0, 0, 1, 2, 3]);
    expect([...curve.trueAcceptRates].map((rate) => Math.round(rate * 3))).toEqual([0, 1, 2, 2, 3, 3]);
    expect(curve.thresholds[0]).toBe(Number.NEGATIVE_INFINITY);
    expect([...curve.thresholds].slice(1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.9]);
  });

  test('area is the chance that a same pair is closer, ties counted half', () => {
    // Of nine: 0.1 and 0.2 beat all three, 0.4 beats 0.9 and ties with 0.4.
    expect(areaUnder(curve)).toBeCloseTo((3 + 3 + 1.5) / 9, 12);
  });

  test('equal error rate lies on the line between two points', () => {
    expect(equalErrorRate(curve)).toBeCloseTo(1 / 3, 12);
    expect(equalErrorRate(rocCurve([1, 2], [1, 0]))).toBe(0);
    expect(equalErrorRate(rocCurve([2, 1], [1, 0]))).toBe(1);
  });

  test('of equally near false-accept rates the highest is taken', () => {
    expect(tarAtNearestFar(curve, 0)).toBeCloseTo(2 / 3, 12);
    expect(tarAtNearestFar(curve, 0.5)).toBe(1);
  });

  test('long straight runs take no room', () => {
    const pairs = 20_000;
    const distances = Float64Array.from({ length: pairs }, (_, i) => i);
    const same = Uint8Array.from(distances, (distance) => (distance < pairs / 2 ? 1 : 0));
    expect(rocCurve(distances, same).thresholds.length).toBeLessThan(6);
  });

  test('needs pairs of both kinds', () => {
    expect(() => rocCurve([1, 2], [1, 1])).toThrow(expect.objectContaining({ code: 'one-kind-of-pair' }));
  });
});

describe('TAR@FAR over folds', () => {
  test('equals numpy.interp between the thresholds of the other nine folds', () => {
    const found = tarAtFar(
      golden.distances,
      golden.same,
      golden.rates.map(({ far }) => far),
    );
    golden.rates.forEach((expected, i) => {
      for (const key of ['far', 'tar', 'deviation', 'measuredFar'] as const) {
        expect(found[i]?.[key], key).toBeCloseTo(expected[key], 9);
      }
    });
  });

  test('the threshold lies between two steps of 0.001 where the rate asked for does', () => {
    // Of 18 different pairs elsewhere, all at 1.0005: the rate jumps from 0 at 1.000 to 1 at 1.001. 0.4 of the way
    // there, pairs of one person at 1.0003 are matched and those at 1.0005 are not.
    const same = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
    const distances = Float64Array.from(same, (isSame, i) => (isSame ? (i % 4 === 1 ? 1.0003 : 1.0005) : 1.0005));
    expect(tarAtFar(distances, same, [0.4])[0]).toMatchObject({ tar: 0.5, measuredFar: 0 });
  });

  test('a rate no threshold reaches accepts nothing', () => {
    // All different pairs are farther apart than any threshold.
    const same = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
    const distances = Float64Array.from(same, (isSame) => (isSame ? 0.2 : 5));
    expect(tarAtFar(distances, same, [0.1])).toEqual([{ far: 0.1, tar: 0, deviation: 0, measuredFar: 0 }]);
  });

  test('below the resolution of the pairs, the threshold still is the last one that accepts no different pair', () => {
    const same = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
    const distances = Float64Array.from(same, (isSame, i) => (isSame ? 0.5 : 1.0005 + (i % 20) / 20));
    const [found] = tarAtFar(distances, same, [1e-6]);
    expect(found).toEqual({ far: 1e-6, tar: 1, deviation: 0, measuredFar: 0 });
  });
});

test('a network whose embeddings are all alike has no rate at 0.1: it accepts everyone', () => {
  const same = Uint8Array.from({ length: 200 }, (_, pair) => pair % 2);
  // Distances of rounding alone, below the first threshold of the protocol.
  const collapsed = Float64Array.from(same, (_, pair) => 1e-12 * pair);
  const [found] = tarAtFar(collapsed, same, [0.1]);
  expect(found).toMatchObject({ tar: 1, measuredFar: 1 });
  expect(found && keepsFar(found, 100)).toBe(false);
  // Those of networks that tell people apart are kept.
  const different = golden.same.filter((answer) => answer === 0).length;
  for (const rate of tarAtFar(golden.distances, golden.same, [0.1, 0.01])) {
    expect(keepsFar(rate, different)).toBe(true);
  }
});
