import { Budget, OBJECT_BYTES } from './budget.ts';
import { NumpyArray, numpyGlobals } from './numpy-pickle.ts';
import { readPickle } from './pickle.ts';
import type { PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';

/** A verification set such as lfw.bin. */
export interface PairsBin {
  /** 2 N encoded images (JPEG, PNG), views of the file; images 2k and 2k + 1 are pair k. */
  readonly images: readonly Uint8Array[];
  /** [N], 1 where both images show one person. */
  readonly same: Uint8Array<ArrayBuffer>;
}

/**
 * Reads InsightFace's .bin: a pickle of (encoded images, whether each pair is one person), of any protocol, the images as
 * bytes, bytearrays or numpy uint8 arrays, both in lists or numpy arrays. The images themselves are not looked into.
 * @throws FormatProblem; `record` in its place is the image's number.
 */
export function readPairsBin(bytes: Uint8Array): PairsBin {
  const budget = new Budget(bytes.length);
  const { value } = readPickle(bytes, { globals: numpyGlobals(), budget });
  const pair = listOf(value, budget) ?? [];
  const [first, answers = null] = pair;
  const bins = listOf(first, budget);
  if (bins === undefined || pair.length !== 2) {
    throw new FormatProblem(
      'wrong-format',
      'The pickle is not a pair of images and answers.',
      'A .bin file holds (list of encoded images, list of whether each pair is one person).',
    );
  }
  const same = truthValues(answers, budget);
  if (bins.length % 2 !== 0 || bins.length !== 2 * same.length) {
    throw new FormatProblem(
      'inconsistent',
      `There are ${bins.length} images, but ${same.length} answers whether a pair shows one person.`,
      'Every pair needs two images and one answer; pack the file again.',
    );
  }
  return { images: bins.map(imageBytes), same };
}

/** A list, a tuple, or the elements of a numpy array of objects. */
function listOf(value: PickleValue | undefined, budget: Budget): readonly PickleValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!(value instanceof NumpyArray)) return undefined;
  // Bytes of one length each, the shorter ones filled up with zeros.
  const width = Number(/^S(\d{1,9})$/.exec(value.type?.code ?? '')?.[1] ?? 0);
  if (width === 0 || value.shape.length !== 1) return value.elements;
  budget.charge((OBJECT_BYTES * value.bytes.length) / width);
  return Array.from({ length: value.bytes.length / width }, (_, i) => value.bytes.subarray(i * width, (i + 1) * width));
}

function imageBytes(value: PickleValue, record: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof NumpyArray && value.type?.code === 'u1') return value.bytes;
  throw new FormatProblem('wrong-format', 'An image is neither bytes nor a uint8 array.', 'Pack the encoded files.', {
    record,
  });
}

/** A list of Python truth values, 0 and 1, numpy truth values, or one numpy array of them. */
function truthValues(value: PickleValue, budget: Budget): Uint8Array<ArrayBuffer> {
  const whole = value instanceof NumpyArray && value.shape.length === 1 ? value.integers() : undefined;
  if (whole !== undefined) return Uint8Array.from(whole, (answer) => (answer === 0 ? 0 : 1));
  const list = listOf(value, budget);
  if (list === undefined) throw notTrue();
  return Uint8Array.from(list, (entry, record) => {
    if (entry === true || entry === 1) return 1;
    if (entry === false || entry === 0) return 0;
    const [answer] = (entry instanceof NumpyArray && entry.shape.length === 0 ? entry.integers() : undefined) ?? [];
    if (answer === undefined) throw notTrue(record);
    return answer === 0 ? 0 : 1;
  });
}

function notTrue(record?: number): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    'An answer whether a pair shows one person is neither true nor false.',
    'Pack the file again with a list of truth values.',
    record === undefined ? {} : { record },
  );
}
