import { claims } from '../verification/significance.ts';

/** The difference of two networks' accuracy on the same pairs, as shares: 0.01 is one point. */
export interface AccuracyDifference {
  readonly value: number;
  /** 95 % interval, as verification/significance.ts has it. */
  readonly low: number;
  readonly high: number;
  /** p of the claim; below 0.05 and with an interval that excludes zero a difference of these two networks is clear. */
  readonly chance: number;
  readonly pairs: number;
}

/** Whether the two networks differ clearly: both tests and the interval say so. One comparison is one run's. */
export function isClear({ low, high, chance }: AccuracyDifference): boolean {
  return claims([{ interval: [low, high], chance }])[0] ?? false;
}

/** A row of the table `difference` of a run's history. */
export const DIFFERENCE_WIDTH = 5;

/** [5], for the table. */
export function differenceRow({ value, low, high, chance, pairs }: AccuracyDifference): Float32Array<ArrayBuffer> {
  return Float32Array.of(value, low, high, chance, pairs);
}

/** A difference out of its row in the table. */
export function differenceOfRow(row: ArrayLike<number>): AccuracyDifference {
  const [value = Number.NaN, low = Number.NaN, high = Number.NaN, chance = 1, pairs = 0] = Array.from(row);
  return { value, low, high, chance, pairs };
}
