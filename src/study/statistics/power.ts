import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Below it no difference of accuracies is claimed: five pairs cannot reach p < 0.05. */
export const FEWEST_SEEDS = 6;
const MOST_NEEDED = 10_000;

/**
 * The smallest difference that so many seeds show with 80 % power at the 5 % level, from the sample deviation of the
 * paired differences: (t.975 + t.80) sd / sqrt n (Colas et al., arXiv 1806.08295). In the unit of `deviation`.
 */
export function detectable(deviation: number, seeds: number): number {
  if (seeds < 2) return Number.NaN;
  return ((tQuantile(0.975, seeds - 1) + tQuantile(0.8, seeds - 1)) * deviation) / Math.sqrt(seeds);
}

/** How many seeds show such a difference with 80 % power, at least six; undefined where 10 000 do not. */
export function seedsNeeded(deviation: number, difference: number): number | undefined {
  if (!(detectable(deviation, MOST_NEEDED) <= difference)) return undefined;
  let [enough, tooFew] = [MOST_NEEDED, FEWEST_SEEDS - 1];
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (detectable(deviation, middle) <= difference) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
