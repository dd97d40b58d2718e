import { mean } from '../config/average.ts';
import { extent } from '../config/extent.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { holm } from '../verification/significance.ts';
import { axesPoints, axesText } from './axes.ts';

import { conditionsOf } from './cells.ts';
import { type FinalValue, FinalValues } from './final-values.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { mixedRuns, type Outcome, type ResultRow, rowsByCell } from './results.ts';
import { type NullCheck, nullCheck } from './statistics/null-check.ts';
import { isClaimed, type PairedStatistics, pairedStatistics } from './statistics/paired.ts';
import { meanInterval } from './statistics/student.ts';

/** One seed under Standard and under a condition. */
export interface SeedPair {
  readonly seed: number;
  readonly standard: number;
  readonly condition: number;
}

/** A condition against Standard in one outcome, paired by seed. Values are shares: 0.01 is one point. */
export interface Comparison {
  readonly axes: string;
  readonly condition: string;
  readonly outcome: Outcome;
  readonly pairs: readonly SeedPair[];
  /** Seeds that are left out, since their two runs were measured at different steps, or on other pairs than the rest. */
  readonly unlike: number;
  /** The fewest and the most face pairs that a seed was tested on; undefined where they are not known. */
  readonly tested: readonly [fewest: number, most: number] | undefined;
  /** Of the differences condition - Standard; undefined below two seeds. */
  readonly statistics: PairedStatistics | undefined;
  /** Settled in the plan as the one that is not corrected. */
  readonly primary: boolean;
  /** p by Holm's correction over all comparisons but the primary one; the plain p of the primary one. */
  readonly corrected: number | undefined;
  /** How many comparisons Holm corrects together with this one, itself included; 1 of the primary one. */
  readonly family: number;
  /** By `isClaimed` with the corrected p. */
  readonly claimed: boolean;
}

/** A condition's own values in one outcome. */
export interface ConditionValues {
  readonly axes: string;
  readonly condition: string;
  readonly outcome: Outcome;
  readonly seeds: readonly { readonly seed: number; readonly value: number }[];
  readonly mean: number;
  /** 95 % t-interval; undefined below two seeds. */
  readonly interval: Interval | undefined;
}

export interface StudyAnalysis {
  /** Seeds whose cells are all done, and planned ones. Results are interim until they are equal. */
  readonly complete: number;
  readonly planned: number;
  /** Of the planned ones, those that were added after the plan. */
  readonly added: number;
  readonly failed: number;
  readonly values: readonly ConditionValues[];
  readonly comparisons: readonly Comparison[];
  /** Of each test the number of pairs that most of its runs have, and how many runs with others are left out of it. */
  readonly apart: readonly {
    readonly axes: string;
    readonly outcome: Outcome;
    readonly pairs: number;
    readonly runs: number;
  }[];
  /** The A/A check of each accuracy at each point of the axes where there are seeds enough. */
  readonly nullChecks: readonly { readonly axes: string; readonly outcome: Outcome; readonly check: NullCheck }[];
}

/** Outcomes of the first layer, which every study has. */
const FILTER_OUTCOMES: readonly Outcome[] = [
  { measure: 'inactive_share', benchmark: '' },
  { measure: 'unused_share', benchmark: '' },
];

/** Outcomes whose values are shown, and which are not compared with Standard. */
const SHOWN_OUTCOMES = (
  [
    'relative_inactive_share',
    'reactivations',
    'survival_next',
    'decay_survival_next',
    'survival_end',
    'decay_survival_end',
  ] as const
).map((measure): Outcome => ({ measure, benchmark: '' }));

/** The evaluations of a study, the primary one first: accuracies, and true-accept rates of templates. */
function testsOf({ evaluations, primary }: StudyPlan, rows: readonly ResultRow[]): readonly Outcome[] {
  const names = new Set([primary, HELD_OUT, ...evaluations.map(({ name }) => name)]);
  const templates = new Set(rows.flatMap(({ measure, benchmark }) => (measure === 'tar' ? [benchmark] : [])));
  return [...names].map((benchmark) => ({ measure: templates.has(benchmark) ? 'tar' : 'accuracy', benchmark }));
}

