import { permutation, stream, type Uniform } from '../config/random.ts';
import { heldOutPeople } from '../verification/held-out-people.ts';
import { type FaceSet, faceCount } from './face-set.ts';

/** Who is trained on and who only measures accuracy. No identity is on both sides. */
export interface IdentitySplit {
  readonly training: {
    /** [n], images of the set, ascending. */
    readonly indices: Int32Array<ArrayBuffer>;
    /** [n], classes 0..identities-1. */
    readonly labels: Int32Array<ArrayBuffer>;
    readonly identities: number;
  };
  readonly heldOut: {
    /** [m], images of the set, ascending. */
    readonly indices: Int32Array<ArrayBuffer>;
    readonly identities: number;
  };
}

/**
 * Splits a set by identity: `share` of the people, rounded, is held out, and at least two people stay on each side.
 * People with two images or more are held out first, because the others make no same-person pair.
 * With fewer than four people nobody is held out: two are needed to train, two to verify.
 */
export function splitIdentities(faces: FaceSet, share: number, seed: number): IdentitySplit {
  const counts = new Int32Array(faces.identities.length);
  for (const label of faces.labels) counts[label] = (counts[label] ?? 0) + 1;
  const held = new Set(heldOutPeople(counts, share, seed));

  // Classes in the order of the identities, so that class numbers can be read next to the names.
  const classOf = new Map<number, number>();
  for (let id = 0; id < counts.length; id++) {
    if ((counts[id] ?? 0) > 0 && !held.has(id)) classOf.set(id, classOf.size);
  }
  const trainingIndices: number[] = [];
  const trainingLabels: number[] = [];
  const heldOutIndices: number[] = [];
  faces.labels.forEach((id, index) => {
    const label = classOf.get(id);
    if (label === undefined) heldOutIndices.push(index);
    else {
      trainingIndices.push(index);
      trainingLabels.push(label);
    }
  });
  return {
    training: {
      indices: Int32Array.from(trainingIndices),
      labels: Int32Array.from(trainingLabels),
      identities: classOf.size,
    },
    heldOut: { indices: Int32Array.from(heldOutIndices), identities: held.size },
  };
}

/** How many blocks the pairs come in; the verification protocol's folds. */
export const PAIR_FOLDS = 10;

/** Pairs of held-out images. Block k of `PAIR_FOLDS` holds as many same-person as different-person pairs. */
export interface FacePairs {
  /** [P], images of the set. */
  readonly left: Int32Array<ArrayBuffer>;
  /** [P], images of the set. */
  readonly right: Int32Array<ArrayBuffer>;
  /** [P], 1 where both show the same person. */
  readonly same: Uint8Array<ArrayBuffer>;
  /** How many pairs are different from each other: below P only when the set is too small for ten folds. */
  readonly distinct: number;
}

/**
 * Balanced pairs in ten contiguous balanced blocks, as the verification protocol cuts them (KFold without shuffling).
 *
 * At most `count` pairs, fewer where the images do not give as many without repeating one; same-person pairs go round
 * the people, so that one with many images does not fill the list. Only where there are fewer than ten pairs of a kind
 * are some repeated, one a fold; where there is none of a kind, the result is empty and nothing can be verified.
 */
export function heldOutPairs(faces: FaceSet, indices: Int32Array, count: number, seed: number): FacePairs {
  const people = groupByIdentity(faces, indices);
  const images = indices.length;
  const folds = PAIR_FOLDS;

  const samePossible = people.reduce((sum, of) => sum + pairsAmong(of.length), 0);
  const differentPossible = pairsAmong(images) - samePossible;
  const possible = Math.min(samePossible, differentPossible);
  if (possible === 0 || count < 2 * folds) return emptyPairs();
  const aKind = Math.max(folds, folds * Math.floor(Math.min(count / 2, possible) / folds));

  const same = samePairs(people, Math.min(aKind, samePossible), stream(seed, 'pairs', 'same'));
  const different = differentPairs(people, Math.min(aKind, differentPossible), stream(seed, 'pairs', 'different'));

  const left = new Int32Array(2 * aKind);
  const right = new Int32Array(2 * aKind);
  const isSame = new Uint8Array(2 * aKind);
  const aFold = aKind / folds;
  for (let pair = 0; pair < 2 * aKind; pair++) {
    const fold = Math.floor(pair / (2 * aFold));
    const within = pair % (2 * aFold);
    const kind = within < aFold ? same : different;
    const chosen = kind[(fold * aFold + (within % aFold)) % kind.length];
    left[pair] = chosen?.[0] ?? 0;
    right[pair] = chosen?.[1] ?? 0;
    isSame[pair] = within < aFold ? 1 : 0;
  }
  return { left, right, same: isSame, distinct: same.length + different.length };
}

