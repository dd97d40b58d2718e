import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Interval } from './bootstrap.ts';
import { FOLDS, foldRanges } from './folds.ts';

/** A paired t-test over folds. */
export interface FoldTest {
  /** 95 % interval of the mean gain, as a share of the pairs. */
  readonly interval: Interval;
  /** Two-sided: chance of a mean gain at least this far from zero if both arms were equally good. */
  readonly chance: number;
}

/**
 * The paired t-test over the ten folds. `gain` [P]: 1 where only the second arm judges a pair rightly, -1 where only the
 * first does, else 0; folds are ten contiguous blocks.
 *
 * Ten numbers are too few for a percentile bootstrap: drawing whole folds claims a difference between equal arms in 9 to
 * 10 % of all cases. The t-test with nine degrees of freedom does so in 5 %, also where the pairs of a fold depend on each
 * other (fold-test.test.ts simulates both).
 */
export function foldTest(gain: Int8Array): FoldTest {
  // Folds would be empty: of so few same-person pairs a true-accept rate says nothing.
  if (gain.length < FOLDS) return { interval: [-1, 1], chance: 1 };
  const gains = foldRanges(gain.length).map(
    ({ start, end }) => gain.subarray(start, end).reduce((sum, value) => sum + value, 0) / (end - start),
  );
  const freedom = gains.length - 1;
  const spread = gains.some((value) => value !== gains[0]);
  const mean = gains.reduce((sum, value) => sum + value, 0) / gains.length;
  const variance = gains.reduce((sum, value) => sum + (value - mean) ** 2, 0) / freedom;
  const error = spread ? Math.sqrt(variance / gains.length) : 0;
  const reach = tQuantile(0.975, freedom) * error;
  // Folds that all gain the same have no spread to judge by: without a gain nothing differs, else McNemar's test decides.
  const chance = error === 0 ? Number(mean === 0) : 2 * tCdf(-Math.abs(mean / error), freedom);
  return { interval: [mean - reach, mean + reach], chance };
}
