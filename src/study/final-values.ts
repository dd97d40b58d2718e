import { filtersOf } from './cells.ts';
import { exactAccuracy, exactShare } from './exact-share.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import type { Measure, Outcome, ResultRow } from './results.ts';

/** Shares of the first layer's filters. */
const FILTER_SHARES: ReadonlySet<Measure> = new Set(['inactive_share', 'relative_inactive_share', 'unused_share']);

/** Each cell's values at the last step at which they were measured. */
export class FinalValues {
  readonly #byPlace = new Map<string, Map<number, FinalValue>>();
  /** Of each test at a point of the axes the number of pairs that most runs have. */
  readonly #pairs = new Map<string, number>();

  constructor(plan: StudyPlan, cells: readonly (readonly ResultRow[])[]) {
    // Files may hold values that were rounded.
    const filters = filtersOf(plan);
    const counts = new Map<string, Map<number, number>>();
    for (const rows of cells) {
      for (const { seed, axes, condition, measure, benchmark, step, value, pairs } of lastOfEach(rows)) {
        const place = placeOf(axes, condition, { measure, benchmark });
        const seeds = this.#byPlace.get(place) ?? new Map<number, FinalValue>();
        const ofFilters = FILTER_SHARES.has(measure) ? exactShare(value, filters(condition, axes)) : value;
        const exact = measure === 'accuracy' ? exactAccuracy(value, pairs) : ofFilters;
        this.#byPlace.set(place, seeds.set(seed, { step, pairs, value: exact }));
        if (!(pairs > 0) || pairsVary(plan, benchmark)) continue;
        const test = placeOf(axes, '', { measure, benchmark });
        const found = counts.get(test) ?? new Map<number, number>();
        counts.set(test, found.set(pairs, (found.get(pairs) ?? 0) + 1));
      }
    }
    for (const [test, found] of counts) {
      const [most = Number.NaN] = [...found].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
      this.#pairs.set(test, most);
    }
  }

  /** By seed; of a test those on as many pairs as most runs have, since others are of another test. */
  of(axes: string, condition: string, outcome: Outcome): ReadonlyMap<number, FinalValue> {
    const apart = this.apart(axes, condition, outcome);
    return new Map([...this.all(axes, condition, outcome)].filter(([seed]) => !apart.has(seed)));
  }

  /** By seed, those of a test on another number of pairs included. */
  all(axes: string, condition: string, outcome: Outcome): ReadonlyMap<number, FinalValue> {
    return this.#byPlace.get(placeOf(axes, condition, outcome)) ?? new Map();
  }

  /** Seeds whose run was tested on another number of pairs. */
  apart(axes: string, condition: string, outcome: Outcome): ReadonlySet<number> {
    const most = this.pairs(axes, outcome);
    const others = [...this.all(axes, condition, outcome)].filter(([, { pairs }]) => pairs > 0 && pairs !== most);
    return new Set(Number.isNaN(most) ? [] : others.map(([seed]) => seed));
  }

  /** How many pairs most runs have of a test; NaN where that is not known, or seeds have their own. */
  pairs(axes: string, outcome: Outcome): number {
    return this.#pairs.get(placeOf(axes, '', outcome)) ?? Number.NaN;
  }
}

/** Whether seeds may have different numbers of pairs: a seed that decides its people decides the pairs that they make. */
function pairsVary({ bare, seedSettings }: StudyPlan, benchmark: string): boolean {
  const decidesPeople = seedSettings.some((key) => key === 'splitSeed' || key === 'facesSeed');
  return bare === true || (benchmark === HELD_OUT && decidesPeople);
}

/** A value with the step and the pairs at which it was measured. */
export type FinalValue = Pick<ResultRow, 'step' | 'value' | 'pairs'>;

/** Of each measure and benchmark of a cell the row of its last step, of several the later; rows without a value are none. */
function lastOfEach(rows: readonly ResultRow[]): Iterable<ResultRow> {
  const last = new Map<string, ResultRow>();
  for (const row of rows) {
    if (Number.isNaN(row.value)) continue;
    const outcome = `${row.measure} ${row.benchmark}`;
    if ((last.get(outcome)?.step ?? -1) <= row.step) last.set(outcome, row);
  }
  return last.values();
}

function placeOf(axes: string, condition: string, { measure, benchmark }: Outcome): string {
  return JSON.stringify([axes, condition, measure, benchmark]);
}