/** Whether an outcome is compared with Standard: tests of faces, inactive and unused shares. */
export function isCompared(outcome: Outcome): boolean {
  return isTest(outcome) || FILTER_OUTCOMES.some(({ measure }) => measure === outcome.measure);
}

/** Whether an outcome is that of a test of faces, and not of the first layer. */
export function isTest({ measure }: Outcome): boolean {
  return measure === 'accuracy' || measure === 'tar';
}

/**
 * The statistics of a study from its results so far. Rows of other seeds and conditions than the plan's
 * are left out, and so are seeds that PyTorch and the playground share.
 */
export function analyse(plan: StudyPlan, rows: readonly ResultRow[]): StudyAnalysis {
  const points = axesPoints(plan.axes).map(axesText);
  const conditions = conditionsOf(plan).map(({ name }) => name);
  const ended = endedCells(plan, rows);
  const done = countedCells(ended);
  const cellsDone = new Map<number, number>();
  for (const { seed } of done) cellsDone.set(seed, (cellsDone.get(seed) ?? 0) + 1);
  const finals = new FinalValues(
    plan,
    done.map((cell) => cell.rows),
  );
  const outcomes = [...testsOf(plan, rows), ...FILTER_OUTCOMES];
  const each = <Result>(make: (axes: string, outcome: Outcome) => readonly Result[], some = outcomes) =>
    points.flatMap((axes) => some.flatMap((outcome) => make(axes, outcome)));
  const first = { axes: points[0], condition: plan.conditions[0]?.name };
  return {
    complete: plan.seeds.filter((seed) => cellsDone.get(seed) === points.length * conditions.length).length,
    planned: plan.seeds.length,
    added: plan.seeds.filter((seed) => plan.addedSeeds?.includes(seed)).length,
    failed: ended.filter(({ finished }) => finished.length === 0).length,
    values: each(
      (axes, outcome) => conditions.flatMap((condition) => valuesOf(finals, axes, condition, outcome)),
      [...outcomes, ...SHOWN_OUTCOMES],
    ),
    comparisons: judged(
      each((axes, outcome) =>
        plan.conditions.map(({ name: condition }) => ({
          ...pairedBySeed(finals, axes, condition, outcome),
          primary: outcome.benchmark === plan.primary && axes === first.axes && condition === first.condition,
        })),
      ),
    ),
    apart: each((axes, outcome) => {
      const runs = conditions.reduce((sum, condition) => sum + finals.apart(axes, condition, outcome).size, 0);
      return runs === 0 ? [] : [{ axes, outcome, pairs: finals.pairs(axes, outcome), runs }];
    }),
    nullChecks: each((axes, outcome) => {
      if (!isTest(outcome)) return [];
      const check = nullCheck([...finals.of(axes, 'standard', outcome).values()].map(({ value }) => value));
      return check === undefined ? [] : [{ axes, outcome, check }];
    }),
  };
}

/** Those of the rows that count: of finished runs of the plan, and of one engine in each seed. */
export function countedRows(plan: StudyPlan, rows: readonly ResultRow[]): readonly ResultRow[] {
  return countedCells(endedCells(plan, rows)).flatMap((cell) => cell.rows);
}

/** The ends of finished runs that are none of the plan's, and are left out: of other seeds, conditions or settings. */
export function unplannedRuns(plan: StudyPlan, rows: readonly ResultRow[]): readonly ResultRow[] {
  const planned = new Set(endedCells(plan, rows).flatMap(({ finished }) => finished));
  return rows.filter((row) => row.measure === 'run' && row.state === 'done' && !planned.has(row));
}

/** Of each planned run that failed and was not finished later the row that says why. */
export function failedRows(plan: StudyPlan, rows: readonly ResultRow[]): readonly ResultRow[] {
  return endedCells(plan, rows).flatMap((cell) =>
    cell.finished.length > 0 ? [] : cell.rows.filter(({ state }) => state === 'failed').slice(-1),
  );
}

