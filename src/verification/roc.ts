import { mean } from '../config/average.ts';
import { checkPairs, FOLDS, firstThresholdAbove, foldRanges, populationDeviation } from './folds.ts';
import { VerificationProblem } from './problem.ts';

/** False-accept rates a table of face recognition reports. */
export const REPORTED_FARS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const;

/** Thresholds 0, 0.001, ... 3.999 of TAR@FAR over folds. */
const FAR_THRESHOLDS = { count: 4000, step: 0.001 } as const;

/** A receiver operating characteristic, from (0, 0) to (1, 1); the points are [n] each and ascending. */
export interface RocCurve {
  readonly falseAcceptRates: Float64Array<ArrayBuffer>;
  readonly trueAcceptRates: Float64Array<ArrayBuffer>;
  /** The largest squared distance accepted at each point; -Infinity at (0, 0). */
  readonly thresholds: Float64Array<ArrayBuffer>;
  /** How many pairs of different people there are: no false-accept rate below 1 / this can be distinguished from 0. */
  readonly differentPairs: number;
  readonly samePairs: number;
}

/** TAR at a false-accept rate, over the folds. */
export interface TarAtFar {
  /** The rate asked for. */
  readonly far: number;
  /** Mean and population deviation over the folds of the true-accept rate. */
  readonly tar: number;
  readonly deviation: number;
  /** Mean false-accept rate that the thresholds gave on the held-out folds. */
  readonly measuredFar: number;
}

/**
 * The ROC of squared distances [P], lower where a pair is more alike. As scikit-learn's roc_curve of the negated
 * distances, its dropping of points in the middle of a straight run included, so that the rates at the nearest point
 * are the same. Memory: two sorted copies of the distances, and without ties at most some four points a same-person
 * pair.
 * @throws VerificationProblem `sizes-differ`, `one-kind-of-pair`
 */
export function rocCurve(distances: ArrayLike<number>, same: ArrayLike<number | boolean>): RocCurve {
  const { alike, unlike } = splitDistances(distances, same);
  const points = { falseAccepts: [0], trueAccepts: [0], thresholds: [Number.NEGATIVE_INFINITY] };
  let accepted = { falseAccepts: 0, trueAccepts: 0, threshold: Number.NEGATIVE_INFINITY };
  let before: typeof accepted | undefined;
  let pending: typeof accepted | undefined;
  const keep = (point: typeof accepted) => {
    points.falseAccepts.push(point.falseAccepts);
    points.trueAccepts.push(point.trueAccepts);
    points.thresholds.push(point.threshold);
  };
  let a = 0;
  let u = 0;
  while (a < alike.length || u < unlike.length) {
    const threshold = Math.min(alike[a] ?? Number.POSITIVE_INFINITY, unlike[u] ?? Number.POSITIVE_INFINITY);
    while (a < alike.length && (alike[a] ?? 0) <= threshold) a++;
    while (u < unlike.length && (unlike[u] ?? 0) <= threshold) u++;
    accepted = { falseAccepts: u, trueAccepts: a, threshold };
    if (pending !== undefined && (before === undefined || isCorner(before, pending, accepted))) keep(pending);
    before = pending;
    pending = accepted;
  }
  if (pending !== undefined) keep(pending);
  return {
    falseAcceptRates: Float64Array.from(points.falseAccepts, (count) => count / unlike.length),
    trueAcceptRates: Float64Array.from(points.trueAccepts, (count) => count / alike.length),
    thresholds: Float64Array.from(points.thresholds),
    differentPairs: unlike.length,
    samePairs: alike.length,
  };
}

/** Area under the ROC, 0 to 1: the chance that a same-person pair is closer than a different-person one. */
export function areaUnder(roc: RocCurve): number {
  let area = 0;
  for (let i = 1; i < roc.falseAcceptRates.length; i++) {
    const width = (roc.falseAcceptRates[i] ?? 0) - (roc.falseAcceptRates[i - 1] ?? 0);
    area += (width * ((roc.trueAcceptRates[i] ?? 0) + (roc.trueAcceptRates[i - 1] ?? 0))) / 2;
  }
  return area;
}

