import { mean } from '../config/average.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { holm } from '../verification/significance.ts';
import { axesPoints, axesText } from './axes.ts';
import { cellsOf, conditionsOf } from './cells.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { cellKey, mixedRuns, type Outcome, type ResultRow } from './results.ts';
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
  /** Of the differences condition - Standard; undefined below two seeds. */
  readonly statistics: PairedStatistics | undefined;
  /** Settled in the plan as the one that is not corrected. */
  readonly primary: boolean;
  /** p by Holm's correction over all comparisons but the primary one; the plain p of the primary one. */
  readonly corrected: number | undefined;
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
  readonly failed: number;
  readonly values: readonly ConditionValues[];
  readonly comparisons: readonly Comparison[];
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
  const cells = cellsOf(plan).map(({ seed, condition, axes }) => ({ seed, axes, condition: condition.name }));
  const planned = new Set(cells.map(cellKey));
  const runs = rows.filter((row) => row.measure === 'run' && planned.has(cellKey(row)));
  const ended = runs.filter(({ state }) => state === 'done');
  const mixed = new Set(mixedRuns(ended));
  const done = new Set(ended.filter((row) => !mixed.has(row)).map(cellKey));
  const finals = new FinalValues(rows.filter((row) => done.has(cellKey(row))));
  const outcomes = [...testsOf(plan, rows), ...FILTER_OUTCOMES];
  const points = axesPoints(plan.axes).map(axesText);
  const each = <Result>(make: (axes: string, outcome: Outcome) => readonly Result[], some = outcomes) =>
    points.flatMap((axes) => some.flatMap((outcome) => make(axes, outcome)));
  const first = { axes: points[0], condition: plan.conditions[0]?.name };
  return {
    complete: plan.seeds.filter((seed) => cells.every((cell) => cell.seed !== seed || done.has(cellKey(cell)))).length,
    planned: plan.seeds.length,
    failed: runs.filter(({ state }) => state === 'failed').length,
    values: each(
      (axes, outcome) =>
        conditionsOf(plan).flatMap(({ name: condition }) => valuesOf(finals, axes, condition, outcome)),
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
    nullChecks: each((axes, outcome) => {
      if (!isTest(outcome)) return [];
      const check = nullCheck([...finals.of(axes, 'standard', outcome).values()]);
      return check === undefined ? [] : [{ axes, outcome, check }];
    }),
  };
}

/** Each cell's values at the last step at which they were measured. */
class FinalValues {
  readonly #byPlace = new Map<string, Map<number, { readonly step: number; readonly value: number }>>();

  constructor(rows: readonly ResultRow[]) {
    for (const { seed, step, value, ...row } of rows) {
      if (Number.isNaN(value)) continue;
      const place = placeOf(row.axes, row.condition, row);
      const seeds = this.#byPlace.get(place) ?? new Map<number, { step: number; value: number }>();
      if ((seeds.get(seed)?.step ?? -1) <= step) seeds.set(seed, { step, value });
      this.#byPlace.set(place, seeds);
    }
  }

  /** By seed. */
  of(axes: string, condition: string, outcome: Outcome): ReadonlyMap<number, number> {
    const seeds = this.#byPlace.get(placeOf(axes, condition, outcome)) ?? [];
    return new Map([...seeds].map(([seed, { value }]) => [seed, value]));
  }
}

function placeOf(axes: string, condition: string, { measure, benchmark }: Outcome): string {
  return JSON.stringify([axes, condition, measure, benchmark]);
}

function valuesOf(finals: FinalValues, axes: string, condition: string, outcome: Outcome): readonly ConditionValues[] {
  const seeds = [...finals.of(axes, condition, outcome)].map(([seed, value]) => ({ seed, value }));
  if (seeds.length === 0) return [];
  const values = seeds.map(({ value }) => value);
  return [{ axes, condition, outcome, seeds, mean: mean(values), interval: meanInterval(values) }];
}

function pairedBySeed(finals: FinalValues, axes: string, condition: string, outcome: Outcome) {
  const standard = finals.of(axes, 'standard', outcome);
  const pairs = [...finals.of(axes, condition, outcome)].flatMap(([seed, value]): SeedPair[] => {
    const other = standard.get(seed);
    return other === undefined ? [] : [{ seed, standard: other, condition: value }];
  });
  const statistics = pairedStatistics(pairs.map((pair) => pair.condition - pair.standard));
  return { axes, condition, outcome, pairs, statistics };
}

/** Holm's correction over all comparisons but the primary one, and the claims. */
function judged(found: readonly Omit<Comparison, 'corrected' | 'claimed'>[]): readonly Comparison[] {
  const family = found.filter(({ primary, statistics }) => !primary && statistics);
  const corrected = holm(family.map(({ statistics }) => statistics?.p ?? 1));
  return found.map((comparison) => {
    const { statistics } = comparison;
    const place = family.indexOf(comparison);
    const p = place < 0 ? statistics?.p : corrected[place];
    return {
      ...comparison,
      corrected: p,
      claimed: statistics !== undefined && isClaimed({ ...statistics, p: p ?? 1 }),
    };
  });
}
