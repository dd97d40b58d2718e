import { foldRanges } from './folds.ts';

/** The order in which pairs are cut into ten folds. */
export interface PairOrder {
  /** [P]: pair number `order[i]` is the i-th. */
  readonly order: Int32Array<ArrayBuffer>;
  /** Whether this is the order the pairs came in. */
  readonly asGiven: boolean;
}

/** Shares of same pairs may differ by this much between a fold and all pairs; the benchmarks' do not differ at all. */
const TOLERANCE = 0.1;

/**
 * Whether pairs come in ten balanced blocks, which the protocol's contiguous folds take for granted: LFW has 300 same
 * and 300 different ones, ten times. A file of one fold has all same pairs first; its folds then hold one kind each,
 * and thresholds chosen on nine of them mean nothing on the tenth.
 */
export function hasBalancedFolds(same: ArrayLike<number | boolean>): boolean {
  const all = Uint8Array.from(same, Number);
  const share = meanOf(all);
  return foldRanges(all.length).every(
    ({ start, end }) => start === end || Math.abs(meanOf(all.subarray(start, end)) - share) < TOLERANCE,
  );
}

/**
 * The order in which the ten folds should be cut: as given where they are balanced, as the reference
 * implementation does; else same and different pairs spread evenly, so that every fold holds both.
 */
export function foldOrder(same: ArrayLike<number | boolean>): PairOrder {
  if (!hasBalancedFolds(same)) return { order: interleavedOrder(same), asGiven: false };
  return { order: Int32Array.from({ length: same.length }, (_, pair) => pair), asGiven: true };
}

/**
 * Pairs spread so that every stretch holds same and different ones in the proportion of all; each kind stays in order.
 */
export function interleavedOrder(same: ArrayLike<number | boolean>): Int32Array<ArrayBuffer> {
  const place = new Float64Array(same.length);
  const pairs = Array.from({ length: same.length }, (_, pair) => pair);
  for (const answer of [false, true]) {
    const ofKind = pairs.filter((pair) => Boolean(same[pair]) === answer);
    for (const [index, pair] of ofKind.entries()) place[pair] = (index + 0.5) / ofKind.length;
  }
  return Int32Array.from(pairs.sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0) || a - b));
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
