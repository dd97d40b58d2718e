import { stream } from '../config/random.ts';
import type { FaceSet } from '../faces/face-set.ts';
import type { FacePairs } from '../faces/held-out.ts';
import type { AccuracyDifference } from '../record/accuracy-difference.ts';
import { flipTest, pairDistances } from '../verification/embeddings.ts';
import { type FoldAccuracy, foldAccuracy } from '../verification/folds.ts';
import { compareArms } from '../verification/significance.ts';
import type { FaceEmbeddings } from './embed-faces.ts';
import type { VerificationEvent } from './events.ts';

/** How a network does on pairs. */
export interface PairsResult extends FoldAccuracy {
  /** [P], squared distances of the embeddings. */
  readonly distances: Float64Array<ArrayBuffer>;
}

/** The images of these pairs, each once, ascending; every one is embedded with its mirror image. */
export function verifiedImages(pairs: FacePairs): Int32Array<ArrayBuffer> {
  return Int32Array.from(new Set([...pairs.left, ...pairs.right])).sort();
}

/** Verification accuracy on pairs, from the embeddings of `images`, as `verifiedImages` has them. */
export function pairsResult(embeddings: FaceEmbeddings, images: Int32Array, pairs: FacePairs): PairsResult {
  const { original, flipped, dimension } = embeddings;
  const rowOf = new Map(Array.from(images, (index, row) => [index, row]));
  const rows = (chosen: Int32Array) => chosen.map((index) => rowOf.get(index) ?? 0);
  const tested = flipTest(original, flipped, dimension);
  const distances = pairDistances(tested, dimension, rows(pairs.left), rows(pairs.right));
  return { ...foldAccuracy(distances, pairs.same), distances };
}

/** Resamples of the interval over people: it is drawn at every verification of a run, and its ends round to 0.1 points. */
const RESAMPLES = 1000;

/** Accuracy of the second network minus the first one's on the same pairs, with its interval over folds and people. */
function accuracyDifference(
  first: PairsResult,
  second: PairsResult,
  faces: FaceSet,
  pairs: FacePairs,
): AccuracyDifference {
  const { difference, interval, chance } = compareArms(
    {
      first: first.distances,
      second: second.distances,
      same: pairs.same,
      identities: peopleOf(faces, pairs),
    },
    stream(1, 'bootstrap'),
    RESAMPLES,
  );
  return { value: difference, low: interval[0], high: interval[1], chance, pairs: pairs.same.length };
}

/** Whom both sides of each pair show. */
function peopleOf({ labels }: FaceSet, { left, right }: FacePairs) {
  const people = (images: Int32Array<ArrayBuffer>) => images.map((image) => labels[image] ?? 0);
  return { left: people(left), right: people(right) };
}

/**
 * The part of verification events that the embeddings give: of each network, in their order, against the first one; at the
 * `last` step of a run with the score of each pair.
 */
export function compareOnPairs(
  embeddings: readonly FaceEmbeddings[],
  images: Int32Array,
  faces: FaceSet,
  pairs: FacePairs,
  last = false,
): Pick<VerificationEvent, 'accuracy' | 'deviation' | 'pairs' | 'difference' | 'scores'>[] {
  const results = embeddings.map((one) => pairsResult(one, images, pairs));
  const [first] = results;
  return results.map((result) => ({
    accuracy: result.accuracy,
    deviation: result.deviation,
    pairs: pairs.same.length,
    ...(first === undefined || result === first ? {} : { difference: accuracyDifference(first, result, faces, pairs) }),
    ...(last
      ? { scores: { distances: result.distances, same: pairs.same.slice(), identities: peopleOf(faces, pairs) } }
      : {}),
  }));
}
