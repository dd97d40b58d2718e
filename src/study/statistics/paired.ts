import { mean } from '../../config/average.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { bcaInterval } from './bca.ts';
import { FEWEST_SEEDS, LEVEL } from './power.ts';
import { type SignFlip, signFlip, smallestP } from './sign-flip.ts';
import { deviation, meanInterval } from './student.ts';

/** The statistics of the differences of the seeds; all in the unit of the differences. */
export interface PairedStatistics extends SignFlip {
  readonly seeds: number;
  readonly mean: number;
  /** Of the sample. */
  readonly deviation: number;
  /** 95 % t-interval of the mean. */
  readonly interval: Interval;
  /** 95 % BCa bootstrap interval; undefined where all differences are equal. */
  readonly bca: Interval | undefined;
  /** No p of so many seeds is smaller. */
  readonly smallestP: number;
}

/** The statistics of paired differences, one a seed; undefined of fewer than two. */
export function pairedStatistics(differences: readonly number[]): PairedStatistics | undefined {
  const interval = meanInterval(differences);
  if (interval === undefined) return undefined;
  return {
    seeds: differences.length,
    mean: mean(differences),
    deviation: deviation(differences),
    interval,
    bca: bcaInterval(differences),
    ...signFlip(differences),
    smallestP: smallestP(differences.length),
  };
}

/** Whether an interval leaves zero out. */
export function excludesZero([low, high]: Interval): boolean {
  return low > 0 || high < 0;
}

/**
 * The rule by which a difference is claimed: six seeds or more, a t-interval without zero, and p below 5 %, corrected
 * where there are several comparisons.
 */
export function isClaimed(statistics: Pick<PairedStatistics, 'seeds' | 'interval' | 'p'>): boolean {
  const { seeds, interval, p } = statistics;
  return seeds >= FEWEST_SEEDS && excludesZero(interval) && p < LEVEL;
}
