import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { analyse, countedRows, failedRows } from './analysis.ts';
import { cellsOf } from './cells.ts';
import { conditionFromText, type StudyPlan } from './plan.ts';
import type { Measure, ResultRow } from './results.ts';
import { chanceText, verdictOn } from './verdict.ts';

const PLAN: StudyPlan = {
  name: 'small',
  version: '0.1.0',
  config: DEFAULT_CONFIG,
  conditions: ['blend', 'random'].map((name) => conditionFromText(name, DEFAULT_CONFIG)),
  axes: [],
  seeds: Array.from({ length: 12 }, (_, index) => index + 1),
  seedSettings: ['seed'],
  evaluations: [{ name: 'LFW', data: 'lfw.bin' }],
  primary: 'heldout',
};

/** Finished rows of a cell: Standard's accuracies rise with the seed, the condition's gain alternates around `gain`. */
function rowsOf(plan: StudyPlan, gain: number, spread: number): readonly ResultRow[] {
  return cellsOf(plan).flatMap(({ seed, condition, axes, index }) => {
    const standard = condition.name === 'standard';
    const accuracy = 0.7 + 0.001 * seed + (standard ? 0 : gain + (seed % 2 === 0 ? spread : -spread));
    const row = (measure: Measure, value: number, benchmark = '', step = 100): ResultRow => ({
      study: plan.name,
      condition: condition.name,
      axes,
      seed,
      step,
      measure,
      benchmark,
      value,
      pairs: benchmark === '' ? 0 : 2000,
      seconds: 1 + index,
      engine: 'wasm',
      adapter: 'SIMD',
      state: 'done',
      reason: '',
    });
    return [
      row('run', 100),
      row('accuracy', 0.5, 'heldout', 50),
      row('accuracy', accuracy, 'heldout'),
      row('accuracy', accuracy, 'LFW'),
      row('inactive_share', (standard ? 0.4 : 0.2 + (seed % 2 === 0 ? 0.001 : -0.001)) + 0.01 * (seed % 3)),
      row('unused_share', 0.5 + 0.001 * seed),
    ];
  });
}

const verdict = (plan: StudyPlan, rows: readonly ResultRow[]) =>
  verdictOn(analyse(plan, rows), { axes: '', condition: 'blend', benchmark: plan.primary });

test('seeds are paired, at the last step that was measured', () => {
  const { comparisons, values, complete, planned } = analyse(PLAN, rowsOf(PLAN, 0.01, 0.002));
  expect([complete, planned]).toEqual([12, 12]);
  const [primary] = comparisons;
  expect(primary).toMatchObject({ condition: 'blend', primary: true, claimed: true });
  expect(primary?.statistics?.mean).toBeCloseTo(0.01, 12);
  expect(primary?.pairs).toHaveLength(12);
  expect(values[0]).toMatchObject({ condition: 'standard', outcome: { measure: 'accuracy', benchmark: 'heldout' } });
  expect(values[0]?.mean).toBeCloseTo(0.7065, 12);
});

test('Holm corrects all comparisons but the primary one', () => {
  const { comparisons } = analyse(PLAN, rowsOf(PLAN, 0.01, 0.002));
  const corrected = (measure: Measure) =>
    comparisons.filter(({ outcome }) => outcome.measure === measure).map((one) => one.corrected);
  expect(comparisons.filter(({ primary }) => primary)).toHaveLength(1);
  // All differences of accuracies and inactive shares have one sign: 2 / 2^12 each. Seven are corrected together.
  const p = 2 / 2 ** 12;
  expect(corrected('accuracy')).toEqual([p, 7 * p, 7 * p, 7 * p]);
  expect(corrected('inactive_share')).toEqual([7 * p, 7 * p]);
  expect(corrected('unused_share')).toEqual([1, 1]);
  expect(comparisons.filter(({ claimed }) => claimed)).toHaveLength(6);
});

