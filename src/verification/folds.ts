import { mean } from '../config/average.ts';
import { VerificationProblem } from './problem.ts';

/** A contiguous block of pairs, [start, end). */
export interface FoldRange {
  readonly start: number;
  readonly end: number;
}

/** One fold held out: the threshold that is best on the other nine, and its result here. */
export interface FoldResult {
  /** Squared distance below which a pair counts as the same person. */
  readonly threshold: number;
  /** Share of this fold's pairs judged rightly. */
  readonly accuracy: number;
}

/** Accuracy as face recognition reports it. */
export interface FoldAccuracy {
  /** Mean over the folds, 0 to 1. */
  readonly accuracy: number;
  /** Population deviation over the folds (divided by their number). */
  readonly deviation: number;
  readonly folds: readonly FoldResult[];
}

export const FOLDS = 10;

/** Thresholds 0, 0.01, ... 3.99 of the accuracy. */
const ACCURACY_THRESHOLDS = { count: 400, step: 0.01 } as const;

/** Contiguous folds of `count` pairs; the first (count mod folds) have one pair more. As KFold(shuffle=False). */
export function foldRanges(count: number, folds: number = FOLDS): readonly FoldRange[] {
  const size = Math.floor(count / folds);
  const larger = count % folds;
  return Array.from({ length: folds }, (_, fold) => ({
    start: fold * size + Math.min(fold, larger),
    end: (fold + 1) * size + Math.min(fold + 1, larger),
  }));
}

/**
 * Ten-fold verification accuracy, as in InsightFace's eval/verification.py: for each fold the threshold with the best
 * accuracy on the other nine (the lowest of equals), then the accuracy on the fold. "Same" means distance < threshold,
 * strictly; a distance that is not a number counts as different.
 *
 * `distances` [P] squared, 0 to 4; `same` [P], 1 where both images show one person. Pairs should come in balanced
 * blocks.
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs` (fewer pairs than folds)
 */
export function foldAccuracy(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  folds: number = FOLDS,
): FoldAccuracy {
  checkPairs(distances, same, folds);
  const { count, step } = ACCURACY_THRESHOLDS;
  const ranges = foldRanges(distances.length, folds);
  const right = ranges.map((range) => rightByThreshold(distances, same, range, count, step));
  const all = sumColumns(right, count);
  const results = ranges.map(({ start, end }, fold): FoldResult => {
    let best = 0;
    for (let t = 1; t < count; t++) {
      if (elsewhere(all, right[fold], t) > elsewhere(all, right[fold], best)) best = t;
    }
    return { threshold: best * step, accuracy: (right[fold]?.[best] ?? 0) / (end - start) };
  });
  const accuracies = results.map((result) => result.accuracy);
  return { accuracy: mean(accuracies), deviation: populationDeviation(accuracies), folds: results };
}

/** Standard deviation divided by the number of values, not by one less. */
export function populationDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/**
 * The lowest index t with distance < t * step, 0 .. count (count: at no threshold).
 * Found by comparing with the very numbers t * step, since a division may round across one.
 */
export function firstThresholdAbove(distance: number, count: number, step: number): number {
  if (!(distance < (count - 1) * step)) return count;
  let t = Math.max(0, Math.floor(distance / step));
  while (t > 0 && distance < (t - 1) * step) t--;
  while (t < count && distance >= t * step) t++;
  return t;
}

/** @throws VerificationProblem `sizes-differ`, `too-few-pairs` */
export function checkPairs(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  folds: number = FOLDS,
): void {
  if (distances.length !== same.length) {
    throw new VerificationProblem(
      'sizes-differ',
      `There are ${distances.length} pairs, but ${same.length} answers whether they show one person.`,
      'Give one answer for each pair.',
    );
  }
  if (distances.length < folds) {
    throw new VerificationProblem(
      'too-few-pairs',
      `${distances.length} pairs cannot be cut into ${folds} folds.`,
      `Use at least ${folds} pairs; the benchmarks have 6,000.`,
    );
  }
}

/** How many pairs of the range are judged rightly at each threshold, [count]. */
function rightByThreshold(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  { start, end }: FoldRange,
  count: number,
  step: number,
): Int32Array {
  // At threshold 0 every pair is "different"; a pair changes sides at the first threshold above its distance.
  const change = new Int32Array(count + 1);
  let right = 0;
  for (let pair = start; pair < end; pair++) {
    const t = firstThresholdAbove(distances[pair] ?? Number.NaN, count, step);
    if (same[pair]) change[t] = (change[t] ?? 0) + 1;
    else {
      change[t] = (change[t] ?? 0) - 1;
      right++;
    }
  }
  return Int32Array.from({ length: count }, (_, t) => {
    right += change[t] ?? 0;
    return right;
  });
}

function elsewhere(all: Int32Array, fold: Int32Array | undefined, t: number): number {
  return (all[t] ?? 0) - (fold?.[t] ?? 0);
}

function sumColumns(rows: readonly Int32Array[], count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, t) => rows.reduce((sum, row) => sum + (row[t] ?? 0), 0));
}
