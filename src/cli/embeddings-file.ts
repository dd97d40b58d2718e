import type { NpyArray } from '../formats/npy.ts';
import { readNpz } from '../formats/npz.ts';
import { flipTest, meanNorm, neighbourDistances } from '../verification/embeddings.ts';
import { UsageError } from './arguments.ts';

/** Embeddings of pairs that were made anywhere, scored as far as distances. */
export interface EmbeddedPairs {
  /** [N] squared distances after the flip test. */
  readonly distances: Float64Array<ArrayBuffer>;
  /** [N], 1 where both images show one person. */
  readonly same: Uint8Array;
  readonly dimension: number;
  /** Mean norm of the raw embeddings over both flips. */
  readonly meanNorm: number;
  /** [N] each, where the file has the array `identities` [2N]. */
  readonly identities: { readonly left: Float64Array; readonly right: Float64Array } | undefined;
}

/**
 * Reads a .npz file with `original` and `flipped` [2N, D] float32 (rows 2k and 2k + 1 are pair k), `issame` [N], and
 * optionally `identities` [2N], whole numbers.
 * @throws UsageError, FormatProblem, VerificationProblem
 */
export function readEmbeddedPairs(file: Uint8Array): EmbeddedPairs {
  const { arrays } = readNpz(file);
  const original = matrix(arrays, 'original');
  const flipped = matrix(arrays, 'flipped');
  const answers = arrays.get('issame');
  const [images = 0, dimension = 0] = original.shape;
  if (flipped.shape[0] !== images || flipped.shape[1] !== dimension) {
    throw new UsageError(
      `"original" is [${original.shape.join(', ')}], but "flipped" is [${flipped.shape.join(', ')}].`,
    );
  }
  if (answers === undefined || answers.shape.length !== 1 || 2 * answers.data.length !== images) {
    throw new UsageError(`The file needs an array "issame" with one answer for each of the ${images / 2} pairs.`);
  }
  const same = Uint8Array.from({ length: answers.data.length }, (_, pair) =>
    Number(answers.data[pair]) === 0 ? 0 : 1,
  );
  return {
    distances: neighbourDistances(flipTest(original.data, flipped.data, dimension), dimension),
    same,
    dimension,
    meanNorm: meanNorm(original.data, flipped.data, dimension),
    identities: identitiesOf(arrays.get('identities'), images),
  };
}

function matrix(arrays: ReadonlyMap<string, NpyArray>, name: string) {
  const array = arrays.get(name);
  if (array === undefined || array.shape.length !== 2 || (array.type !== 'float32' && array.type !== 'float64')) {
    throw new UsageError(
      `The file needs an array "${name}" of shape [2N, D], float32; it has ${[...arrays.keys()].join(', ')}.`,
    );
  }
  return array;
}

function identitiesOf(array: NpyArray | undefined, images: number): EmbeddedPairs['identities'] {
  if (array === undefined) return undefined;
  if (array.data.length !== images) {
    throw new UsageError(`"identities" has ${array.data.length} entries, but there are ${images} images.`);
  }
  const people = Float64Array.from({ length: images }, (_, image) => Number(array.data[image]));
  return { left: people.filter((_, i) => i % 2 === 0), right: people.filter((_, i) => i % 2 === 1) };
}
