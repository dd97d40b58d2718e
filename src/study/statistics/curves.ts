import { mean } from '../../config/average.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import type { Outcome, ResultRow } from '../results.ts';
import { meanInterval } from './student.ts';

/** A measure over training: each seed's own points, and the mean of all at the measured steps. */
export interface Curve {
  readonly seeds: readonly { readonly seed: number; readonly points: readonly CurvePoint[] }[];
  readonly means: readonly (CurvePoint & { readonly seeds: number; readonly interval: Interval | undefined })[];
}

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** The curve of an outcome over rows of one condition at one point of the axes. Nothing is interpolated. */
export function curveOf(rows: readonly ResultRow[], { measure, benchmark }: Outcome): Curve {
  // Of a step that a file has twice the later value.
  const found = new Map<number, Map<number, number>>();
  for (const { seed, step, value, ...row } of rows) {
    if (row.measure !== measure || row.benchmark !== benchmark || Number.isNaN(value)) continue;
    found.set(seed, (found.get(seed) ?? new Map<number, number>()).set(step, value));
  }
  const rising = (one: CurvePoint, other: CurvePoint) => one.step - other.step;
  const seeds = [...found].map(([seed, values]) => ({
    seed,
    points: [...values].map(([step, value]) => ({ step, value })).toSorted(rising),
  }));
  const byStep = new Map<number, number[]>();
  for (const { step, value } of seeds.flatMap(({ points }) => points)) pushTo(byStep, step, value);
  return {
    seeds,
    means: [...byStep]
      .map(([step, values]) => ({ step, value: mean(values), seeds: values.length, interval: meanInterval(values) }))
      .toSorted(rising),
  };
}

function pushTo<Value>(lists: Map<number, Value[]>, key: number, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
