import type { RunConfig } from '../config/run-config.ts';
import { type TrainingBatches, trainingBatches } from '../faces/batches.ts';
import { type FaceSet, faceCount } from '../faces/face-set.ts';
import { type FacePairs, heldOutPairs, splitIdentities } from '../faces/held-out.ts';
import { RunFailure } from './failure.ts';

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
