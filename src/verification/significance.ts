import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import padjust from '@stdlib/stats-padjust';
import { gainInterval, type Interval, type PairIdentities, RESAMPLES } from './bootstrap.ts';
import { foldTest } from './fold-test.ts';
import { checkPairs, FOLDS, foldAccuracy, foldRanges } from './folds.ts';
import { signedPoints } from './points.ts';
import { nearestFar, rocCurve } from './roc.ts';

/** Two ways of measuring the same pairs. */
export interface PairedPairs {
  /** [P] squared distances by either arm. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  /** [P], 1 where both images show one person. */
  readonly same: ArrayLike<number | boolean>;
  /** [P], whom each image shows, where that is known. */
  readonly identities?: PairIdentities;
}

/**
 * The difference of two networks on the same pairs, second - first, as shares (0.01 is one point). It says something
 * about these two networks; another seed of the same two recipes gives two others.
 */
export interface Significance {
  readonly difference: number;
  /** 95 %: the wider ends of the two below, so that a claim has to hold under both. */
  readonly interval: Interval;
  /** Of the paired t-test over the ten folds. */
  readonly foldInterval: Interval;
  /** From drawing people with replacement; drawing pairs where the people are not known. */
  readonly identityInterval: Interval;
  readonly resampled: 'identities' | 'pairs';
  /** Pairs only the first, and only the second arm judges rightly. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided exact McNemar test: chance of a split at least this uneven if both arms were equally good. */
  readonly mcNemar: number;
  /** The larger p of the paired t-test over the folds and McNemar's test: both have to speak against equal arms. */
  readonly chance: number;
}

/**
 * Compares the accuracy of two arms on the same pairs. Each arm judges each pair at its own threshold of the pair's
 * fold, as in `foldAccuracy`. The thresholds are kept while resampling (bootstrap.ts).
 *
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`
 */
export function compareArms(pairs: PairedPairs, uniform: () => number, resamples: number = RESAMPLES): Significance {
  const first = rightPairs(pairs.first, pairs.same);
  const second = rightPairs(pairs.second, pairs.same);
  // [P]: 1 where only the second arm is right, -1 where only the first is.
  const gain = Int8Array.from(first, (right, pair) => (second[pair] ?? 0) - right);
  return significanceOf(gain, pairs.identities, uniform, resamples);
}

/**
 * Compares the true-accept rates of two arms at a false-accept rate: each accepts at its own threshold of that rate, as
 * `tarAtNearestFar` reads it off the ROC of all pairs. Counts and intervals are of the same-person pairs alone; the
 * thresholds are kept while resampling.
 *
 * @throws VerificationProblem `sizes-differ`, `one-kind-of-pair`
 */
export function compareTars(
  pairs: PairedPairs,
  far: number,
  uniform: () => number,
  resamples: number = RESAMPLES,
): Significance {
  const { same, identities } = pairs;
  const places: number[] = [];
  for (let pair = 0; pair < same.length; pair++) if (same[pair]) places.push(pair);
  const accepted = [pairs.first, pairs.second].map((distances) => {
    const farthest = distanceAtFar(distances, same, far);
    return places.map((pair) => ((distances[pair] ?? Number.NaN) <= farthest ? 1 : 0));
  });
  const gain = Int8Array.from(places, (_, at) => (accepted[1]?.[at] ?? 0) - (accepted[0]?.[at] ?? 0));
  const ofPlaces = (people: ArrayLike<number>) => places.map((pair) => people[pair] ?? 0);
  const people = identities && { left: ofPlaces(identities.left), right: ofPlaces(identities.right) };
  return significanceOf(gain, people, uniform, resamples);
}

/** The largest squared distance that is accepted at the false-accept rate; -Infinity where none is. */
export function distanceAtFar(distances: ArrayLike<number>, same: ArrayLike<number | boolean>, far: number): number {
  const roc = rocCurve(distances, same);
  return roc.thresholds[nearestFar(roc, far)] ?? Number.NEGATIVE_INFINITY;
}

