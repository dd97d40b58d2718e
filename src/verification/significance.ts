import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { checkPairs, FOLDS, foldAccuracy, foldRanges } from './folds.ts';
import { VerificationProblem } from './problem.ts';

/** Two ways of measuring the same pairs. */
export interface PairedPairs {
  /** [P] squared distances by either arm. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  /** [P], 1 where both images show one person. */
  readonly same: ArrayLike<number | boolean>;
  /** [P], whom each image shows, where that is known. */
  readonly identities?: { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> };
}

/** [low, high] */
export type Interval = readonly [low: number, high: number];

/** The difference of two arms on the same pairs. Differences are second - first, as shares (0.01 is one point). */
export interface Significance {
  readonly difference: number;
  /** The wider ends of the two below: a claim has to stand under both. */
  readonly interval: Interval;
  /** 95 % bootstrap interval from drawing whole folds with replacement. */
  readonly foldInterval: Interval;
  /** The same from drawing people with replacement; drawing pairs where the people are not known. */
  readonly identityInterval: Interval;
  readonly resampled: 'identities' | 'pairs';
  /** Pairs only the first, and only the second arm judges rightly. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided exact McNemar test: chance of a split at least this uneven if both arms were equally good. */
  readonly mcNemar: number;
}

export const RESAMPLES = 2000;

/**
 * Compares two arms on the same pairs. Each arm judges each pair at its own threshold of the pair's fold, as in
 * `foldAccuracy`. The thresholds are kept while resampling.
 *
 * Identities are drawn as in Owen's pigeonhole bootstrap (2007): a pair counts as often as the product of its two
 * people's draws, so that pairs sharing a person vary together.
 *
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`
 */
export function compareArms(pairs: PairedPairs, uniform: () => number, resamples: number = RESAMPLES): Significance {
  const first = rightPairs(pairs.first, pairs.same);
  const second = rightPairs(pairs.second, pairs.same);
  const count = first.length;
  // [P]: 1 where only the second arm is right, -1 where only the first is.
  const gain = Int8Array.from(first, (right, pair) => (second[pair] ?? 0) - right);
  const onlySecond = gain.filter((value) => value > 0).length;
  const onlyFirst = gain.filter((value) => value < 0).length;
  const foldInterval = percentiles(resampleFolds(gain, uniform, resamples));
  const people = pairs.identities && numberPeople(pairs.identities, count);
  const identityInterval = percentiles(
    people === undefined ? resamplePairs(gain, uniform, resamples) : resamplePeople(gain, people, uniform, resamples),
  );
  return {
    difference: (onlySecond - onlyFirst) / count,
    interval: [Math.min(foldInterval[0], identityInterval[0]), Math.max(foldInterval[1], identityInterval[1])],
    foldInterval,
    identityInterval,
    resampled: people === undefined ? 'pairs' : 'identities',
    onlyFirst,
    onlySecond,
    mcNemar: mcNemar(onlyFirst, onlySecond),
  };
}

/** Two-sided exact McNemar test of the numbers of pairs only one of two arms judges rightly; 1 where there are none. */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) return 1;
  return Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), discordant, 0.5));
}

/**
 * What a comparison means, in one sentence. A difference is claimed only where the interval leaves zero out and the
 * McNemar test is below 5 %. `first` and `second` name the arms: "standard", "CRAFT".
 */
export function sentenceOf(significance: Significance, first: string, second: string): string {
  const { difference, interval, mcNemar: chance } = significance;
  const numbers = `${points(difference)} points, interval ${points(interval[0])} to ${points(interval[1])}`;
  const claimed = (interval[0] > 0 || interval[1] < 0) && chance < 0.05;
  if (!claimed) return `No difference can be claimed: ${second} against ${first} ${numbers}.`;
  return `${second} is ${difference > 0 ? 'more' : 'less'} accurate than ${first}: ${numbers}.`;
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

function resampleFolds(gain: Int8Array, uniform: () => number, resamples: number): Float64Array {
  const folds = foldRanges(gain.length).map(({ start, end }) => ({
    gain: gain.subarray(start, end).reduce((sum, value) => sum + value, 0),
    pairs: end - start,
  }));
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    let pairs = 0;
    for (let draw = 0; draw < folds.length; draw++) {
      const fold = folds[Math.floor(uniform() * folds.length)];
      sum += fold?.gain ?? 0;
      pairs += fold?.pairs ?? 0;
    }
    return sum / pairs;
  });
}

function resamplePairs(gain: Int8Array, uniform: () => number, resamples: number): Float64Array {
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < gain.length; draw++) sum += gain[Math.floor(uniform() * gain.length)] ?? 0;
    return sum / gain.length;
  });
}

interface People {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

function resamplePeople(gain: Int8Array, people: People, uniform: () => number, resamples: number): Float64Array {
  const drawn = new Int32Array(people.count);
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    let weights = 0;
    // Few people can all be missed by the draw; then it is drawn again.
    for (let attempt = 0; weights === 0 && attempt < 100; attempt++) {
      drawn.fill(0);
      for (let draw = 0; draw < people.count; draw++) {
        const person = Math.floor(uniform() * people.count);
        drawn[person] = (drawn[person] ?? 0) + 1;
      }
      for (let pair = 0; pair < gain.length; pair++) {
        const left = people.left[pair] ?? 0;
        const right = people.right[pair] ?? 0;
        const weight = (drawn[left] ?? 0) * (left === right ? 1 : (drawn[right] ?? 0));
        weights += weight;
        sum += weight * (gain[pair] ?? 0);
      }
    }
    return weights === 0 ? 0 : sum / weights;
  });
}

/** Identities as numbers from 0 on, so that their draws fit an array. */
function numberPeople(
  { left, right }: { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> },
  pairs: number,
): People {
  if (left.length !== pairs || right.length !== pairs) {
    throw new VerificationProblem(
      'sizes-differ',
      `There are ${pairs} pairs, but ${left.length} and ${right.length} identities.`,
      'Name the person of both images of every pair.',
    );
  }
  const numbers = new Map<number, number>();
  const numberOf = (identity: number) => {
    const known = numbers.get(identity);
    if (known !== undefined) return known;
    numbers.set(identity, numbers.size);
    return numbers.size - 1;
  };
  return { left: Int32Array.from(left, numberOf), right: Int32Array.from(right, numberOf), count: numbers.size };
}

/** The middle 95 % of the resamples, interpolated as numpy.percentile does. */
function percentiles(values: Float64Array): Interval {
  const sorted = values.toSorted();
  const at = (share: number) => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)] ?? Number.NaN;
    const above = sorted[Math.ceil(position)] ?? Number.NaN;
    return below + (above - below) * (position - Math.floor(position));
  };
  return [at(0.025), at(0.975)];
}

/** A share in signed points with one decimal: +0.3. */
function points(share: number): string {
  const text = (share * 100).toFixed(1);
  return share * 100 >= 0.05 ? `+${text}` : text.replace(/^-0\.0$/, '0.0');
}
