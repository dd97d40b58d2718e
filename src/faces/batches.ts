import { permutation, stream } from '../config/random.ts';
import { FACE_CHANNELS, type FaceSet, faceAt } from './face-set.ts';

export interface BatchSettings {
  /** Images a batch. */
  readonly batchSize: number;
  readonly seed: number;
  /** Mirror every image left to right half of the time. */
  readonly flip: boolean;
  /** Move every image by up to this many pixels in both directions. */
  readonly shift: number;
}

/** One batch as the `FacesToBatch` operation takes it (src/kernels/operations.ts). */
export interface TrainingBatch {
  /** [ceil(N*S*S*3 / 4)]: the bytes of [N, S, S, 3], four to a number, little-endian. */
  readonly packed: Int32Array<ArrayBuffer>;
  /** [N, 3]: mirrored (0 or 1), then pixels moved right and down. */
  readonly placement: Int32Array<ArrayBuffer>;
  /** [N], in the numbering that was given. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** [N, S, S, 3] */
  readonly shape: readonly [number, number, number, number];
}

/** The batches of a whole run. A batch depends on its step alone, so a checkpoint keeps a step number and nothing else. */
export interface TrainingBatches {
  readonly batchesPerEpoch: number;
  /** [N], the images of the set in the batch of a step. */
  imagesAt(step: number): Int32Array<ArrayBuffer>;
  /** The batch of step 0, 1, 2, ...; freshly allocated, the caller may keep or transfer it. */
  at(step: number): TrainingBatch;
}

/**
 * Shuffled epochs over some images of a set.
 * Every epoch is a new permutation and its last incomplete batch is dropped, as InsightFace's sampler does; a set
 * smaller than a batch is repeated until the batch is full. Order and augmentation draw from streams of their own
 * (`order` by epoch, `augmentation` by step), so switching one setting leaves all others' draws as they were.
 *
 * @param indices [n] which images of `faces`
 * @param labels [n] the class of each of them
 * @throws RangeError when there is no image, or not one label an image: mistakes of the caller.
 */
export function trainingBatches(
  faces: FaceSet,
  indices: Int32Array,
  labels: Int32Array,
  settings: BatchSettings,
): TrainingBatches {
  const { batchSize, seed, shift } = settings;
  const count = indices.length;
  if (count === 0) throw new RangeError('There is no image to train on.');
  if (labels.length !== count) throw new RangeError(`${count} images need ${count} labels, not ${labels.length}.`);

  const batchesPerEpoch = Math.max(1, Math.floor(count / batchSize));
  const imageBytes = faces.size * faces.size * FACE_CHANNELS;
  let orderEpoch = -1;
  let order = new Int32Array(0);

  /** [N], places in `indices` and `labels`. */
  const chosenAt = (step: number) => {
    const epoch = Math.floor(step / batchesPerEpoch);
    if (epoch !== orderEpoch) {
      order = Int32Array.from(permutation(count, stream(seed, 'order', epoch)));
      orderEpoch = epoch;
    }
    const first = (step - epoch * batchesPerEpoch) * batchSize;
    return Int32Array.from({ length: batchSize }, (_, row) => order[(first + row) % count] ?? 0);
  };

  return {
    batchesPerEpoch,
    imagesAt: (step) => chosenAt(step).map((chosen) => indices[chosen] ?? 0),
    at(step) {
      const packed = new Int32Array(Math.ceil((batchSize * imageBytes) / 4));
      // Every platform with WebGPU or WebAssembly is little-endian, so the bytes can be laid down as they are.
      const bytes = new Uint8Array(packed.buffer);
      const placement = new Int32Array(batchSize * 3);
      const batchLabels = new Int32Array(batchSize);
      const uniform = stream(seed, 'augmentation', step);

      for (const [row, chosen] of chosenAt(step).entries()) {
        bytes.set(faceAt(faces, indices[chosen] ?? 0), row * imageBytes);
        batchLabels[row] = labels[chosen] ?? 0;
        // Always three draws an image, so that a switch of flip or shift does not change the other.
        const mirrored = uniform() < 0.5 && settings.flip;
        placement[row * 3] = mirrored ? 1 : 0;
        placement[row * 3 + 1] = Math.floor(uniform() * (2 * shift + 1)) - shift;
        placement[row * 3 + 2] = Math.floor(uniform() * (2 * shift + 1)) - shift;
      }
      return { packed, placement, labels: batchLabels, shape: [batchSize, faces.size, faces.size, FACE_CHANNELS] };
    },
  };
}
