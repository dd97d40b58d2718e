import type { Budget } from './budget.ts';
import { type ElementType, floatsOf, integersOf, type RawTensor } from './element-types.ts';
import { swapped } from './npy.ts';
import { asText, type PickleConstructor, PickleGlobal, PickleObject, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';
import { elementCount, gather, isContiguous, stridesOf } from './shape.ts';

/**
 * Numpy's codes that have an element type here; of others (objects, texts, records, dates) arrays are kept as they are.
 */
const ELEMENTS: Readonly<Record<string, ElementType>> = {
  b1: 'BOOL',
  u1: 'U8',
  u2: 'U16',
  u4: 'U32',
  u8: 'U64',
  i1: 'I8',
  i2: 'I16',
  i4: 'I32',
  i8: 'I64',
  f2: 'F16',
  f4: 'F32',
  f8: 'F64',
  c8: 'C64',
  c16: 'C128',
  // ml_dtypes, as JAX saves them.
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
};

/** Numpy allows so many. */
const MOST_AXES = 64;

/** A numpy element type inside a pickle. */
export class NumpyType extends PickleObject {
  /** "u1", "f4", "O8"; of ml_dtypes the name. */
  readonly code: string;
  /** Whether the numbers are stored with the highest byte first. */
  bigEndian = false;

  constructor(code: string) {
    super('numpy.dtype');
    this.code = code;
  }

  get element(): ElementType | undefined {
    return ELEMENTS[this.code];
  }

  /** Bytes of an element, where it has an element type. */
  get size(): number {
    return Number(/(?<!\d)\d+$/.exec(this.code)?.[0] ?? 0);
  }

  override build(state: PickleValue): void {
    super.build(state);
    this.bigEndian = Array.isArray(state) && asText(state[1]) === '>';
  }
}

/** A numpy array inside a pickle. */
export class NumpyArray extends PickleObject {
  shape: readonly number[] = [0];
  type: NumpyType | undefined;
  /** The elements as they lie in memory; of objects there are none. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Steps from one element of an axis to the next, in elements. */
  #strides: readonly number[] = [1];

  constructor(name = 'numpy.ndarray') {
    super(name);
  }

  /** State of ndarray: (version, shape, dtype, Fortran order, bytes, or a list where the elements are objects). */
  override build(state: PickleValue): void {
    if (!Array.isArray(state)) throw unexpected('an array');
    const [, shape, type, fortranOrder, data] = state;
    this.set(shape, type, data, (sizes) => stridesOf(sizes, fortranOrder === true || fortranOrder === 1));
  }

  /** @throws FormatProblem where the parts contradict each other */
  set(
    shape: PickleValue | undefined,
    type: PickleValue | undefined,
    data: PickleValue | undefined,
    strides: (shape: readonly number[]) => readonly number[] = stridesOf,
  ): void {
    if (!Array.isArray(shape) || shape.length > MOST_AXES || !(type instanceof NumpyType)) throw unexpected('an array');
    const sizes = shape.map((size) => (typeof size === 'number' ? size : Number.NaN));
    this.shape = sizes;
    this.#strides = strides(sizes);
    this.type = type;
    if (type.element === undefined) {
      if (Array.isArray(data)) this.elements = data;
      else if (data instanceof Uint8Array) this.bytes = data;
      return;
    }
    if (!(data instanceof Uint8Array)) throw unexpected('an array');
    if (elementCount(sizes) * sizeOf(type) !== data.length) {
      throw new FormatProblem(
        'inconsistent',
        `A numpy array of shape [${sizes.slice(0, 8).join(', ')}] and type ${type.code} cannot be ${data.length} bytes long.`,
        'Pack the file again.',
      );
    }
    this.bytes = data;
  }

  /** Floating-point numbers as float32 in C order; undefined where the elements are none. */
  floats(): Float32Array<ArrayBuffer> | undefined {
    const values = floatsOf(this.#raw());
    const window = { offset: 0, shape: this.shape, strides: this.#strides };
    if (values === undefined || isContiguous(window)) return values;
    return gather(values, window, new Float32Array(values.length), 0);
  }

  /** Turns the axes round: axis k of the result is axis `axes[k]`. */
  transpose(axes: readonly number[]): void {
    this.shape = axes.map((axis) => this.shape[axis] ?? 0);
    this.#strides = axes.map((axis) => this.#strides[axis] ?? 0);
  }

  /** Whole numbers and truth values of a row; undefined where the elements are none. */
  integers(): Float64Array<ArrayBuffer> | undefined {
    return integersOf(this.#raw());
  }

  #raw(): RawTensor {
    const bytes = this.type?.bigEndian === true ? swapped(this.bytes, this.type.size) : this.bytes;
    return { type: this.type?.element, shape: this.shape, bytes };
  }
}

/**
 * The names that bytes and numpy arrays have in a pickle, under numpy 1 (`numpy.core`) and 2 (`numpy._core`). For one
 * reading of one file.
 */
export function numpyGlobals(): ReadonlyMap<string, PickleConstructor> {
  // One text may be turned into bytes any number of times; it takes memory once.
  const encoded = new Map<string, Uint8Array>();
  return new Map<string, PickleConstructor>([
    // Python 3 writes bytes at protocol 2 as a text of code points below 256, and empty bytes as a call without
    // arguments.
    ['_codecs.encode', (args, budget) => latin1Bytes(args, encoded, budget)],
    ...['__builtin__', 'builtins'].flatMap((module): [string, PickleConstructor][] => [
      [`${module}.bytes`, bytesFrom],
      [`${module}.bytearray`, (args, budget) => bytesFrom(args) ?? latin1Bytes(args, encoded, budget)],
    ]),
    ['numpy.dtype', ([code]) => dtype(code)],
    ...['numpy.core', 'numpy._core'].flatMap((module): [string, PickleConstructor][] => [
      [`${module}.multiarray._reconstruct`, () => new NumpyArray()],
      [`${module}.multiarray.scalar`, scalar],
      [`${module}.numeric._frombuffer`, fromBuffer],
    ]),
    // JAX: (function of numpy, its arguments, the array's state, ...).
    ['jax._src.array._reconstruct_array', ([, , state]) => arrayWithState(state)],
  ]);
}

function latin1Bytes(
  [text, encoding]: readonly PickleValue[],
  encoded: Map<string, Uint8Array>,
  budget: Budget,
): Uint8Array | undefined {
  if (typeof text !== 'string' || !['latin1', 'latin-1'].includes(asText(encoding) ?? '')) return undefined;
  const known = encoded.get(text);
  if (known !== undefined) return known;
  budget.charge(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw unexpected('bytes');
    bytes[i] = code;
  }
  encoded.set(text, bytes);
  return bytes;
}

function bytesFrom(args: readonly PickleValue[]): Uint8Array | undefined {
  const [content] = args;
  if (args.length === 0) return new Uint8Array(0);
  return args.length === 1 && content instanceof Uint8Array ? content : undefined;
}

function dtype(code: PickleValue | undefined): NumpyType | undefined {
  const text = code instanceof PickleGlobal ? /^ml_dtypes\.(\w+)$/.exec(code.name)?.[1] : asText(code);
  return text === undefined ? undefined : new NumpyType(text.replace(/^[<>|=]/, ''));
}

/** A single value is an array without axes. */
function scalar([type, bytes]: readonly PickleValue[]): NumpyArray | undefined {
  if (!(type instanceof NumpyType) || type.element === undefined) return undefined;
  const array = new NumpyArray('numpy.scalar');
  array.set([], type, bytes);
  return array;
}

/** Arrays at protocol 5: (bytes, dtype, shape, order, and of order K the axes' order). */
function fromBuffer([data, type, shape, order, axes]: readonly PickleValue[]): NumpyArray | undefined {
  const array = new NumpyArray();
  array.set(shape, type, data, (sizes) => stridesOf(sizes, asText(order) === 'F'));
  if (Array.isArray(axes)) {
    if (
      axes
        .map(Number)
        .toSorted((a, b) => a - b)
        .join() !== [...array.shape.keys()].join()
    )
      throw unexpected('an array');
    array.transpose(axes.map(Number));
  }
  return array;
}

function arrayWithState(state: PickleValue | undefined): NumpyArray | undefined {
  if (!Array.isArray(state)) return undefined;
  const array = new NumpyArray();
  array.build(state);
  return array;
}

function sizeOf(type: NumpyType): number {
  return type.element === 'BF16' ? 2 : type.element?.startsWith('F8') ? 1 : type.size;
}

function unexpected(name: string): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    `The pickle is damaged: ${name} in it has the wrong parts.`,
    'Pack the file again.',
  );
}