function significanceOf(
  gain: Int8Array,
  identities: PairIdentities | undefined,
  uniform: () => number,
  resamples: number,
): Significance {
  const onlySecond = gain.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const onlyFirst = gain.reduce((count, value) => count + (value < 0 ? 1 : 0), 0);
  const folds = foldTest(gain);
  const people = gainInterval(gain, identities, uniform, resamples);
  const split = mcNemar(onlyFirst, onlySecond);
  return {
    difference: (onlySecond - onlyFirst) / gain.length,
    interval: [Math.min(folds.interval[0], people.interval[0]), Math.max(folds.interval[1], people.interval[1])],
    foldInterval: folds.interval,
    identityInterval: people.interval,
    resampled: people.resampled,
    onlyFirst,
    onlySecond,
    mcNemar: split,
    chance: Math.max(folds.chance, split),
  };
}

/** Two-sided exact McNemar test of the numbers of pairs only one of two arms judges rightly; 1 where there are none. */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) return 1;
  return Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), discordant, 0.5));
}

/** The rule of `claims` in one sentence, for everyone who shows its outcome. */
export const CLAIM_RULE =
  'Clear: the paired t-test over the ten folds and McNemar’s exact test both have p\u00a0<\u00a00.05, by Holm’s correction over all ' +
  'rows, and the 95\u00a0% interval excludes zero.';

/** The evidence that decides a claim. */
export type Claimable = Pick<Significance, 'interval' | 'chance'>;

/** Holm's correction of each p for being one of them all, in the same order. */
export function holm(chances: readonly number[]): readonly number[] {
  return chances.length === 0 ? [] : Array.from(padjust([...chances], 'holm'));
}

/**
 * Which differences are claimed where all of them are looked at together: p below 5 % after Holm's correction, and an
 * interval that excludes zero. Between equal networks at most one table in twenty has a claim.
 */
export function claims(differences: readonly Claimable[]): readonly boolean[] {
  const corrected = holm(differences.map(({ chance }) => chance));
  return differences.map(({ interval }, row) => (interval[0] > 0 || interval[1] < 0) && (corrected[row] ?? 1) < 0.05);
}

export interface SentenceOptions {
  /** Where true-accept rates at this false-accept rate were compared, and not accuracies. */
  readonly far?: number | undefined;
  /** By `claims` over all comparisons that are looked at together; without it this is the only one. */
  readonly claimed?: boolean;
}

/** A comparison in one sentence. `first` and `second` name the networks: "Standard", "CRAFT". */
export function sentenceOf(
  significance: Significance,
  first: string,
  second: string,
  { far, claimed = claims([significance])[0] }: SentenceOptions = {},
): string {
  const { difference, interval } = significance;
  const numbers = `${second} − ${first} ${signedPoints(100 * difference)} points, 95 % interval ${signedPoints(100 * interval[0])} to ${signedPoints(100 * interval[1])}`;
  const at = far === undefined ? '' : ` at FAR ${far}`;
  if (!claimed) return `No clear difference between these two networks${at}: ${numbers}.`;
  const better = difference > 0 ? second : first;
  const claim = far === undefined ? 'is more accurate' : `matches more pairs of one person${at}`;
  return `Of these two networks ${better} ${claim}: ${numbers}.`;
}

/** [P], 1 where the pair is judged rightly at the threshold of its fold. */
export function rightPairs(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  folds: number = FOLDS,
): Uint8Array<ArrayBuffer> {
  checkPairs(distances, same, folds);
  const right = new Uint8Array(distances.length);
  const { folds: results } = foldAccuracy(distances, same, folds);
  foldRanges(distances.length, folds).forEach(({ start, end }, fold) => {
    const threshold = results[fold]?.threshold ?? 0;
    for (let pair = start; pair < end; pair++) {
      const judgedSame = (distances[pair] ?? Number.NaN) < threshold;
      right[pair] = judgedSame === Boolean(same[pair]) ? 1 : 0;
    }
  });
  return right;
}