type Pair = readonly [left: number, right: number];

function groupByIdentity(faces: FaceSet, indices: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    if (index < 0 || index >= faceCount(faces)) throw new RangeError(`The set has no image ${index}.`);
    const label = faces.labels[index] ?? 0;
    const group = groups.get(label);
    if (group) group.push(index);
    else groups.set(label, [index]);
  }
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, images]) => images);
}

/** Round after round one pair of every person who still has one. */
function samePairs(people: readonly number[][], wanted: number, uniform: Uniform): Pair[] {
  const pairs: Pair[] = [];
  const shuffled = [...permutation(people.length, uniform)].map((person) => people[person] ?? []);
  let drawing = shuffled.map((images) => ({ images, next: withoutReplacement(pairsAmong(images.length), uniform) }));
  while (pairs.length < wanted && drawing.length > 0) {
    const still: typeof drawing = [];
    for (const person of drawing) {
      const rank = person.next();
      if (rank === undefined) continue;
      still.push(person);
      if (pairs.length < wanted) pairs.push(pairOfRank(person.images, rank));
    }
    drawing = still;
  }
  // Otherwise the last folds would hold only the people with many images.
  return Array.from(permutation(pairs.length, uniform), (at) => pairs[at] ?? [0, 0]);
}

/** Uniform among all pairs of two people's images. */
function differentPairs(people: readonly number[][], wanted: number, uniform: Uniform): Pair[] {
  const order = people.flat();
  // With the images sorted by person, an image's partners are all that follow its own group: a pair has a rank.
  const groups: { readonly start: number; readonly after: number; readonly firstRank: number }[] = [];
  let start = 0;
  let ranks = 0;
  for (const images of people) {
    const after = start + images.length;
    groups.push({ start, after, firstRank: ranks });
    ranks += images.length * (order.length - after);
    start = after;
  }
  const next = withoutReplacement(ranks, uniform);
  const pairs: Pair[] = [];
  while (pairs.length < wanted) {
    const rank = next();
    if (rank === undefined) break;
    const group = groups.findLast((candidate) => candidate.firstRank <= rank);
    if (!group) break;
    const partners = order.length - group.after;
    const within = rank - group.firstRank;
    const left = order[group.start + Math.floor(within / partners)] ?? 0;
    const right = order[group.after + (within % partners)] ?? 0;
    pairs.push([left, right]);
  }
  return pairs;
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Rank -> pair (i, j), i > j: ranks of i start at i * (i - 1) / 2. */
function pairOfRank(images: readonly number[], rank: number): Pair {
  const high = Math.floor((1 + Math.sqrt(1 + 8 * rank)) / 2);
  return [images[rank - pairsAmong(high)] ?? 0, images[high] ?? 0];
}

/** Draws 0..total-1 in random order, each once; Fisher-Yates that remembers only the places it touched. */
function withoutReplacement(total: number, uniform: Uniform): () => number | undefined {
  const moved = new Map<number, number>();
  let drawn = 0;
  return () => {
    if (drawn === total) return undefined;
    const place = drawn + Math.floor(uniform() * (total - drawn));
    const value = moved.get(place) ?? place;
    moved.set(place, moved.get(drawn) ?? drawn);
    moved.delete(drawn);
    drawn++;
    return value;
  };
}

function emptyPairs(): FacePairs {
  return { left: new Int32Array(0), right: new Int32Array(0), same: new Uint8Array(0), distinct: 0 };
}