test.each([
  [8, 1],
  [9, 8],
])('of %i seeds that all agree, %i of eight tests pass beside seven benchmarks', (seeds, claims) => {
  const evaluations = Array.from({ length: 7 }, (_, index) => ({ name: `B${index}`, data: 'x.bin' }));
  const plan = { ...PLAN, seeds: PLAN.seeds.slice(0, seeds), conditions: PLAN.conditions.slice(0, 1), evaluations };
  const rows = rowsOf(plan, 0.01, 0.002).flatMap((row) =>
    row.benchmark === 'LFW' ? evaluations.map(({ name }) => ({ ...row, benchmark: name })) : [row],
  );
  const found = analyse(plan, rows).comparisons.filter(({ outcome }) => outcome.measure === 'accuracy');
  // Nine are corrected: seven benchmarks, inactive and unused share. 9 * 2 / 2^8 = 0.07, 9 * 2 / 2^9 = 0.035.
  expect(found.filter(({ claimed }) => claimed)).toHaveLength(claims);
  expect(found[0]).toMatchObject({ primary: true, claimed: true });
});

test('a difference that is claimed names its size and its interval', () => {
  const { headline, detail, interim } = verdict(PLAN, rowsOf(PLAN, 0.01, 0.002));
  expect(headline).toBe(
    'Blend lowers the inactive share; accuracy on held-out pairs is 1.0 points higher, shown on these pairs.',
  );
  expect(detail).toContain('12 seeds. Inactive 21.0');
  expect(detail).toMatch(
    /On held-out pairs \+1\.00 points, 95 % interval \+0\.87 to \+1\.13, 12 seeds, sign-flip p 0\.00049/,
  );
  expect(interim).toBe(false);
});

test('a claim that other people leave open says so, with the interval over seeds and people', () => {
  const found = (interval: readonly [number, number]) =>
    verdictOn(
      analyse(PLAN, rowsOf(PLAN, 0.01, 0.002)),
      { axes: '', condition: 'blend', benchmark: 'heldout' },
      () => interval,
    );
  expect(found([-0.001, 0.02]).headline).toContain('1.0 points higher, shown for these people only.');
  expect(found([-0.001, 0.02]).detail).toContain('With people resampled as well, the interval is −0.10 to +2.00.');
  expect(found([0.001, 0.02]).headline).toContain('1.0 points higher.');
});

test('seeds that were added after the plan are named', () => {
  const { detail } = verdict({ ...PLAN, addedSeeds: [11, 12] }, rowsOf(PLAN, 0.01, 0.002));
  expect(detail).toContain('12 seeds. 2 of the 12 were added after the plan.');
  // A plan that was edited may name some that it has not.
  expect(analyse({ ...PLAN, addedSeeds: [11, 12, 12, 40] }, []).added).toBe(2);
});

test('without a claim the verdict excludes differences beyond its interval, and names the number of seeds for smaller ones', () => {
  const { headline, detail } = verdict(PLAN, rowsOf(PLAN, 0.001, 0.008));
  expect(headline).toBe('Blend lowers the inactive share; no accuracy difference can be claimed.');
  expect(detail).toContain('95 % interval −0.43 to +0.63');
  expect(detail).toContain('differences above 0.63 points are excluded');
  expect(detail).toMatch(/To show 0\.5 points takes \d+ seeds, 1 point \d+ seeds\./);
});

test('of networks that are equal in every seed nothing is excluded', () => {
  const { headline, detail } = verdict(PLAN, rowsOf(PLAN, 0, 0));
  expect(headline).toContain('no accuracy difference can be claimed');
  expect(detail).toContain('the difference is 0.00 points in each of 12 seeds, which gives no interval to judge by.');
  expect(detail).not.toContain('excluded');
});

test('below six seeds nothing is said of accuracy, and an unfinished study is interim', () => {
  const rows = rowsOf(PLAN, 0.01, 0.002).filter(({ seed }) => seed <= 5);
  const { headline, detail, interim } = verdict(PLAN, rows);
  expect(headline).toContain('Blend lowers the inactive share by its interval alone; ');
  expect(headline).toContain('too few seeds for a verdict on accuracy');
  expect(detail).toContain('So far 5 of 12 seeds are complete.');
  expect(detail).toContain('no p of 5 seeds is below 0.063');
  expect(interim).toBe(true);
  expect(verdict(PLAN, []).headline).toContain('is not compared yet; too few seeds');
});

