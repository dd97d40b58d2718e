import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { smallestP } from './sign-flip.ts';

/** Below it no difference of accuracies is claimed: five pairs cannot reach p < 0.05. */
export const FEWEST_SEEDS = 6;
const MOST_NEEDED = 10_000;

/** The p that a single comparison has to be below. */
export const LEVEL = 0.05;

/**
 * The smallest difference that so many seeds show with 80 % power at a level, from the sample deviation of the paired
 * differences: (t.975 + t.80) sd / sqrt n (Colas et al., arXiv 1806.08295), t.975 at the level of 5 %. In the unit of
 * `deviation`.
 */
export function detectable(deviation: number, seeds: number, level: number = LEVEL): number {
  if (seeds < 2) return Number.NaN;
  return ((tQuantile(1 - level / 2, seeds - 1) + tQuantile(0.8, seeds - 1)) * deviation) / Math.sqrt(seeds);
}

/** Whether the p of so many seeds can be below a level. */
export function canBeClaimed(seeds: number, level: number = LEVEL): boolean {
  return seeds >= FEWEST_SEEDS && smallestP(seeds) < level;
}

/** How many seeds show such a difference with 80 % power, at least six; undefined where 10 000 do not. */
export function seedsNeeded(deviation: number, difference: number, level: number = LEVEL): number | undefined {
  const shows = (seeds: number) => canBeClaimed(seeds, level) && detectable(deviation, seeds, level) <= difference;
  if (!shows(MOST_NEEDED)) return undefined;
  let [enough, tooFew] = [MOST_NEEDED, FEWEST_SEEDS - 1];
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (shows(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
