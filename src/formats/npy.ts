import { FormatProblem } from './problem.ts';

/** The element types read and written here, by numpy's own names. */
export const NPY_TYPES = ['float32', 'float64', 'bool', 'uint8', 'int32', 'int64'] as const;
export type NpyType = (typeof NPY_TYPES)[number];

interface NpyData {
  readonly float32: Float32Array<ArrayBuffer>;
  readonly float64: Float64Array<ArrayBuffer>;
  /** 0 or 1. */
  readonly bool: Uint8Array<ArrayBuffer>;
  readonly uint8: Uint8Array<ArrayBuffer>;
  readonly int32: Int32Array<ArrayBuffer>;
  readonly int64: BigInt64Array<ArrayBuffer>;
}

/** A numpy array in C order, the last axis fastest. */
export type NpyArray = {
  [Type in NpyType]: { readonly type: Type; readonly shape: readonly number[]; readonly data: NpyData[Type] };
}[NpyType];

const DESCRIPTIONS = {
  float32: { text: '<f4', bytes: 4 },
  float64: { text: '<f8', bytes: 8 },
  bool: { text: '|b1', bytes: 1 },
  uint8: { text: '|u1', bytes: 1 },
  int32: { text: '<i4', bytes: 4 },
  int64: { text: '<i8', bytes: 8 },
} as const satisfies Record<NpyType, { text: string; bytes: number }>;

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** The number of elements of a shape; NaN where a size is no whole number from 0 on. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => (Number.isSafeInteger(size) && size >= 0 ? count * size : Number.NaN), 1);
}

/**
 * Reads a .npy file, format versions 1 to 3, little-endian; Fortran order is turned into C order.
 * @throws FormatProblem
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The .npy file is empty.', 'Save the array again.');
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new FormatProblem('wrong-format', 'This is no .npy file.', 'Save the array with numpy.save.', { byte: 0 });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) > 1;
  const textStart = wide ? 12 : 10;
  if (bytes.length < textStart) throw truncated(bytes.length);
  const textEnd = textStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (textEnd > bytes.length) throw truncated(bytes.length);
  const header = parseHeader(new TextDecoder('latin1').decode(bytes.subarray(textStart, textEnd)), textStart);
  const { type, shape } = header;
  const size = elementCount(shape) * DESCRIPTIONS[type].bytes;
  if (size > bytes.length - textEnd) throw truncated(bytes.length);
  if (size !== bytes.length - textEnd) {
    throw new FormatProblem(
      'inconsistent',
      `The array of shape [${shape.join(', ')}] takes ${size} bytes, but ${bytes.length - textEnd} follow.`,
      'Save the array again.',
      { byte: textEnd },
    );
  }
  // Copied, because a typed array has to start at a multiple of its element size.
  const { buffer } = new Uint8Array(bytes.subarray(textEnd));
  const array = arrayOf(type, shape, buffer);
  return header.fortranOrder && shape.length > 1 ? toCOrder(array) : array;
}

/** Writes a .npy file, format version 1, C order. */
export function writeNpy(array: NpyArray): Uint8Array<ArrayBuffer> {
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const dictionary = `{'descr': '${DESCRIPTIONS[array.type].text}', 'fortran_order': False, 'shape': (${shape}), }`;
  // Padded so that the data starts at a multiple of 64 bytes.
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = `${dictionary.padEnd(headerLength - 1)}\n`;
  const data = new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength);
  const file = new Uint8Array(10 + text.length + data.length);
  file.set(MAGIC);
  file.set([1, 0, headerLength & 0xff, headerLength >> 8], 6);
  file.set(new TextEncoder().encode(text), 10);
  file.set(data, 10 + text.length);
  return file;
}

interface NpyHeader {
  readonly type: NpyType;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The header is a Python dict; only its three known entries are read, by their exact forms. */
function parseHeader(text: string, byte: number): NpyHeader {
  const descr = /'descr':\s*'([^']{1,16})'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shapeText === undefined) {
    throw new FormatProblem(
      'unsupported',
      'The .npy header is not one of a plain array.',
      'Save plain arrays of numbers; records and objects are not read.',
      { byte },
    );
  }
  const type = NPY_TYPES.find(
    (name) => DESCRIPTIONS[name].text === descr || DESCRIPTIONS[name].text.slice(1) === descr,
  );
  if (type === undefined) {
    throw new FormatProblem(
      'unsupported',
      `Arrays of type "${descr}" are not read.`,
      `Convert it with astype first; read are ${NPY_TYPES.join(', ')}, little-endian.`,
      { byte },
    );
  }
  const shape = shapeText
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  if (shape.length > 32 || !Number.isSafeInteger(elementCount(shape))) {
    throw new FormatProblem(
      'inconsistent',
      `The shape (${shapeText.slice(0, 80)}) is not possible.`,
      'Save it again.',
      {
        byte,
      },
    );
  }
  return { type, fortranOrder: order === 'True', shape };
}

function arrayOf(type: NpyType, shape: readonly number[], buffer: ArrayBuffer): NpyArray {
  switch (type) {
    case 'float32':
      return { type, shape, data: new Float32Array(buffer) };
    case 'float64':
      return { type, shape, data: new Float64Array(buffer) };
    case 'bool':
      return { type, shape, data: new Uint8Array(buffer).map((value) => (value === 0 ? 0 : 1)) };
    case 'uint8':
      return { type, shape, data: new Uint8Array(buffer) };
    case 'int32':
      return { type, shape, data: new Int32Array(buffer) };
    case 'int64':
      return { type, shape, data: new BigInt64Array(buffer) };
  }
}

function toCOrder(array: NpyArray): NpyArray {
  switch (array.type) {
    case 'int64':
      return { ...array, data: transposed(array.data, array.shape, new BigInt64Array(array.data.length), 0n) };
    case 'float32':
      return { ...array, data: transposed(array.data, array.shape, new Float32Array(array.data.length), 0) };
    case 'float64':
      return { ...array, data: transposed(array.data, array.shape, new Float64Array(array.data.length), 0) };
    case 'int32':
      return { ...array, data: transposed(array.data, array.shape, new Int32Array(array.data.length), 0) };
    case 'bool':
    case 'uint8':
      return { ...array, data: transposed(array.data, array.shape, new Uint8Array(array.data.length), 0) };
  }
}

/** From the first axis fastest to the last axis fastest. */
function transposed<Value, Target extends { [index: number]: Value }>(
  source: ArrayLike<Value>,
  shape: readonly number[],
  target: Target,
  zero: Value,
): Target {
  const position = shape.map(() => 0);
  for (let i = 0; i < source.length; i++) {
    let to = 0;
    shape.forEach((size, axis) => {
      to = to * size + (position[axis] ?? 0);
    });
    target[to] = source[i] ?? zero;
    for (let axis = 0; axis < shape.length; axis++) {
      position[axis] = (position[axis] ?? 0) + 1;
      if ((position[axis] ?? 0) < (shape[axis] ?? 0)) break;
      position[axis] = 0;
    }
  }
  return target;
}

function truncated(byte: number): FormatProblem {
  return new FormatProblem('truncated', 'The .npy file ends too early.', 'Copy or save the file again.', { byte });
}