test('a failed cell leaves its pair out', () => {
  const rows = rowsOf(PLAN, 0.01, 0.002).flatMap((row): readonly ResultRow[] => {
    if (row.seed !== 3 || row.condition !== 'blend') return [row];
    return row.measure === 'run' ? [{ ...row, state: 'failed', value: Number.NaN, reason: 'Memory.' }] : [];
  });
  const { complete, failed, comparisons } = analyse(PLAN, rows);
  expect([complete, failed]).toEqual([11, 1]);
  expect(comparisons[0]?.pairs.map(({ seed }) => seed)).not.toContain(3);
});

test('the A/A check is beside the accuracies and every verdict where there are seeds enough', () => {
  expect(verdict(PLAN, rowsOf(PLAN, 0, 0.002)).check).toMatch(
    /^Standard against Standard: a difference in \d+ of 400 pairings, \d\.\d.%\. At most about 5 % is expected\.$/,
  );
  expect(verdict({ ...PLAN, seeds: [1, 2] }, rowsOf(PLAN, 0, 0.002)).check).toContain('from 12 seeds on');
  expect(analyse(PLAN, rowsOf(PLAN, 0, 0.002)).nullChecks.map(({ outcome }) => outcome.benchmark)).toEqual([
    'heldout',
    'LFW',
  ]);
  expect(analyse({ ...PLAN, seeds: [1, 2] }, rowsOf(PLAN, 0, 0.002)).nullChecks).toEqual([]);
});

test('a seed that PyTorch and the playground share is no pair', () => {
  const rows = rowsOf(PLAN, 0.01, 0.002).map((row) =>
    row.seed === 3 && row.condition === 'blend' ? { ...row, engine: 'torch' } : row,
  );
  const { complete, comparisons } = analyse(PLAN, rows);
  expect(complete).toBe(11);
  expect(comparisons[0]?.pairs.map(({ seed }) => seed)).not.toContain(3);
  const whole = rows.map((row) => (row.seed === 3 ? { ...row, engine: 'torch' } : row));
  expect(analyse(PLAN, whole).complete).toBe(12);
});

test('a difference of templates is one of the true-accept rate', () => {
  const plan = { ...PLAN, primary: 'LFW' };
  const rows = rowsOf(plan, 0.01, 0.002).map((row) =>
    row.benchmark === 'LFW' ? { ...row, measure: 'tar' as const } : row,
  );
  expect(verdict(plan, rows).headline).toContain('true-accept rate on LFW is 1.0 points higher');
});