function countedCells(ended: ReturnType<typeof endedCells>): ReturnType<typeof endedCells> {
  const mixed = new Set(mixedRuns(ended.flatMap(({ finished }) => finished)));
  return ended.filter(({ finished }) => finished.length > 0 && !finished.some((end) => mixed.has(end)));
}

/** The planned cells that have ended, each with its rows and those of them that say that a run finished. */
function endedCells(plan: StudyPlan, rows: readonly ResultRow[]) {
  const seeds = new Set(plan.seeds);
  const points = new Set(axesPoints(plan.axes).map(axesText));
  const conditions = new Set(conditionsOf(plan).map(({ name }) => name));
  return [...rowsByCell(rows).values()].flatMap((own) => {
    const ends = own.filter(({ measure }) => measure === 'run');
    const [end] = ends;
    if (end === undefined || !seeds.has(end.seed) || !points.has(end.axes) || !conditions.has(end.condition)) return [];
    return [{ seed: end.seed, rows: own, finished: ends.filter(({ state }) => state === 'done') }];
  });
}

function valuesOf(finals: FinalValues, axes: string, condition: string, outcome: Outcome): readonly ConditionValues[] {
  const seeds = [...finals.of(axes, condition, outcome)].map(([seed, { value }]) => ({ seed, value }));
  if (seeds.length === 0) return [];
  const values = seeds.map(({ value }) => value);
  return [{ axes, condition, outcome, seeds, mean: mean(values), interval: meanInterval(values) }];
}

function pairedBySeed(finals: FinalValues, axes: string, condition: string, outcome: Outcome) {
  const standard = finals.all(axes, 'standard', outcome);
  const both = [...finals.all(axes, condition, outcome)].flatMap(([seed, own]) => {
    const other = standard.get(seed);
    return other === undefined ? [] : [{ seed, standard: other, condition: own }];
  });
  const apart = [condition, 'standard'].map((name) => finals.apart(axes, name, outcome));
  const alike = both.filter(
    (pair) => isAlike(pair.standard, pair.condition) && !apart.some((seeds) => seeds.has(pair.seed)),
  );
  const tested = extent(alike.flatMap((pair) => (pair.condition.pairs > 0 ? [pair.condition.pairs] : [])));
  const pairs = alike.map(
    (pair): SeedPair => ({ ...pair, standard: pair.standard.value, condition: pair.condition.value }),
  );
  const statistics = pairedStatistics(pairs.map(differenceOf));
  return { axes, condition, outcome, pairs, unlike: both.length - pairs.length, tested, statistics };
}

/** Whether two values may be compared: at the same step, and on as many pairs where both numbers are known. */
function isAlike(one: FinalValue, other: FinalValue): boolean {
  const known = one.pairs > 0 && other.pairs > 0;
  return one.step === other.step && (!known || one.pairs === other.pairs);
}

/** Condition - Standard. Gains of as many pairs are equal numbers, which they are not where shares are subtracted. */
function differenceOf({ standard, condition }: SeedPair): number {
  return Math.round(1e12 * (condition - standard)) / 1e12;
}

/** Holm's correction over all comparisons but the primary one, and the claims. */
function judged(found: readonly Omit<Comparison, 'corrected' | 'family' | 'claimed'>[]): readonly Comparison[] {
  const family = found.filter(({ primary, statistics }) => !primary && statistics);
  const corrected = holm(family.map(({ statistics }) => statistics?.p ?? 1));
  return found.map((comparison) => {
    const { statistics } = comparison;
    const place = family.indexOf(comparison);
    const p = place < 0 ? statistics?.p : corrected[place];
    return {
      ...comparison,
      corrected: p,
      family: place < 0 ? 1 : family.length,
      claimed: statistics !== undefined && isClaimed({ ...statistics, p: p ?? 1 }),
    };
  });
}
