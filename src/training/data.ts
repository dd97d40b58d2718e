import type { RunConfig } from '../config/run-config.ts';
import { type TrainingBatches, trainingBatches } from '../faces/batches.ts';
import { type FaceSet, faceCount } from '../faces/face-set.ts';
import { type FacePairs, heldOutPairs, splitIdentities } from '../faces/held-out.ts';
import { RunFailure } from './failure.ts';
import { verifiedImages } from './verify-pairs.ts';

/** A face set made ready for a run: who is trained on in which order, and which pairs measure accuracy. */
export interface TrainingData {
  readonly faces: FaceSet;
  readonly batches: TrainingBatches;
  readonly pairs: FacePairs;
  /** People and images trained on. */
  readonly identities: number;
  readonly images: number;
}

/**
 * Splits by identity and fixes the order of batches and the held-out pairs, each from its own seed of the config.
 * @throws RunFailure `bad-faces` when fewer than two people are there.
 */
export function trainingData(faces: FaceSet, config: RunConfig): TrainingData {
  const split = splitIdentities(faces, config.heldOutShare, config.splitSeed);
  if (split.training.identities < 2) {
    throw new RunFailure({
      code: 'bad-faces',
      message: `${faceCount(faces)} images of ${faces.identities.length} people are too few to train on.`,
      hint: 'Use at least two people; eight or more show the effect.',
    });
  }
  const { batchSize, seed, flip, shift } = config;
  return {
    faces,
    batches: trainingBatches(faces, split.training.indices, split.training.labels, { batchSize, seed, flip, shift }),
    pairs: heldOutPairs(faces, split.heldOut.indices, config.verifyPairs, config.testSeed),
    identities: split.training.identities,
    images: split.training.indices.length,
  };
}

/** Each group of batches that are drawn together is so many times as long as the one before. */
const GROWTH = 4;

/**
 * The order in which a run from this step on needs its images, as groups to draw one after the other: the first batch alone,
 * so that training can begin; then more and more batches together, since photos of one person are drawn faster together;
 * and those that measure accuracy before they first do. Images that are in no group come after the first epoch.
 */
export function drawingOrder({ batches, pairs }: TrainingData, config: RunConfig, step: number): Int32Array[] {
  const groups: Int32Array[] = [];
  const end = Math.min(config.steps, step + batches.batchesPerEpoch);
  let verified =
    config.verifyEvery === 0 ? config.steps : Math.ceil((step + 1) / config.verifyEvery) * config.verifyEvery;
  for (let first = step, length = 1; first < end; first += length, length *= GROWTH) {
    const last = Math.min(end, first + length);
    groups.push(joined(Array.from({ length: last - first }, (_, at) => batches.imagesAt(first + at))));
    if (verified > last) continue;
    groups.push(verifiedImages(pairs));
    verified = Number.POSITIVE_INFINITY;
  }
  return groups;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}