test('runs that were measured at different steps or on different numbers of pairs are no pair', () => {
  const rows = rowsOf(PLAN, 0.01, 0.002).map((row) => {
    if (row.condition !== 'blend') return row;
    // Seed 3 was tested on fewer pairs; of seed 4 the end was not measured, so that an earlier value is its last.
    if (row.seed === 3 && row.measure === 'accuracy') return { ...row, pairs: 200 };
    return row.seed === 4 && row.measure === 'accuracy' && row.step === 100 ? { ...row, value: Number.NaN } : row;
  });
  const [primary, other] = analyse(PLAN, rows).comparisons;
  expect(primary).toMatchObject({ condition: 'blend', unlike: 2, statistics: { seeds: 10 } });
  expect(primary?.pairs.map(({ seed }) => seed)).toEqual([1, 2, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(other).toMatchObject({ condition: 'random', unlike: 0, statistics: { seeds: 12 } });
  expect(verdict(PLAN, rows).detail).toContain('2 seeds are left out: the two runs were tested at different steps');
  const unknown = rows.map((row) => ({ ...row, pairs: row.seed === 3 ? Number.NaN : row.pairs }));
  expect(analyse(PLAN, unknown).comparisons[0]).toMatchObject({ unlike: 1 });
  const another = rows.map((row) => (row.seed === 5 ? { ...row, pairs: row.pairs / 10 } : row));
  // Where a seed decides who is tested, it decides how many pairs they make.
  const own = { ...PLAN, seedSettings: ['seed', 'splitSeed'] } as const;
  expect(verdict(own, another).detail).toContain('The seeds were tested on 200 to 2 000 pairs. 2 seeds');
  expect(verdict(PLAN, rows).detail).not.toContain('The seeds were tested');
  const read = rowsOf(PLAN, 0.01, 0.002).map((row) =>
    row.seed === 6 && row.condition === 'blend' && row.measure === 'inactive_share'
      ? { ...row, step: row.step - 1 }
      : row,
  );
  expect(verdict(PLAN, read).detail).toMatch(
    /^12 seeds\. Inactive .* points, 11 seeds\. 1 seed is left out of it: the two runs were read at different steps\. On held-out/,
  );
});

test('seeds that were tested on other pairs than the rest are kept apart, in every outcome of that test', () => {
  // Of seeds 10 to 12 another file was given: both runs have 100 pairs, and all of them are right.
  const rows = rowsOf(PLAN, 0.01, 0.002).map((row) =>
    row.benchmark === 'LFW' && row.seed >= 10 ? { ...row, pairs: 100, value: 1 } : row,
  );
  const { comparisons, values, apart, nullChecks } = analyse(PLAN, rows);
  const lfw = { measure: 'accuracy', benchmark: 'LFW' } as const;
  expect(apart).toEqual([{ axes: '', outcome: lfw, pairs: 2000, runs: 9 }]);
  const standard = values.find(({ outcome, condition }) => outcome.benchmark === 'LFW' && condition === 'standard');
  expect([standard?.seeds.length, standard?.mean]).toEqual([9, expect.closeTo(0.705, 12)]);
  expect(comparisons.find(({ outcome }) => outcome.benchmark === 'LFW')).toMatchObject({
    unlike: 3,
    tested: [2000, 2000],
    statistics: { seeds: 9 },
  });
  expect(nullChecks.map(({ outcome }) => outcome.benchmark)).toEqual(['heldout']);
  expect(comparisons.find(({ outcome }) => outcome.benchmark === 'heldout')).toMatchObject({ unlike: 0 });
});

test('the seeds that a smaller difference takes are those after the correction by Holm', () => {
  const rows = rowsOf(PLAN, 0.001, 0.008);
  const { comparisons } = analyse(PLAN, rows);
  expect(comparisons.map(({ family }) => family)).toEqual([1, 7, 7, 7, 7, 7, 7, 7]);
  const on = (condition: string) =>
    verdictOn(analyse(PLAN, rows), { axes: '', condition, benchmark: 'heldout' }).detail;
  // SciPy: (t(1 - level / 2) + t.80) sd / sqrt n with a deviation of 0.0083557, at the levels 0.05 and 0.05 / 7.
  expect(on('blend')).toContain('To show 0.5 points takes 24 seeds, 1 point 8 seeds.');
  expect(on('random')).toContain('0.5 points takes 39 seeds, 1 point 13 seeds, corrected for 7 comparisons.');
});

test('a p is written on its side of 5 %', () => {
  expect([0.0498, 0.04996, 0.05, 0.0502, 0.031, 0.0496, 0.3, 0.00001].map(chanceText)).toEqual([
    '0.0498',
    '0.04996',
    '0.05',
    '0.05',
    '0.031',
    '0.0496',
    '0.30',
    '< 0.0001',
  ]);
});

test('equal differences have no interval: few of them show nothing, and enough are claimed by their signs', () => {
  // Shares of 2000 pairs, whose subtraction rounds: 0.715 - 0.705 is not 0.723 - 0.713.
  const rows = rowsOf(PLAN, 0.01, 0).map((row) =>
    row.measure === 'inactive_share' ? { ...row, value: row.condition === 'standard' ? 0.4 : 0.3 } : row,
  );
  const few = verdict(
    PLAN,
    rows.filter(({ seed }) => seed <= 3),
  );
  expect(few.headline).toBe(
    'No difference of the inactive share is shown for blend; too few seeds for a verdict on accuracy.',
  );
  expect(few.detail).toContain('against 40.0');
  expect(few.detail).toContain('in Standard, the difference is −10.00 points in each of 3 seeds.');
  const many = verdict(PLAN, rows);
  expect(many.headline).toBe(
    'Blend lowers the inactive share; accuracy on held-out pairs is 1.0 points higher, shown on these pairs.',
  );
  expect(many.detail).toContain('the difference is +1.00 points in each of 12 seeds, sign-flip p 0.00049.');
  expect(many.detail).not.toMatch(/interval|excluded/);
});

test('a cell that has a finished run counts as finished once, and as no failure', () => {
  const rows = rowsOf(PLAN, 0.01, 0.002);
  const failed = rows.filter(({ measure, seed }) => measure === 'run' && seed === 1);
  const again = failed.map((row): ResultRow => ({ ...row, state: 'failed', value: Number.NaN, reason: 'Memory.' }));
  expect(analyse(PLAN, [...again, ...rows])).toMatchObject({ complete: 12, failed: 0 });
  // Trained by both engines, one after the other.
  const torch = rows.map((row) => (row.seed === 1 ? { ...row, engine: 'torch' } : row));
  expect(analyse(PLAN, [...rows, ...torch.filter(({ seed }) => seed === 1)]).complete).toBe(11);
});

/** Finished rows of counts, as files hold their shares: with seven digits. */
function rowsOfCounts(
  plan: StudyPlan,
  measure: Measure,
  of: number,
  counts: Readonly<Record<string, readonly number[]>>,
) {
  return rowsOf(plan, 0, 0).map((row) => {
    const count = counts[row.condition]?.[row.seed - 1];
    if (row.measure !== measure || count === undefined || row.step !== 100) return row;
    return { ...row, value: Number((count / of).toPrecision(7)), pairs: row.pairs === 0 ? 0 : of };
  });
}

test.each([
  // p of all combinations of signs, by enumeration on whole numbers; with rounded shares 0.023 and 0.031 came out.
  [600, [560, 546, 555, 557, 540, 543, 562, 561, 553], [2, -1, 1, -1, 3, 3, 5, 1, 2], 26 / 2 ** 9],
  [6000, [5464, 5666, 5460, 5453, 5581, 5651, 5463, 5585], [11, 13, 7, 7, 0, -7, 20, 20], 16 / 2 ** 8],
] as const)('an exact p counts equal gains of %i pairs as equal, which files round', (pairs, standard, gains, p) => {
  const plan = { ...PLAN, conditions: PLAN.conditions.slice(0, 1), seeds: standard.map((_, index) => index + 1) };
  const blend = standard.map((count, index) => count + (gains[index] ?? 0));
  const { comparisons } = analyse(plan, rowsOfCounts(plan, 'accuracy', pairs, { standard, blend }));
  const [primary] = comparisons;
  expect(primary).toMatchObject({ primary: true, claimed: false });
  expect(primary?.statistics?.p).toBe(p);
});

test('so it does of 24 filters, and equal differences have no spread', () => {
  const standard = [18, 9, 7, 16, 4, 12, 4, 16, 6, 12, 15];
  const gains = [-1, -1, -2, -3, 1, -4, 1, -1, -1, -4, -1];
  const plan = {
    ...PLAN,
    config: { ...DEFAULT_CONFIG, filters: 24 },
    conditions: PLAN.conditions.slice(0, 1),
    seeds: standard.map((_, index) => index + 1),
  };
  const inactive = (changes: readonly number[]) => {
    const blend = standard.map((count, index) => count + (changes[index] ?? 0));
    const { comparisons } = analyse(plan, rowsOfCounts(plan, 'inactive_share', 24, { standard, blend }));
    return comparisons.find(({ outcome }) => outcome.measure === 'inactive_share')?.statistics;
  };
  expect(inactive(gains)?.p).toBe(60 / 2 ** 11);
  expect(inactive(gains.map(() => -1))?.deviation).toBe(0);
});

test('rows that do not count are in no curve, and a run that was finished later has not failed', () => {
  const plan = { ...PLAN, conditions: PLAN.conditions.slice(0, 1), seeds: [1, 2, 3] };
  const rows = rowsOf({ ...plan, seeds: [1, 2, 3, 50] }, 0.01, 0.002);
  const failed = (seed: number, reason: string): ResultRow => ({
    ...(rows[0] ?? expect.fail('no row')),
    ...{ seed, condition: 'blend', value: Number.NaN, state: 'failed', reason },
  });
  // Seed 2 was trained by both, seed 50 is not planned.
  const mixed = rows.map((row) => (row.seed === 2 && row.condition === 'blend' ? { ...row, engine: 'torch' } : row));
  const all = [failed(1, 'lost'), failed(50, 'other'), ...mixed];
  expect([...new Set(countedRows(plan, all).map(({ seed }) => seed))]).toEqual([1, 3]);
  expect(failedRows(plan, all)).toEqual([]);
  const without = all.filter((row) => row.seed !== 1 || row.state === 'failed');
  expect(failedRows(plan, without).map(({ seed, reason }) => `${seed} ${reason}`)).toEqual(['1 lost']);
});
