import { mean } from '../../config/average.ts';
import { stream } from '../../config/random.ts';

/** Differences of whose signs all combinations are counted; 2^20 of them. */
export const MOST_EXACT = 20;
/** Combinations that are drawn of more. */
export const SAMPLED = 100_000;
/** Signs that are drawn with one random number. */
const COINS = 30;

export interface SignFlip {
  /** Two-sided. */
  readonly p: number;
  /** Counted over all combinations of signs, or over `SAMPLED` drawn ones. */
  readonly method: 'exact' | 'sampled';
}

/**
 * Sign-flip permutation test of paired differences: how often a mean at least this far from zero would come out if the
 * sign of each difference were a coin's. No distribution is assumed, only that equal arms swap freely.
 */
export function signFlip(differences: readonly number[]): SignFlip {
  const total = mean(differences) * differences.length;
  // Sums in another order round differently; equal ones are to count.
  const reach = Math.abs(total) - 1e-9 * differences.reduce((sum, value) => sum + Math.abs(value), 0);
  return differences.length <= MOST_EXACT
    ? { p: exact(differences, reach), method: 'exact' }
    : { p: sampled(differences, reach), method: 'sampled' };
}

/** The smallest p that so many differences can have: all of one sign. */
export function smallestP(count: number): number {
  return count <= MOST_EXACT ? Math.min(1, 2 / 2 ** count) : 1 / (SAMPLED + 1);
}

/** In the order of Gray's code each combination differs from the last in one sign. The first sign is fixed by symmetry. */
function exact(differences: readonly number[], reach: number): number {
  const free = differences.length - 1;
  const signed = [...differences];
  let sum = differences.reduce((all, value) => all + value, 0);
  let extreme = Math.abs(sum) >= reach ? 1 : 0;
  for (let code = 1; code < 2 ** free; code++) {
    const flipped = 1 + Math.log2(code & -code);
    sum -= 2 * (signed[flipped] ?? 0);
    signed[flipped] = -(signed[flipped] ?? 0);
    if (Math.abs(sum) >= reach) extreme++;
  }
  return extreme / 2 ** free;
}

function sampled(differences: readonly number[], reach: number): number {
  const uniform = stream(1, 'sign-flip', differences.length);
  let extreme = 0;
  for (let draw = 0; draw < SAMPLED; draw++) {
    let sum = 0;
    let signs = 0;
    for (let place = 0; place < differences.length; place++) {
      // A random number for every sign takes seconds of a hundred seeds.
      if (place % COINS === 0) signs = Math.floor(uniform() * 2 ** COINS);
      const value = differences[place] ?? 0;
      sum += (signs >> (place % COINS)) & 1 ? value : -value;
    }
    if (Math.abs(sum) >= reach) extreme++;
  }
  return (extreme + 1) / (SAMPLED + 1);
}
