import { VerificationProblem } from './problem.ts';

/** [low, high] */
export type Interval = readonly [low: number, high: number];

/** Whom each image of a pair shows, [P] each; any numbers, equal for the same person. */
export interface PairIdentities {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/** A 95 % bootstrap interval of the mean gain. */
export interface GainInterval {
  readonly interval: Interval;
  readonly resampled: 'identities' | 'pairs';
}

export const RESAMPLES = 2000;

/**
 * Percentile bootstrap of a mean over people, or over pairs where the people are not known. `gain` [P]: 1 where only the
 * second arm judges a pair rightly, -1 where only the first does, else 0.
 *
 * Identities are drawn as in Owen's pigeonhole bootstrap (2007): a pair counts as often as the product of its two
 * people's draws, so that pairs sharing a person vary together.
 *
 * @throws VerificationProblem `sizes-differ`
 */
export function gainInterval(
  gain: Int8Array,
  identities: PairIdentities | undefined,
  uniform: () => number,
  resamples: number = RESAMPLES,
): GainInterval {
  const people = identities && numberPeople(identities, gain.length);
  const means =
    people === undefined ? resamplePairs(gain, uniform, resamples) : resamplePeople(gain, people, uniform, resamples);
  return { interval: percentiles(means), resampled: people === undefined ? 'pairs' : 'identities' };
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
  const weights = new Float64Array(gain.length);
  return Float64Array.from({ length: resamples }, () => {
    const total = drawWeights(weights, people, uniform);
    let sum = 0;
    for (let pair = 0; pair < gain.length; pair++) sum += (weights[pair] ?? 0) * (gain[pair] ?? 0);
    return total === 0 ? 0 : sum / total;
  });
}

/** How often each pair counts when people are drawn with replacement; returns the sum. */
function drawWeights(weights: Float64Array, people: People, uniform: () => number): number {
  const drawn = new Int32Array(people.count);
  let total = 0;
  // Few people can all be missed by the draw; then it is drawn again.
  for (let attempt = 0; total === 0 && attempt < 100; attempt++) {
    drawn.fill(0);
    for (let draw = 0; draw < people.count; draw++) {
      const person = Math.floor(uniform() * people.count);
      drawn[person] = (drawn[person] ?? 0) + 1;
    }
    for (let pair = 0; pair < weights.length; pair++) {
      const left = people.left[pair] ?? 0;
      const right = people.right[pair] ?? 0;
      const weight = (drawn[left] ?? 0) * (left === right ? 1 : (drawn[right] ?? 0));
      weights[pair] = weight;
      total += weight;
    }
  }
  return total;
}

/**
 * The same over two things drawn together: networks of several seeds, each with its `gain` [P] on the same pairs, and the
 * people of the pairs, or the pairs where the people are not known. Wider than over seeds alone, since another test
 * would have other people.
 *
 * @throws VerificationProblem `sizes-differ`
 */
export function twoWayInterval(
  gains: readonly Int8Array[],
  identities: PairIdentities | undefined,
  uniform: () => number,
  resamples: number = RESAMPLES,
): GainInterval {
  const pairs = gains[0]?.length ?? 0;
  // A pair without known people is a person of its own.
  const own = {
    left: Array.from({ length: pairs }, (_, pair) => pair),
    right: Array.from({ length: pairs }, (_, pair) => pair),
  };
  const people = numberPeople(identities ?? own, pairs);
  const weights = new Float64Array(pairs);
  // Two networks agree on most pairs, which then add nothing.
  const differing = gains.map((gain) => Int32Array.from([...gain.keys()].filter((pair) => gain[pair] !== 0)));
  const means = Float64Array.from({ length: resamples }, () => {
    const total = drawWeights(weights, people, uniform);
    let sum = 0;
    for (let draw = 0; draw < gains.length; draw++) {
      const drawn = Math.floor(uniform() * gains.length);
      for (const pair of differing[drawn] ?? []) sum += (weights[pair] ?? 0) * (gains[drawn]?.[pair] ?? 0);
    }
    return total === 0 ? 0 : sum / (total * gains.length);
  });
  return { interval: percentiles(means), resampled: identities === undefined ? 'pairs' : 'identities' };
}

/** Identities as numbers from 0 on, so that their draws fit an array. */
function numberPeople({ left, right }: PairIdentities, pairs: number): People {
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
