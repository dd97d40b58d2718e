import { basename } from 'node:path';
import { begins, textOf } from '../formats/kind-bytes.ts';
import { type NpyArray, readNpy, readNpyHeader } from '../formats/npy.ts';
import { readNpz } from '../formats/npz.ts';
import { elementCount } from '../formats/shape.ts';
import { checkEmbeddings, flipTest, meanNorm, neighbourDistances } from '../verification/embeddings.ts';
import { interleavedOrder } from '../verification/pair-order.ts';
import { UsageError } from './arguments.ts';

/** Embeddings of pairs that were made anywhere, scored as far as distances. */
export interface EmbeddedPairs {
  /** [N] squared distances after the flip test, or of one view where the file has no mirror images. */
  readonly distances: Float64Array<ArrayBuffer>;
  /** [N], 1 where both images show one person. */
  readonly same: Uint8Array;
  readonly dimension: number;
  /** Mean norm of the raw embeddings over all views. */
  readonly meanNorm: number;
  /** [N] each, where the file has the array `identities` [2N]. */
  readonly identities: { readonly left: Float64Array; readonly right: Float64Array } | undefined;
  /** The arrays that were read, in words. */
  readonly read: string;
}

/** Embeddings row by row: rows 2k and 2k + 1 are pair k. */
interface Views {
  readonly original: ArrayLike<number>;
  /** The same as `original` where the file has no mirror images. */
  readonly flipped: ArrayLike<number>;
  readonly images: number;
  readonly dimension: number;
  readonly read: string;
}

/** Names of the images and of their mirror images; the second are InsightFace's. */
const NAMES = [
  ['original', 'flipped'],
  ['embs', 'embs_f'],
  ['embeddings', 'embeddings_flipped'],
] as const;
/** Names of the left and the right sides of all pairs, as facenet's evaluation has them. */
const SIDES = ['embeddings1', 'embeddings2'] as const;
const ANSWERS = ['issame', 'issame_list', 'actual_issame'] as const;

/**
 * Reads a .npz file with `original` and `flipped` [2N, D] (rows 2k and 2k + 1 are pair k), `issame` [N], and optionally
 * `identities` [2N], whole numbers. Also `embs` and `embs_f`, one view without mirror images, and both sides apart.
 * @throws UsageError, FormatProblem, VerificationProblem
 */
export function readEmbeddedPairs(file: Uint8Array): EmbeddedPairs {
  refuseSingleArray(file);
  refuseOtherKind(file);
  const { arrays: numbers, others } = readNpz(file);
  const arrays = new Map([...numbers, ...smallIntegers(others)]);
  for (const [name, content] of others) if (!arrays.has(name)) refuseUnread(name, content);
  const { original, flipped, images, dimension, read } = viewsOf(arrays);
  const answers = ANSWERS.map((name) => arrays.get(name)).find((array) => array !== undefined);
  if (answers === undefined || answers.shape.length !== 1 || 2 * answers.data.length !== images) {
    throw new UsageError(
      `The file needs an array "issame" with one answer for each of the ${images / 2} pairs; it has ${inWords(arrays)}.`,
    );
  }
  checkEmbeddings(original, flipped, dimension, (row) => {
    return `image ${row + 1} (pair ${Math.floor(row / 2) + 1}, ${row % 2 === 0 ? 'left' : 'right'})`;
  });
  const same = Uint8Array.from(answers.data, Number);
  const odd = same.findIndex((_, pair) => Number(answers.data[pair]) !== 0 && Number(answers.data[pair]) !== 1);
  if (odd >= 0) {
    throw new UsageError(
      `"issame" has to hold 1 for pairs of one person and 0 for others; of pair ${odd + 1} it holds ${answers.data[odd]}.`,
    );
  }
  return {
    distances: neighbourDistances(flipTest(original, flipped, dimension), dimension),
    same,
    dimension,
    meanNorm: meanNorm(original, flipped, dimension),
    identities: identitiesOf(arrays.get('identities'), images),
    read,
  };
}

