import { floatsOf } from './element-types.ts';
import { latin1Text } from './latin1.ts';
import { FormatProblem } from './problem.ts';
import { elementCount, gather, stridesOf } from './shape.ts';

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

/** The same by the letters behind the byte order; half precision is kept as float32. */
const STORED: Readonly<Record<string, { readonly type: NpyType; readonly bytes: number; readonly half?: true }>> = {
  f2: { type: 'float32', bytes: 2, half: true },
  ...Object.fromEntries(NPY_TYPES.map((type) => [DESCRIPTIONS[type].text.slice(1), { ...DESCRIPTIONS[type], type }])),
};

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/**
 * Reads a .npy file, format versions 1 to 3. Numbers stored with the highest byte first and Fortran order are turned
 * round; half precision becomes float32.
 * @throws FormatProblem
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { description, shape, fortranOrder, dataStart } = readNpyHeader(bytes);
  const stored = storedAs(description);
  if (stored === undefined) {
    throw new FormatProblem(
      'unsupported',
      `Arrays of type "${description}" are not read.`,
      `Convert it with astype first; read are float16 and ${NPY_TYPES.join(', ')}.`,
      { byte: dataStart },
    );
  }
  const size = elementCount(shape) * stored.bytes;
  if (size > bytes.length - dataStart) throw truncated(bytes.length);
  if (size !== bytes.length - dataStart) {
    throw new FormatProblem(
      'inconsistent',
      `The array of shape [${shape.join(', ')}] takes ${size} bytes, but ${bytes.length - dataStart} follow.`,
      'Save the array again.',
      { byte: dataStart },
    );
  }
  const part = bytes.subarray(dataStart);
  // Copied, because a typed array has to start at a multiple of its element size.
  const data = description.startsWith('>') ? swapped(part, stored.bytes) : new Uint8Array(part);
  const array = arrayOf(stored.type, shape, stored.half ? halves(data) : data.buffer);
  return fortranOrder && shape.length > 1 ? toCOrder(array) : array;
}

/** The description of the array in a .npy file. */
export interface NpyHeader {
  /** Numpy's description of the elements: "<f4", "|O"; "records" where it is a list. */
  readonly description: string;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Where the elements begin, or the pickle of an array of objects. */
  readonly dataStart: number;
}

/** Reads the front of a .npy file. @throws FormatProblem */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The .npy file is empty.', 'Save the array again.');
  if (!looksLikeNpy(bytes)) {
    throw new FormatProblem('wrong-format', 'This is no .npy file.', 'Save the array with numpy.save.', { byte: 0 });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) > 1;
  const textStart = wide ? 12 : 10;
  if (bytes.length < textStart) throw truncated(bytes.length);
  const dataStart = textStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > bytes.length) throw truncated(bytes.length);
  return parseHeader(latin1Text(bytes.subarray(textStart, dataStart)), textStart, dataStart);
}

/** Whether the elements are numbers of a type that `readNpy` reads. */
export function isNumeric({ description }: NpyHeader): boolean {
  return storedAs(description) !== undefined;
}

function storedAs(description: string) {
  return STORED[description.replace(/^[<>=|]/, '')];
}

/** Whether the bytes start as a .npy file does. */
export function looksLikeNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
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

/** The header is a Python dict; only its three known entries are read, by their exact forms. */
function parseHeader(text: string, byte: number, dataStart: number): NpyHeader {
  const description =
    /'descr':\s*'([^']{1,16})'/.exec(text)?.[1] ?? (/'descr':\s*\[/.test(text) ? 'records' : undefined);
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (description === undefined || order === undefined || shapeText === undefined) {
    throw new FormatProblem('unsupported', 'The .npy header is not one of an array.', 'Save it with numpy.save.', {
      byte,
    });
  }
  const shape = shapeText
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  if (shape.length > 64 || !Number.isSafeInteger(elementCount(shape))) {
    throw new FormatProblem(
      'inconsistent',
      `The shape (${shapeText.slice(0, 80)}) is not possible.`,
      'Save it again.',
      { byte },
    );
  }
  return { description, fortranOrder: order === 'True', shape, dataStart };
}

/** Elements of `size` bytes with their bytes turned round; those of no size as they are. */
export function swapped(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  // A damaged file may claim such elements, and a loop over them would never end.
  if (!(size >= 1)) return new Uint8Array(bytes);
  const turned = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size) {
    for (let at = 0; at < size; at++) turned[start + at] = bytes[start + size - 1 - at] ?? 0;
  }
  return turned;
}

function halves(bytes: Uint8Array): ArrayBuffer {
  return (floatsOf({ type: 'F16', shape: [bytes.length / 2], bytes }) ?? new Float32Array(0)).buffer;
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

/** From the first axis fastest to the last axis fastest. */
function toCOrder(array: NpyArray): NpyArray {
  const window = { offset: 0, shape: array.shape, strides: stridesOf(array.shape, true) };
  const { length } = array.data;
  switch (array.type) {
    case 'int64':
      return { ...array, data: gather(array.data, window, new BigInt64Array(length), 0n) };
    case 'float32':
      return { ...array, data: gather(array.data, window, new Float32Array(length), 0) };
    case 'float64':
      return { ...array, data: gather(array.data, window, new Float64Array(length), 0) };
    case 'int32':
      return { ...array, data: gather(array.data, window, new Int32Array(length), 0) };
    case 'bool':
    case 'uint8':
      return { ...array, data: gather(array.data, window, new Uint8Array(length), 0) };
  }
}

function truncated(byte: number): FormatProblem {
  return new FormatProblem('truncated', 'The .npy file ends too early.', 'Copy or save the file again.', { byte });
}
