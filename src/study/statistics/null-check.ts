import { permutation, stream } from '../../config/random.ts';
import { excludesZero, isClaimed } from './paired.ts';
import { FEWEST_SEEDS } from './power.ts';
import { signFlip } from './sign-flip.ts';
import { meanInterval } from './student.ts';

const PAIRINGS = 400;

/** How often the rule claims a difference between seeds of one condition. */
export interface NullCheck {
  readonly claims: number;
  readonly pairings: number;
  /** Differences of each pairing: half of the seeds. */
  readonly differences: number;
}

/** Seeds of Standard of which the check can be made. */
export const NULL_CHECK_SEEDS = 2 * FEWEST_SEEDS;

/**
 * A/A check: seeds of Standard are paired with each other at random, many times, and each time the rule of a verdict
 * judges the differences. A random order makes each sign a coin's, so that at most about 5 in 100 are claimed for any
 * values: it shows the rule's level, and nothing about the training. Undefined below twelve seeds, since the rule
 * takes six differences or more.
 */
export function nullCheck(values: readonly number[], pairings: number = PAIRINGS): NullCheck | undefined {
  if (values.length < NULL_CHECK_SEEDS) return undefined;
  const uniform = stream(1, 'null-check', values.length);
  const differences = Math.floor(values.length / 2);
  let claims = 0;
  for (let pairing = 0; pairing < pairings; pairing++) {
    const order = permutation(values.length, uniform);
    const gains = Array.from({ length: differences }, (_, pair) => {
      const [first, second] = [order[2 * pair] ?? 0, order[2 * pair + 1] ?? 0];
      return (values[second] ?? 0) - (values[first] ?? 0);
    });
    const interval = meanInterval(gains);
    // Nothing is claimed then, and the sign-flip test takes long.
    if (interval === undefined || !excludesZero(interval)) continue;
    if (isClaimed({ seeds: differences, interval, p: signFlip(gains).p })) claims++;
  }
  return { claims, pairings, differences };
}