/** Two files by their names, or by their paths where these have one name: a sentence says which is better. */
export function namesOf(first: string, second: string): readonly [first: string, second: string] {
  const names = [basename(first), basename(second)] as const;
  return names[0] === names[1] ? [first, second] : names;
}

/** The pairs with same and different ones in turn, for files that hold a single fold. */
export function interleaved(pairs: EmbeddedPairs): EmbeddedPairs {
  const { distances, same, identities } = pairs;
  const order = interleavedOrder(same);
  const inOrder = (values: Float64Array) => Float64Array.from(order, (pair) => values[pair] ?? Number.NaN);
  return {
    ...pairs,
    distances: inOrder(distances),
    same: Uint8Array.from(order, (pair) => same[pair] ?? 0),
    identities: identities && { left: inOrder(identities.left), right: inOrder(identities.right) },
  };
}

function viewsOf(arrays: ReadonlyMap<string, NpyArray>): Views {
  const [left, right] = SIDES.map((name) => arrays.get(name));
  if (left !== undefined && right !== undefined) return sidesOf(left, right);
  const names = NAMES.find(([name]) => arrays.has(name)) ?? NAMES[0];
  const original = matrix(arrays, names[0]);
  const [images = 0, dimension = 0] = original.shape;
  if (images % 2 !== 0) {
    throw new UsageError(
      `"${names[0]}" has ${images} rows; rows 2k and 2k + 1 are a pair, so it needs an even number.`,
    );
  }
  const mirrored = arrays.get(names[1]);
  if (mirrored === undefined) {
    const read = `"${names[0]}": one view of each image, without mirror images`;
    return { original: original.data, flipped: original.data, images, dimension, read };
  }
  const flipped = matrix(arrays, names[1]);
  if (flipped.shape[0] !== images || flipped.shape[1] !== dimension) {
    throw new UsageError(
      `"${names[0]}" is [${original.shape.join(', ')}], but "${names[1]}" is [${flipped.shape.join(', ')}].`,
    );
  }
  const read = `"${names[0]}" and "${names[1]}": each image and its mirror image`;
  return { original: original.data, flipped: flipped.data, images, dimension, read };
}

/** Both sides in turn, without mirror images. */
function sidesOf(left: NpyArray, right: NpyArray): Views {
  const arrays = new Map([
    [SIDES[0], left],
    [SIDES[1], right],
  ]);
  const [first, second] = SIDES.map((name) => matrix(arrays, name));
  const [pairs = 0, dimension = 0] = left.shape;
  if (first === undefined || second === undefined || right.shape.join() !== left.shape.join()) {
    throw new UsageError(
      `"${SIDES[0]}" is [${left.shape.join(', ')}], but "${SIDES[1]}" is [${right.shape.join(', ')}].`,
    );
  }
  const rows = Float64Array.from({ length: 2 * pairs * dimension }, (_, at) => {
    const row = Math.floor(at / dimension);
    return (row % 2 === 0 ? first : second).data[(row >> 1) * dimension + (at % dimension)] ?? Number.NaN;
  });
  const read = `"${SIDES[0]}" and "${SIDES[1]}": one view of each side, without mirror images`;
  return { original: rows, flipped: rows, images: 2 * pairs, dimension, read };
}

/** A .npy file has no place for the answers. */
function refuseSingleArray(file: Uint8Array): void {
  if (file[0] !== 0x93) return;
  const { shape } = readNpy(file);
  throw new UsageError(
    `This is a single array [${shape.join(', ')}] (.npy), which does not say which pairs show one person. Save it as numpy.savez(FILE, original=..., flipped=..., issame=...).`,
  );
}

