import { NumpyArray, NumpyScalar, numpyGlobals } from './numpy-pickle.ts';
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

/** Whether the file starts like one: a pickle of protocol 2 to 5. */
export function looksLikePairsBin(start: Uint8Array): boolean {
  return start[0] === 0x80 && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5;
}

/**
 * Reads InsightFace's .bin: a pickle of (encoded images, whether each pair is one person), written by Python 2 or 3, the
 * images as bytes or as numpy uint8 arrays. The images themselves are not looked into.
 * @throws FormatProblem; `record` in its place is the image's number.
 */
export function readPairsBin(bytes: Uint8Array): PairsBin {
  const { value } = readPickle(bytes, { globals: numpyGlobals() });
  const [bins, answers] = Array.isArray(value) && value.length === 2 ? value : [];
  if (!Array.isArray(bins) || answers === undefined) {
    throw new FormatProblem(
      'wrong-format',
      'The pickle is not a pair of images and answers.',
      'A .bin file holds (list of encoded images, list of whether each pair is one person).',
    );
  }
  const same = truthValues(answers);
  if (bins.length % 2 !== 0 || bins.length !== 2 * same.length) {
    throw new FormatProblem(
      'inconsistent',
      `There are ${bins.length} images, but ${same.length} answers whether a pair shows one person.`,
      'Every pair needs two images and one answer; pack the file again.',
    );
  }
  return { images: bins.map(imageBytes), same };
}

function imageBytes(value: PickleValue, record: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof NumpyArray && value.type?.code === 'u1') return value.bytes;
  throw new FormatProblem('wrong-format', 'An image is neither bytes nor a uint8 array.', 'Pack the encoded files.', {
    record,
  });
}

/** A list of Python truth values, 0 and 1, numpy truth values, or one numpy array of them. */
function truthValues(value: PickleValue): Uint8Array<ArrayBuffer> {
  if (value instanceof NumpyArray && value.type !== undefined) {
    const { size, code } = value.type;
    if (value.shape.length === 1 && code !== 'f2' && code !== 'f4' && code !== 'f8') {
      return Uint8Array.from({ length: value.bytes.length / size }, (_, i) =>
        anyByte(value.bytes.subarray(i * size, (i + 1) * size)),
      );
    }
  }
  if (!Array.isArray(value)) throw notTrue();
  return Uint8Array.from(value, (entry, record) => {
    if (entry === true || entry === 1) return 1;
    if (entry === false || entry === 0) return 0;
    if (entry instanceof NumpyScalar && !entry.type.code.startsWith('f')) return anyByte(entry.bytes);
    throw notTrue(record);
  });
}

function anyByte(bytes: Uint8Array): number {
  return bytes.some((byte) => byte !== 0) ? 1 : 0;
}

function notTrue(record?: number): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    'An answer whether a pair shows one person is neither true nor false.',
    'Pack the file again with a list of truth values.',
    record === undefined ? {} : { record },
  );
}
