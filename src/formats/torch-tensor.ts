import { byteCount, ELEMENT_BITS, type ElementType, floatsOf, integersOf } from './element-types.ts';
import { PickleObject } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';
import { elementCount, gather, isContiguous, lastOf, type Window } from './shape.ts';

/** PyTorch's element types by the names of its storages and its dtypes, without those that no tensor is read of. */
export const TORCH_TYPES: Readonly<Record<string, ElementType>> = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
  'torch.QInt8Storage': 'I8',
  'torch.QUInt8Storage': 'U8',
  'torch.QInt32Storage': 'I32',
  'torch.ComplexFloatStorage': 'C64',
  'torch.ComplexDoubleStorage': 'C128',
  // Bytes of any type; the tensor says which.
  'torch.storage.UntypedStorage': 'U8',
  'torch.UntypedStorage': 'U8',
  'torch.float32': 'F32',
  'torch.float64': 'F64',
  'torch.float16': 'F16',
  'torch.bfloat16': 'BF16',
  'torch.float8_e4m3fn': 'F8_E4M3',
  'torch.float8_e5m2': 'F8_E5M2',
  'torch.float8_e4m3fnuz': 'F8_E4M3FNUZ',
  'torch.float8_e5m2fnuz': 'F8_E5M2FNUZ',
  'torch.float8_e8m0fnu': 'F8_E8M0',
  'torch.int64': 'I64',
  'torch.int32': 'I32',
  'torch.int16': 'I16',
  'torch.int8': 'I8',
  'torch.uint64': 'U64',
  'torch.uint32': 'U32',
  'torch.uint16': 'U16',
  'torch.uint8': 'U8',
  'torch.bool': 'BOOL',
  'torch.complex64': 'C64',
  'torch.complex128': 'C128',
};

/** Numbers of one element type that tensors are windows on. */
export class TorchStorage extends PickleObject {
  readonly key: string;
  /** Undefined for a type that is not known here. */
  readonly type: ElementType | undefined;
  readonly count: number;
  readonly #whole: TorchStorage | undefined;
  readonly #offset: number;
  #bytes: Uint8Array | undefined;

  /** `whole` and `offset` for a window of `count` elements on another storage. */
  constructor(key: string, type: ElementType | undefined, count: number, whole?: TorchStorage, offset = 0) {
    super('torch.storage');
    this.key = key;
    this.type = type;
    this.count = count;
    this.#whole = whole;
    this.#offset = offset;
  }

  /** Undefined until its place in the file is known. */
  get bytes(): Uint8Array | undefined {
    if (this.#whole === undefined) return this.#bytes;
    const width = this.type === undefined ? 0 : ELEMENT_BITS[this.type] / 8;
    return this.#whole.bytes?.subarray(this.#offset * width, (this.#offset + this.count) * width);
  }

  set bytes(bytes: Uint8Array | undefined) {
    this.#bytes = bytes;
  }
}

/** How a quantised tensor's numbers are meant: (stored - zero point) * scale, for the tensor or for each place of an axis. */
export interface Quantisation {
  readonly scales: ArrayLike<number>;
  readonly zeroPoints: ArrayLike<number>;
  /** Undefined where one scale holds for all. */
  readonly axis: number | undefined;
}

/** A tensor of a checkpoint: a window on a storage, which others may share. */
export class TorchTensor extends PickleObject {
  readonly shape: readonly number[];
  readonly type: ElementType | undefined;
  readonly #storage: TorchStorage;
  readonly #window: Window;
  readonly #quantisation: (() => Quantisation | undefined) | undefined;

  /** `type` is the storage's unless the tensor has its own; `quantisation` is asked when the numbers are. */
  constructor(
    storage: TorchStorage,
    window: Window,
    type: ElementType | undefined = storage.type,
    quantisation?: () => Quantisation | undefined,
  ) {
    super('torch.Tensor');
    this.shape = window.shape;
    this.type = type;
    this.#storage = storage;
    this.#window = window;
    this.#quantisation = quantisation;
  }

  get isQuantised(): boolean {
    return this.#quantisation !== undefined;
  }

  /** Its numbers as float32 in C order; undefined where they are no floating-point numbers. @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer> | undefined {
    const quantisation = this.#quantisation?.();
    if (this.#quantisation !== undefined) {
      const stored = quantisation && this.integers();
      return quantisation && stored && dequantised(stored, this.shape, quantisation);
    }
    const values = this.#read(floatsOf);
    return values && this.#ordered(values, (count) => new Float32Array(count));
  }

  /** Whole numbers in C order; undefined for any other type. @throws FormatProblem */
  integers(): Float64Array<ArrayBuffer> | undefined {
    const values = this.#read(integersOf);
    return values && this.#ordered(values, (count) => new Float64Array(count));
  }

  /** The part of the storage that the window reaches. */
  #read<Values>(
    decode: (tensor: { type: ElementType; shape: number[]; bytes: Uint8Array }) => Values,
  ): Values | undefined {
    const { type } = this;
    const { bytes, key } = this.#storage;
    if (type === undefined) return undefined;
    const last = lastOf(this.#window);
    if (last === undefined) return decode({ type, shape: [0], bytes: new Uint8Array(0) });
    const { offset } = this.#window;
    const width = ELEMENT_BITS[type] / 8;
    const held = (bytes?.length ?? 0) / width;
    if (bytes === undefined || last + 1 > held) {
      throw new FormatProblem(
        'inconsistent',
        `The PyTorch checkpoint is damaged: a tensor reaches beyond storage "${key.slice(0, 40)}".`,
        'Copy or save it again with torch.save.',
      );
    }
    // A tensor larger than its storage repeats it (expand), as a mask may: a way to ask for any memory.
    const count = elementCount(this.shape);
    if (count > held && count > MOST_EXPANDED) {
      throw new FormatProblem(
        'too-large',
        `A tensor of the PyTorch checkpoint repeats ${held.toLocaleString('en')} stored numbers to ${count.toLocaleString('en')}.`,
        'Leave it out of the checkpoint, or save the network as ONNX or safetensors.',
      );
    }
    const shape = [last - offset + 1];
    return decode({ type, shape, bytes: bytes.subarray(offset * width, offset * width + byteCount(type, shape)) });
  }

  #ordered<Values extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
    values: Values,
    make: (count: number) => Values,
  ): Values {
    if (values.length === 0 || isContiguous(this.#window)) return values;
    return gather(values, { ...this.#window, offset: 0 }, make(elementCount(this.shape)), 0);
  }
}

/** Numbers of a tensor that repeats its storage. */
const MOST_EXPANDED = 2 ** 22;

/** A tensor whose numbers are not read, or are not in the file: sparse, or of a device without memory. */
export class UnreadTensor extends PickleObject {
  readonly shape: readonly number[];
  /** "sparse". */
  readonly kind: string;

  constructor(kind: string, shape: readonly number[]) {
    super('torch.Tensor');
    this.kind = kind;
    this.shape = shape;
  }
}

function dequantised(
  stored: Float64Array,
  shape: readonly number[],
  { scales, zeroPoints, axis }: Quantisation,
): Float32Array<ArrayBuffer> | undefined {
  const length = axis === undefined ? 1 : shape[axis];
  if (length !== scales.length || length !== zeroPoints.length) return undefined;
  const inner = axis === undefined ? 1 : shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  return Float32Array.from(stored, (value, i) => {
    const place = Math.floor(i / inner) % length;
    return (value - (zeroPoints[place] ?? 0)) * (scales[place] ?? 0);
  });
}