/** How files of other kinds begin, and how to turn them into a .npz file. */
const OTHER_KINDS = [
  ['an HDF5 file', 'h5py', (start) => begins(start, '\x89HDF')],
  ['a MATLAB file', 'scipy.io.loadmat', (start) => begins(start, 'MATLAB')],
  ['a pickle', 'pickle', (start) => start[0] === 0x80 && (start[1] ?? 9) <= 5],
  ['a safetensors file', 'safetensors.numpy.load_file', (start) => begins(start, '{', 8)],
  ['a text', 'numpy.loadtxt', (start) => start.length > 0 && /^[\t\n\r -~\xa0-\xff]*$/.test(textOf(start))],
] as const satisfies readonly (readonly [string, string, (start: Uint8Array) => boolean])[];

function refuseOtherKind(file: Uint8Array): void {
  if (begins(file, 'PK')) return;
  const kind = OTHER_KINDS.find(([, , fits]) => fits(file));
  if (kind === undefined) return;
  throw new UsageError(
    `This is ${kind[0]}, and embeddings are read from a .npz file. Load it with ${kind[1]} and save it as numpy.savez(FILE, original=..., flipped=..., issame=...).`,
  );
}

/** Whole numbers of types that `readNpz` leaves, by numpy's letters; as answers and people they are as good as others. */
const SMALL_INTEGERS: Readonly<Record<string, (view: DataView, at: number, littleEndian: boolean) => number>> = {
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, littleEndian) => view.getInt16(2 * at, littleEndian),
  u2: (view, at, littleEndian) => view.getUint16(2 * at, littleEndian),
  u4: (view, at, littleEndian) => view.getUint32(4 * at, littleEndian),
};

function smallIntegers(others: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, NpyArray> {
  return new Map(
    [...others].flatMap(([name, content]): [string, NpyArray][] => {
      const { description, shape, dataStart } = readNpyHeader(content);
      const read = SMALL_INTEGERS[description.replace(/^[<>|]/, '')];
      const count = elementCount(shape);
      // The order of a single axis is the same in C and Fortran.
      const isWhole = count * Number(description.slice(-1)) === content.length - dataStart;
      if (read === undefined || shape.length !== 1 || !isWhole) return [];
      const view = new DataView(content.buffer, content.byteOffset + dataStart, content.length - dataStart);
      const data = Float64Array.from({ length: count }, (_, at) => read(view, at, !description.startsWith('>')));
      return [[name, { type: 'float64', shape, data }]];
    }),
  );
}

/** @throws UsageError where an array that would be read has elements that are not */
function refuseUnread(name: string, content: Uint8Array): void {
  const { description } = readNpyHeader(content);
  if (ANSWERS.some((read) => read === name)) {
    throw new UsageError(
      `"${name}" holds elements of numpy's type "${description}", which are not read; save whole numbers: 1 for pairs of one person, 0 for others.`,
    );
  }
  if ([...NAMES.flat(), ...SIDES].some((read) => read === name)) {
    throw new UsageError(
      `"${name}" holds elements of numpy's type "${description}"; embeddings are read as float32, float16 or float64.`,
    );
  }
}

function matrix(arrays: ReadonlyMap<string, NpyArray>, name: string) {
  const array = arrays.get(name);
  if (array === undefined || array.shape.length !== 2 || (array.type !== 'float32' && array.type !== 'float64')) {
    throw new UsageError(`The file needs an array "${name}" of shape [2N, D], float32; it has ${inWords(arrays)}.`);
  }
  return array;
}

/** "original [80, 16], issame [40]" */
function inWords(arrays: ReadonlyMap<string, NpyArray>): string {
  return [...arrays].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ') || 'no array that is read';
}

function identitiesOf(array: NpyArray | undefined, images: number): EmbeddedPairs['identities'] {
  if (array === undefined) return undefined;
  if (array.data.length !== images) {
    throw new UsageError(`"identities" has ${array.data.length} entries, but there are ${images} images.`);
  }
  const people = Float64Array.from({ length: images }, (_, image) => Number(array.data[image]));
  return { left: people.filter((_, i) => i % 2 === 0), right: people.filter((_, i) => i % 2 === 1) };
}