/**
 * Equal error rate: where as many different pairs are accepted as same pairs rejected, along the ROC's straight lines.
 */
export function equalErrorRate(roc: RocCurve): number {
  for (let i = 1; i < roc.falseAcceptRates.length; i++) {
    const far = roc.falseAcceptRates[i] ?? 0;
    const excess = far - (1 - (roc.trueAcceptRates[i] ?? 0));
    if (excess >= 0) {
      const earlier = roc.falseAcceptRates[i - 1] ?? 0;
      const lack = earlier - (1 - (roc.trueAcceptRates[i - 1] ?? 0));
      return earlier + ((far - earlier) * -lack) / (excess - lack);
    }
  }
  return 1;
}

/**
 * TAR read off the ROC at the point whose false-accept rate is nearest (of equals the highest), as InsightFace's
 * eval_ijbc.py does for templates.
 */
export function tarAtNearestFar(roc: RocCurve, far: number): number {
  return roc.trueAcceptRates[nearestFar(roc, far)] ?? Number.NaN;
}

/** The ROC's point whose false-accept rate is nearest, of equals the highest. */
export function nearestFar({ falseAcceptRates }: RocCurve, far: number): number {
  let best = falseAcceptRates.length - 1;
  for (let i = best - 1; i >= 0; i--) {
    if (Math.abs((falseAcceptRates[i] ?? 0) - far) < Math.abs((falseAcceptRates[best] ?? 0) - far)) best = i;
  }
  return best;
}

/** Whether this many different-person pairs can resolve a false-accept rate: at least one must fit. */
export function isResolvable(far: number, differentPairs: number): boolean {
  // 0.001 times 1000 falls short of 1 by a rounding.
  return far * differentPairs > 1 - 1e-9;
}

/**
 * Whether the thresholds of the folds keep the false-accept rate that they were chosen for on the fold that is held out, but
 * for chance. Of a network whose embeddings are all alike they accept everything: all distances lie below the first one.
 */
export function keepsFar({ far, measuredFar = far }: Partial<TarAtFar> & { readonly far: number }, different: number) {
  return !(measuredFar > 2 * far + FEWEST_FALSE_ACCEPTS / different);
}

/** The rate that IJB tables are read at, and how many false accepts a threshold needs to mean something. */
const HEADLINE_FAR = 1e-3;
const FEWEST_FALSE_ACCEPTS = 5;

/** 0.001, or the lowest of the reported rates above it that five of so many different pairs make up. */
export function headlineFar(differentPairs: number): number {
  const rates = REPORTED_FARS.filter((far) => far >= HEADLINE_FAR).toSorted((a, b) => a - b);
  return rates.find((far) => isResolvable(far, differentPairs / FEWEST_FALSE_ACCEPTS)) ?? Math.max(...rates);
}

/**
 * TAR@FAR over ten folds, as InsightFace's calculate_val: for each fold the threshold at which the other nine have the
 * false-accept rate asked for, interpolated linearly between thresholds 0 to 4 by 0.001 (0 where even the last accepts
 * too few), then both rates on the fold. Where a whole range of thresholds has one rate, the line starts at its end, as
 * in numpy.interp: InsightFace's own call fails on such ranges with newer SciPy (insightface#2152).
 * A fold that lacks one kind of pair is left out of that rate's mean.
 *
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`, `one-kind-of-pair`
 */
