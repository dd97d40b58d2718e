import { describe, expect, test } from 'vitest';
import { claims, compareArms, holm, mcNemar, rightPairs, sentenceOf } from './significance.ts';
import { uniformOf as uniform } from './testing/uniform.ts';

/** Distances of 0.5 for "same" and 1.5 for "different", by an arm that is wrong on the given share of the pairs. */
function arm(same: Uint8Array, wrong: number, seed: number): Float64Array {
  const draw = uniform(seed);
  return Float64Array.from(same, (isSame) => ((isSame === 1) !== draw() < wrong ? 0.5 : 1.5));
}

const SAME = Uint8Array.from({ length: 600 }, (_, pair) => (pair % 2 === 0 ? 1 : 0));

describe('McNemar, exact and two-sided', () => {
  test('of few pairs, by hand', () => {
    // 1 against 5: 2 (1 + 6) / 64.
    expect(mcNemar(1, 5)).toBeCloseTo(14 / 64, 12);
    expect(mcNemar(5, 1)).toBeCloseTo(14 / 64, 12);
    expect(mcNemar(3, 3)).toBe(1);
    expect(mcNemar(0, 0)).toBe(1);
  });
});

describe('two arms on the same pairs', () => {
  test('a clear difference is claimed, and both intervals leave zero out', () => {
    const found = compareArms({ first: arm(SAME, 0.2, 1), second: arm(SAME, 0.05, 2), same: SAME }, uniform(3), 500);
    expect(found.difference).toBeGreaterThan(0.1);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.foldInterval[0]).toBeGreaterThanOrEqual(found.interval[0]);
    expect(found.identityInterval[1]).toBeLessThanOrEqual(found.interval[1]);
    expect(found.mcNemar).toBeLessThan(0.001);
    expect(sentenceOf(found, 'standard', 'CRAFT')).toMatch(
      /^Of these two networks CRAFT is more accurate: CRAFT − standard \+1\d\.\d points/,
    );
  });

  test('equally good arms: nothing is claimed', () => {
    const found = compareArms({ first: arm(SAME, 0.1, 4), second: arm(SAME, 0.1, 5), same: SAME }, uniform(6), 500);
    expect(found.interval[0]).toBeLessThan(0);
    expect(found.interval[1]).toBeGreaterThan(0);
    expect(sentenceOf(found, 'standard', 'CRAFT')).toMatch(
      /^No clear difference between these two networks: CRAFT − standard [+−]?\d\.\d points, 95 % interval −\d\.\d to \+\d\.\d\.$/,
    );
  });

  test('the pairs interval is as wide as the binomial says', () => {
    const found = compareArms({ first: arm(SAME, 0.1, 7), second: arm(SAME, 0.1, 8), same: SAME }, uniform(9), 2000);
    const variance = (found.onlyFirst + found.onlySecond) / 600 - found.difference ** 2;
    const width = 2 * 1.96 * Math.sqrt(variance / 600);
    expect((found.identityInterval[1] - found.identityInterval[0]) / width).toBeCloseTo(1, 1);
  });

  test('pairs that share a person widen the interval', () => {
    const [first, second] = [arm(SAME, 0.1, 7), arm(SAME, 0.1, 8)];
    // Six people only: whom the arms get right depends on the person.
    const left = Int32Array.from(SAME, (_, pair) => 100 + Math.floor(pair / 100));
    const right = left.map((person, pair) => (SAME[pair] === 1 ? person : 100 + ((person - 99) % 6)));
    for (let pair = 0; pair < 100; pair++) second[pair] = first[pair] ?? 0;
    const known = compareArms({ first, second, same: SAME, identities: { left, right } }, uniform(9), 500);
    const unknown = compareArms({ first, second, same: SAME }, uniform(9), 500);
    expect(known.resampled).toBe('identities');
    expect(unknown.resampled).toBe('pairs');
    expect(known.identityInterval[1] - known.identityInterval[0]).toBeGreaterThan(
      unknown.identityInterval[1] - unknown.identityInterval[0],
    );
  });

  test('where every pair has a person of its own, people are as good as pairs', () => {
    const [first, second] = [arm(SAME, 0.1, 7), arm(SAME, 0.1, 8)];
    SAME.forEach((isSame, pair) => {
      if (isSame === 0) second[pair] = first[pair] ?? 0;
    });
    const left = Int32Array.from(SAME, (_, pair) => pair);
    const right = left.map((person) => (SAME[person] === 1 ? person : person + 1000));
    const known = compareArms({ first, second, same: SAME, identities: { left, right } }, uniform(9), 1000);
    const unknown = compareArms({ first, second, same: SAME }, uniform(9), 1000);
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(known.identityInterval) / width(unknown.identityInterval)).toBeLessThan(1.25);
  });

  test('an arm against itself differs by nothing', () => {
    const first = arm(SAME, 0.1, 1);
    const found = compareArms({ first, second: first, same: SAME }, uniform(1), 50);
    expect(found).toMatchObject({ difference: 0, interval: [0, 0], onlyFirst: 0, onlySecond: 0, mcNemar: 1 });
    expect(sentenceOf(found, 'standard', 'CRAFT')).toContain('0.0 points, 95 % interval 0.0 to 0.0');
  });
});

describe('a claim', () => {
  const agreed = {
    difference: -0.013,
    interval: [-0.02, -0.004],
    foldInterval: [-0.02, -0.006],
    identityInterval: [-0.018, -0.004],
    resampled: 'identities',
    onlyFirst: 30,
    onlySecond: 10,
    mcNemar: 0.002,
    chance: 0.004,
  } as const;
  const said = 'CRAFT − Standard −1.3 points, 95 % interval −2.0 to −0.4.';

  test('needs both, the interval and the tests', () => {
    expect(sentenceOf(agreed, 'Standard', 'CRAFT')).toBe(`Of these two networks Standard is more accurate: ${said}`);
    const none = `No clear difference between these two networks: ${said}`;
    expect(sentenceOf({ ...agreed, chance: 0.2 }, 'Standard', 'CRAFT')).toBe(none);
    expect(sentenceOf({ ...agreed, interval: [-0.02, 0.004] }, 'Standard', 'CRAFT')).toContain('No clear difference');
  });

  test('is corrected for the number of rows, as R’s p.adjust does', () => {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((chance) => Number(chance.toFixed(6)))).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ]);
    expect(holm([])).toEqual([]);
    const row = { interval: [0.001, 0.02], chance: 0.02 } as const;
    expect(claims([row])).toEqual([true]);
    expect(claims(Array.from({ length: 7 }, () => row))).toEqual(Array(7).fill(false));
    expect(claims([{ ...row, chance: 0.001 }, row, row])).toEqual([true, true, true]);
  });
});

test('each pair is judged at the threshold of its own fold', () => {
  const first = arm(SAME, 0.1, 1);
  const right = rightPairs(first, SAME);
  right.forEach((value, pair) => {
    expect(value === 1).toBe((first[pair] ?? 0) < 1 === (SAME[pair] === 1));
  });
});
