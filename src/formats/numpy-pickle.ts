import { elementCount } from './npy.ts';
import { type PickleConstructor, PickleInstance, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';

/** A numpy element type inside a pickle: "u1", "b1", "f4". */
export class NumpyType extends PickleInstance {
  readonly code: string;
  /** Whether the numbers are stored with the highest byte first. */
  bigEndian = false;

  constructor(code: string) {
    super();
    this.code = code;
  }

  /** Bytes of an element. */
  get size(): number {
    return Number(this.code.slice(1));
  }

  override build(state: PickleValue): void {
    if (!Array.isArray(state)) throw unexpected('an element type');
    const order = asText(state[1]);
    this.bigEndian = order === '>';
  }
}

/** A numpy array inside a pickle. */
export class NumpyArray extends PickleInstance {
  shape: readonly number[] = [0];
  type: NumpyType | undefined;
  /** The elements as they lie in memory. */
  bytes: Uint8Array = new Uint8Array(0);
  fortranOrder = false;

  /** State of ndarray: (version, shape, dtype, Fortran order, bytes). */
  override build(state: PickleValue): void {
    if (!Array.isArray(state) || state.length !== 5) throw unexpected('an array');
    this.set(state[1], state[2], state[3] === true, state[4]);
  }

  set(
    shape: PickleValue | undefined,
    type: PickleValue | undefined,
    fortranOrder: boolean,
    data: PickleValue | undefined,
  ): void {
    const sizes = Array.isArray(shape)
      ? shape.map((size) => (typeof size === 'number' ? size : Number.NaN))
      : undefined;
    if (sizes === undefined || !(type instanceof NumpyType) || !(data instanceof Uint8Array))
      throw unexpected('an array');
    if (elementCount(sizes) * type.size !== data.length) {
      throw new FormatProblem(
        'inconsistent',
        `A numpy array of shape [${sizes.slice(0, 8).join(', ')}] and type ${type.code} cannot be ${data.length} bytes long.`,
        'Pack the file again.',
      );
    }
    this.shape = sizes;
    this.type = type;
    this.fortranOrder = fortranOrder;
    this.bytes = data;
  }
}

/** A single numpy value (numpy.bool_, numpy.uint8) inside a pickle. */
export class NumpyScalar extends PickleInstance {
  readonly type: NumpyType;
  readonly bytes: Uint8Array;

  constructor(type: NumpyType, bytes: Uint8Array) {
    super();
    this.type = type;
    this.bytes = bytes;
  }

  override build(): void {
    throw unexpected('a single value');
  }
}

/**
 * The names that bytes and numpy arrays need in a pickle, under numpy 1 (`numpy.core`) and 2 (`numpy._core`): whatever
 * else a pickle asks for is refused. For one reading of one file.
 */
export function numpyGlobals(): ReadonlyMap<string, PickleConstructor | 'name only'> {
  // One text may be turned into bytes any number of times; it takes memory once.
  const encoded = new Map<string, Uint8Array>();
  return new Map<string, PickleConstructor | 'name only'>([
    // Python 3 writes bytes at protocol 2 as a text of code points below 256, and empty bytes as a call without arguments.
    ['_codecs.encode', (args) => latin1Bytes(args, encoded)],
    ['__builtin__.bytes', emptyBytes],
    ['builtins.bytes', emptyBytes],
    ['numpy.ndarray', 'name only'],
    ['numpy.dtype', dtype],
    ...['numpy.core', 'numpy._core'].flatMap((module): [string, PickleConstructor][] => [
      [`${module}.multiarray._reconstruct`, () => new NumpyArray()],
      [`${module}.multiarray.scalar`, scalar],
      [`${module}.numeric._frombuffer`, fromBuffer],
    ]),
  ]);
}

/** A text from a pickle, also one that Python 2 wrote as bytes; undefined for anything else. */
export function asText(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : undefined;
}

function latin1Bytes(args: readonly PickleValue[], encoded: Map<string, Uint8Array>): Uint8Array {
  const text = args[0];
  if (typeof text !== 'string' || !['latin1', 'latin-1'].includes(asText(args[1]) ?? '')) throw unexpected('bytes');
  const known = encoded.get(text);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw unexpected('bytes');
    bytes[i] = code;
  }
  encoded.set(text, bytes);
  return bytes;
}

function emptyBytes(args: readonly PickleValue[]): Uint8Array {
  if (args.length !== 0) throw unexpected('bytes');
  return new Uint8Array(0);
}

function dtype(args: readonly PickleValue[]): NumpyType {
  const code = asText(args[0])?.replace(/^[<>|=]/, '');
  if (code === undefined || !/^[biuf][1248]$/.test(code)) {
    throw new FormatProblem(
      'unsupported',
      `Numpy arrays of type "${String(code).slice(0, 20)}" are not read.`,
      'Pack numbers or truth values, not objects or texts.',
    );
  }
  return new NumpyType(code);
}

function scalar(args: readonly PickleValue[]): NumpyScalar {
  const [type, bytes] = args;
  if (!(type instanceof NumpyType) || !(bytes instanceof Uint8Array) || bytes.length !== type.size) {
    throw unexpected('a single value');
  }
  return new NumpyScalar(type, bytes);
}

/** Arrays at protocol 5: (bytes, dtype, shape, order). */
function fromBuffer(args: readonly PickleValue[]): NumpyArray {
  const array = new NumpyArray();
  array.set(args[2], args[1], asText(args[3]) === 'F', args[0]);
  return array;
}

function unexpected(what: string): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    `The pickle is damaged: ${what} in it has the wrong parts.`,
    'Pack the file again.',
  );
}