export function tarAtFar(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  fars: readonly number[] = REPORTED_FARS,
  folds: number = FOLDS,
): readonly TarAtFar[] {
  checkPairs(distances, same, folds);
  splitDistances(distances, same);
  const { count, step } = FAR_THRESHOLDS;
  const ranges = foldRanges(distances.length, folds);
  // [fold][t]: false accepts of the fold at threshold t * step.
  const accepts = ranges.map(({ start, end }) => {
    const perThreshold = new Int32Array(count + 1);
    for (let pair = start; pair < end; pair++) {
      const t = firstThresholdAbove(distances[pair] ?? Number.NaN, count, step);
      if (!same[pair]) perThreshold[t] = (perThreshold[t] ?? 0) + 1;
    }
    let sum = 0;
    return perThreshold.subarray(0, count).map((change) => {
      sum += change;
      return sum;
    });
  });
  const different = ranges.map(({ start, end }) => {
    let negatives = 0;
    for (let pair = start; pair < end; pair++) negatives += same[pair] ? 0 : 1;
    return negatives;
  });
  const allDifferent = different.reduce((sum, value) => sum + value, 0);
  const allAccepts = Int32Array.from({ length: count }, (_, t) =>
    accepts.reduce((sum, fold) => sum + (fold[t] ?? 0), 0),
  );
  return fars.map((far) => {
    const rates = ranges.map(({ start, end }, fold) => {
      const trainDifferent = allDifferent - (different[fold] ?? 0);
      const rate = (t: number) => ((allAccepts[t] ?? 0) - (accepts[fold]?.[t] ?? 0)) / trainDifferent;
      const threshold = thresholdAt(rate, far);
      return ratesBelow(distances, same, start, end, threshold);
    });
    const tars = rates.map((rate) => rate.tar).filter((tar) => !Number.isNaN(tar));
    const measured = rates.map((rate) => rate.far).filter((measuredFar) => !Number.isNaN(measuredFar));
    return { far, tar: mean(tars), deviation: populationDeviation(tars), measuredFar: mean(measured) };
  });
}

/** The threshold at which the rate, which rises with t, is `far`; 0 where it never gets there. */
function thresholdAt(rate: (t: number) => number, far: number): number {
  const { count, step } = FAR_THRESHOLDS;
  if (!(rate(count - 1) >= far)) return 0;
  let last = count - 1;
  while (last > 0 && rate(last) > far) last--;
  if (last === count - 1) return last * step;
  const low = rate(last);
  const high = rate(last + 1);
  return last * step + ((far - low) / (high - low)) * ((last + 1) * step - last * step);
}

/** Share of the same and of the different pairs of a fold whose distance is below the threshold. */
function ratesBelow(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  start: number,
  end: number,
  threshold: number,
): { readonly tar: number; readonly far: number } {
  const below = { same: 0, different: 0 };
  const all = { same: 0, different: 0 };
  for (let pair = start; pair < end; pair++) {
    const kind = same[pair] ? 'same' : 'different';
    all[kind]++;
    if ((distances[pair] ?? Number.NaN) < threshold) below[kind]++;
  }
  return { tar: below.same / all.same, far: below.different / all.different };
}

interface RocPoint {
  readonly falseAccepts: number;
  readonly trueAccepts: number;
}

/** Whether the middle one of three neighbouring points is off the even line between the others. */
function isCorner(before: RocPoint, point: RocPoint, after: RocPoint): boolean {
  return (
    before.falseAccepts + after.falseAccepts !== 2 * point.falseAccepts ||
    before.trueAccepts + after.trueAccepts !== 2 * point.trueAccepts
  );
}

/**
 * The distances of same and of different pairs, each sorted upwards; one that is not a number counts as the largest.
 */
function splitDistances(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
): { readonly alike: Float64Array; readonly unlike: Float64Array } {
  checkPairs(distances, same, 1);
  let positives = 0;
  for (let pair = 0; pair < same.length; pair++) positives += same[pair] ? 1 : 0;
  if (positives === 0 || positives === same.length) {
    throw new VerificationProblem(
      'one-kind-of-pair',
      `All ${same.length} pairs show ${positives === 0 ? 'different people' : 'one person'}.`,
      'A rate needs pairs of both kinds.',
    );
  }
  const alike = new Float64Array(positives);
  const unlike = new Float64Array(distances.length - positives);
  let a = 0;
  let u = 0;
  for (let pair = 0; pair < distances.length; pair++) {
    const distance = distances[pair] ?? Number.NaN;
    const value = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    if (same[pair]) alike[a++] = value;
    else unlike[u++] = value;
  }
  return { alike: alike.sort(), unlike: unlike.sort() };
}
