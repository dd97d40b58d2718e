import { expect, test } from 'vitest';
import { stream } from '../../config/random.ts';
import golden from '../testing/study.golden.json' with { type: 'json' };
import { bcaInterval } from './bca.ts';
import { curveOf } from './curves.ts';
import { nullCheck } from './null-check.ts';
import { isClaimed, pairedStatistics } from './paired.ts';
import { detectable, seedsNeeded } from './power.ts';
import { noveltyBySeed } from './seed-novelty.ts';
import { MOST_EXACT, signFlip, smallestP } from './sign-flip.ts';
import { meanInterval, normalCdf, normalQuantile } from './student.ts';

/** A standard normal number. */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

test.each(golden.cases)(
  'SciPy agrees: $name',
  ({ differences, mean, deviation, interval, p, bca, detectable: reach }) => {
    const found = pairedStatistics(differences);
    expect(found?.mean).toBeCloseTo(mean, 12);
    expect(found?.deviation).toBeCloseTo(deviation, 12);
    expect(found?.interval[0]).toBeCloseTo(interval[0] ?? Number.NaN, 12);
    expect(found?.interval[1]).toBeCloseTo(interval[1] ?? Number.NaN, 12);
    expect(found).toMatchObject({ p, method: 'exact', seeds: differences.length });
    expect(detectable(deviation, differences.length)).toBeCloseTo(reach, 12);
    // Two draws of resamples differ by chance.
    const [low, high] = bcaInterval(differences, 100_000) ?? [Number.NaN, Number.NaN];
    expect(Math.abs(low - (bca[0] ?? 0))).toBeLessThan(0.03 * deviation);
    expect(Math.abs(high - (bca[1] ?? 0))).toBeLessThan(0.03 * deviation);
  },
);

test.each(golden.needs)('$deviation takes $seeds seeds for $difference', ({ deviation, difference, seeds }) => {
  expect(seedsNeeded(deviation, difference)).toBe(seeds ?? undefined);
});

test('Holm takes a larger difference, and more seeds: SciPy at the levels 0.05 / 7 and 0.05 / 23', () => {
  expect(detectable(0.011, 12, 0.05 / 7)).toBeCloseTo(0.013242763960594608, 12);
  expect(detectable(0.011, 12, 0.05 / 23)).toBeCloseTo(0.015405448514753535, 12);
  const needs = (level: number) =>
    [
      [0.011, 0.01],
      [0.011, 0.005],
      [0.002, 0.01],
      [0.5, 0.005],
    ].map(([deviation = 0, difference = 0]) => seedsNeeded(deviation, difference, level));
  expect(needs(0.05 / 7)).toEqual([19, 64, 9, undefined]);
  expect(needs(0.05 / 23)).toEqual([23, 79, 10, undefined]);
});

test.each(golden.normal)('the normal distribution at $z', ({ z, share }) => {
  expect(normalCdf(z)).toBeCloseTo(share, 10);
  expect(normalQuantile(share)).toBeCloseTo(z, 8);
});

test('the smallest p of n seeds is 2 / 2^n, and all of one sign reach it', () => {
  expect([5, 6, 8, 9].map(smallestP)).toEqual([0.0625, 0.03125, 0.0078125, 0.00390625]);
  for (const seeds of [2, 6, 9]) expect(signFlip(Array(seeds).fill(0.01)).p).toBe(smallestP(seeds));
  // Seven benchmarks under Holm: nothing passes 0.05 / 7 below nine seeds.
  expect(smallestP(8)).toBeGreaterThan(0.05 / 7);
  expect(smallestP(9)).toBeLessThan(0.05 / 7);
});

test('of more seeds signs are drawn, and the p is that of all combinations within chance', () => {
  const uniform = stream(3, 'differences');
  for (const [seeds, shift] of [
    [MOST_EXACT + 4, 0.004],
    [100, 0.0015],
  ] as const) {
    const many = Array.from({ length: seeds }, () => shift + 0.01 * normal(uniform));
    const { p, method } = signFlip(many);
    expect(method).toBe('sampled');
    // The normal approximation of the permutation distribution: mean zero, variance the sum of squares.
    const z = many.reduce((sum, value) => sum + value, 0) / Math.hypot(...many);
    expect(p).toBeGreaterThan(0.01);
    expect(Math.abs(p - 2 * normalCdf(-Math.abs(z)))).toBeLessThan(0.01);
  }
});

test('equal differences, and one alone', () => {
  expect(pairedStatistics([0.01])).toBeUndefined();
  expect(meanInterval([])).toBeUndefined();
  expect(pairedStatistics([0, 0, 0])).toMatchObject({ mean: 0, interval: [0, 0], p: 1, bca: undefined });
  expect(pairedStatistics(Array(6).fill(0.1))).toMatchObject({ deviation: 0, p: 0.03125 });
});

