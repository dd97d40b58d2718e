import { expect, test } from 'vitest';
import { foldTest } from './fold-test.ts';
import { uniformOf } from './testing/uniform.ts';

test('equals SciPy’s t-test over the folds', () => {
  // scipy 1.17.1: stats.ttest_1samp([.1, 0, -.2, .3, .1, .2, 0, .1, .1, .2], 0) and its confidence_interval(0.95).
  const sums = [1, 0, -2, 3, 1, 2, 0, 1, 1, 2];
  const gain = Int8Array.from({ length: 100 }, (_, pair) => {
    const sum = sums[Math.floor(pair / 10)] ?? 0;
    return pair % 10 < Math.abs(sum) ? Math.sign(sum) : 0;
  });
  const { interval, chance } = foldTest(gain);
  expect(chance).toBeCloseTo(0.06760146305705558, 6);
  expect(interval[0]).toBeCloseTo(-0.008026810387922217, 6);
  expect(interval[1]).toBeCloseTo(0.1880268103879222, 6);
});

test('without any difference the chance is 1; without spread it leaves the verdict to McNemar', () => {
  expect(foldTest(new Int8Array(100))).toEqual({ interval: [0, 0], chance: 1 });
  expect(foldTest(Int8Array.from({ length: 100 }, (_, pair) => (pair % 10 === 0 ? 1 : 0))).chance).toBe(0);
});

// Equal arms: the rule may claim a difference in 5 % of all cases. 2,000 cases have a standard error of 0.5 points.
test.each([
  ['pairs are independent of each other', 1],
  ['five pairs in a row share their fate', 5],
])('holds its level where %s', (_, together) => {
  const uniform = uniformOf(7);
  let claimed = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const gain = new Int8Array(600);
    for (let pair = 0; pair < gain.length; pair += together) {
      const draw = uniform();
      gain.fill(draw < 0.05 ? -1 : draw < 0.1 ? 1 : 0, pair, pair + together);
    }
    const { interval, chance } = foldTest(gain);
    const excludesZero = interval[0] > 0 || interval[1] < 0;
    expect(excludesZero).toBe(chance < 0.05);
    if (excludesZero) claimed += 1;
  }
  expect(claimed / 2000).toBeGreaterThan(0.035);
  expect(claimed / 2000).toBeLessThan(0.065);
});
