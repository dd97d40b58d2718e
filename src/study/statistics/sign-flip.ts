import { mean } from '../../config/average.ts';
import { stream } from '../../config/random.ts';

/** Differences of whose signs all combinations are counted; 2^20 of them. */
export const MOST_EXACT = 20;
/** Combinations that are drawn of more. */
export const SAMPLED = 100_000;
/** Signs that are drawn with one random number. */
const COINS = 30;
/** Signs whose sum is looked up in a table; a part of `COINS`. */
const TABLE = 10;

export interface SignFlip {
  /** Two-sided. */
  readonly p: number;
  /** Counted over all combinations of signs, or over `SAMPLED` drawn ones. */
  readonly method: 'exact' | 'sampled';
}

/**
 * Paired sign-flip permutation test of a mean of zero: how often the sum would be at least as far from zero as it is, if
 * the sign of each difference were a coin's. No distribution is assumed, only that equal arms swap freely.
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

/**
 * Every combination is one of the first half of the differences with one of the second, whose sums are sorted once. The
 * first sign is fixed by symmetry.
 */
function exact(differences: readonly number[], reach: number): number {
  if (reach <= 0) return 1;
  const [first = 0, ...free] = differences;
  const middle = free.length >> 1;
  const second = signSums(free.slice(middle)).sort();
  let extreme = 0;
  for (const sum of signSums(free.slice(0, middle))) {
    extreme += second.length - countBelow(second, reach - first - sum);
    // The sums of the second half lie the same on both sides of zero.
    extreme += second.length - countBelow(second, reach + first + sum);
  }
  return extreme / 2 ** free.length;
}

function sampled(differences: readonly number[], reach: number): number {
  const groups = Math.ceil(differences.length / TABLE);
  const tables = Array.from({ length: groups }, (_, group) =>
    signSums(differences.slice(group * TABLE, (group + 1) * TABLE)),
  );
  const words = Math.ceil(differences.length / COINS);
  const coins = coinsOf(differences.length);
  let extreme = 0;
  for (let draw = 0; draw < SAMPLED; draw++) {
    let sum = 0;
    for (const [group, table] of tables.entries()) {
      const place = group * TABLE;
      const signs = (coins[draw * words + Math.floor(place / COINS)] ?? 0) >> (place % COINS);
      sum += table[signs & (table.length - 1)] ?? 0;
    }
    if (Math.abs(sum) >= reach) extreme++;
  }
  return (extreme + 1) / (SAMPLED + 1);
}

/** The sum of the values under each combination of signs: bit n of the index is set where value n is added. */
function signSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  sums[0] = 0;
  for (const [place, value] of values.entries()) {
    const known = 2 ** place;
    for (let index = 0; index < known; index++) {
      const sum = sums[index] ?? 0;
      sums[index] = sum - value;
      sums[index + known] = sum + value;
    }
  }
  return sums;
}

/** How many of rising values are below one. */
function countBelow(rising: Float64Array, value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

let drawn: { readonly count: number; readonly coins: Int32Array } | undefined;

/** [SAMPLED, words] of `COINS` signs each. All comparisons of a study have the same, so the last are kept. */
function coinsOf(count: number): Int32Array {
  if (drawn?.count !== count) {
    const uniform = stream(1, 'sign-flip', count);
    const coins = new Int32Array(SAMPLED * Math.ceil(count / COINS));
    for (let word = 0; word < coins.length; word++) coins[word] = Math.floor(uniform() * 2 ** COINS);
    drawn = { count, coins };
  }
  return drawn.coins;
}