test('the rule claims in at most 5 % of cases without a difference, of any shape', () => {
  const uniform = stream(7, 'level');
  const shapes = [
    () => normal(uniform),
    // Heavy tails, and accuracies in steps of one pair in 700.
    () => normal(uniform) / Math.max(0.1, Math.abs(normal(uniform))),
    () => Math.round(3 * normal(uniform)) / 700,
  ];
  for (const draw of shapes) {
    for (const seeds of [6, 10]) {
      const cases = 1500;
      let claims = 0;
      for (let one = 0; one < cases; one++) {
        const differences = Array.from({ length: seeds }, draw);
        const interval = meanInterval(differences) ?? [0, 0];
        if (isClaimed({ seeds, interval, p: signFlip(differences).p })) claims++;
      }
      // 5 % and three standard errors of 1500 cases.
      expect(claims / cases).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / cases));
    }
  }
});

test('the rule sees a difference of the size that is called detectable, in about 80 % of cases', () => {
  const uniform = stream(8, 'power');
  const [seeds, cases] = [10, 1500];
  let claims = 0;
  for (let one = 0; one < cases; one++) {
    const differences = Array.from({ length: seeds }, () => detectable(1, seeds) + normal(uniform));
    if (isClaimed({ seeds, interval: meanInterval(differences) ?? [0, 0], p: signFlip(differences).p })) claims++;
  }
  expect(claims / cases).toBeGreaterThan(0.75);
  expect(claims / cases).toBeLessThan(0.86);
});

test('five seeds claim nothing', () => {
  expect(isClaimed({ seeds: 5, interval: [0.1, 0.2], p: 0.0001 })).toBe(false);
});

test('A/A: the rule seldom claims a difference between seeds of Standard; twelve are needed', () => {
  const uniform = stream(5, 'seeds');
  const values = Array.from({ length: 14 }, () => 0.7 + 0.01 * normal(uniform));
  const check = nullCheck(values);
  expect(check).toMatchObject({ differences: 7, pairings: 400 });
  expect((check?.claims ?? 400) / 400).toBeLessThan(0.09);
  expect(nullCheck(values.slice(0, 11))).toBeUndefined();
});

test('a curve has every seed, and a mean with its n at measured steps only', () => {
  const row = {
    study: 's',
    condition: 'blend',
    axes: '',
    measure: 'accuracy',
    benchmark: 'heldout',
    pairs: 20,
  } as const;
  const end = { seconds: 1, engine: 'wasm', adapter: '', state: 'done', reason: '' } as const;
  const rows = [
    { ...row, ...end, seed: 1, step: 200, value: 0.6 },
    { ...row, ...end, seed: 1, step: 100, value: 0.5 },
    { ...row, ...end, seed: 2, step: 100, value: 0.7 },
    { ...row, ...end, seed: 2, step: 100, value: 0.1, benchmark: 'LFW' },
  ];
  const { seeds, means } = curveOf(rows, { measure: 'accuracy', benchmark: 'heldout' });
  expect(seeds.map(({ points }) => points.map(({ step }) => step))).toEqual([[100, 200], [100]]);
  expect(means.map(({ step, value, seeds: n }) => [step, value, n])).toEqual([
    [100, 0.6, 2],
    [200, 0.6, 1],
  ]);
  expect(means[1]?.interval).toBeUndefined();
});

test('novelty is of all other seeds, and leaves out filters that do not count', () => {
  const shape = [1, 1, 2, 2] as const;
  // Filters (1, 0) and (0, 1) as columns; the second layer has its first filter turned by 60 degrees.
  const axes = Float32Array.of(1, 0, 0, 1);
  const turned = Float32Array.of(0.5, 0, Math.sqrt(0.75), 1);
  const layer = (kernel: Float32Array, inactive = [0, 0], reactivated = [0, 0]) => ({
    kernel,
    shape,
    inactive: Uint8Array.from(inactive),
    reactivated,
  });
  const standard = new Map([
    [1, layer(axes)],
    [2, layer(axes)],
  ]);
  expect([...noveltyBySeed(standard, standard)]).toEqual([
    [1, 0],
    [2, 0],
  ]);
  const other = new Map([[1, layer(turned, [0, 0], [1, 0])]]);
  // cos 30 degrees with the second axis; the other filter is the same.
  expect(noveltyBySeed(other, standard, 'reactivated').get(1)).toBeCloseTo(1 - Math.sqrt(0.75), 6);
  expect(noveltyBySeed(other, standard).get(1)).toBeCloseTo((1 - Math.sqrt(0.75)) / 2, 6);
  expect(noveltyBySeed(new Map([[1, layer(turned, [1, 0], [1, 0])]]), standard, 'reactivated').size).toBe(0);
});

test.each([
  [2, 1, -0.0105, 0.0215],
  [13, 0.135986328125, -0.0007307692307692311, 0.010115384615384616],
  [20, 0.09627342224121094, -0.0004250000000000007, 0.01124227543393431],
  [21, 0.16431835681643184, -0.0013809523809523816, 0.010380952380952381],
  [116, 0.0008599914000859991, 0.001939655172413792, 0.007111231460593056],
])('the p and the BCa interval of %i seeds are those of earlier versions to the last digit', (seeds, p, low, high) => {
  const differences = Array.from({ length: seeds }, (_, at) => Math.round(40 * Math.sin(1 + 3 * at) + 9) / 2000);
  // Others in between, since drawn signs are kept from one test to the next.
  signFlip(Array.from({ length: 31 }, (_, at) => at));
  expect(signFlip(differences).p).toBe(p);
  expect(bcaInterval(differences)).toEqual([low, high]);
});
