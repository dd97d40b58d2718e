import { elementCount } from './shape.ts';
import { BFLOAT16, FLOAT8, FLOAT16, type SmallFloat, smallFloatOf } from './small-floats.ts';

/** Bits of an element of a tensor, by the names that safetensors uses; FNUZ, C128 and QUANTISED are PyTorch's alone. */
export const ELEMENT_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
  C128: 128,
} as const;
export type ElementType = keyof typeof ELEMENT_BITS;

/** A tensor in a file, in C order; `bytes` is a view of the file, little-endian. */
export interface RawTensor {
  /** Undefined for a type that is not known here. */
  readonly type: ElementType | undefined;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The bytes that a tensor takes; NaN where they are no whole number, or the shape is none. */
export function byteCount(type: ElementType, shape: readonly number[]): number {
  const bits = elementCount(shape) * ELEMENT_BITS[type];
  return bits % 8 === 0 ? bits / 8 : Number.NaN;
}

/** Whether `floatsOf` gives the numbers of this type. */
function holdsFloats(type: ElementType): boolean {
  return type === 'F32' || type === 'F64' || type in SMALL_FLOATS;
}

/** The numbers of a tensor as float32; undefined for whole numbers, complex ones and those of 4 and 6 bits. */
export function floatsOf({ type, shape, bytes }: RawTensor): Float32Array<ArrayBuffer> | undefined {
  if (type === undefined || !holdsFloats(type)) return undefined;
  // Copied by the constructor: Node's Buffer.slice would give a view of the buffer it was cut from.
  if (type === 'F32') return new Float32Array(new Uint8Array(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(elementCount(shape));
  if (type === 'F64') for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i, true);
  else {
    const table = tableOf(type);
    if (ELEMENT_BITS[type] === 8) for (let i = 0; i < values.length; i++) values[i] = table[bytes[i] ?? 0] ?? 0;
    else for (let i = 0; i < values.length; i++) values[i] = table[view.getUint16(2 * i, true)] ?? 0;
  }
  return values;
}

/** Whole numbers of up to 53 bits as float64; undefined for any other type. */
export function integersOf({ type, shape, bytes }: RawTensor): Float64Array<ArrayBuffer> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = type && INTEGERS[type]?.(view);
  if (read === undefined) return undefined;
  const values = new Float64Array(elementCount(shape));
  for (let i = 0; i < values.length; i++) values[i] = read(i);
  return values;
}

const INTEGERS: Partial<Record<ElementType, (view: DataView) => (index: number) => number>> = {
  BOOL: (view) => (i) => view.getUint8(i),
  U8: (view) => (i) => view.getUint8(i),
  I8: (view) => (i) => view.getInt8(i),
  I16: (view) => (i) => view.getInt16(2 * i, true),
  U16: (view) => (i) => view.getUint16(2 * i, true),
  I32: (view) => (i) => view.getInt32(4 * i, true),
  U32: (view) => (i) => view.getUint32(4 * i, true),
  I64: (view) => (i) => Number(view.getBigInt64(8 * i, true)),
  U64: (view) => (i) => Number(view.getBigUint64(8 * i, true)),
};

const SMALL_FLOATS: Partial<Record<ElementType, SmallFloat>> = {
  F16: FLOAT16,
  BF16: BFLOAT16,
  F8_E4M3: FLOAT8.e4m3fn,
  F8_E5M2: FLOAT8.e5m2,
  F8_E4M3FNUZ: FLOAT8.e4m3fnuz,
  F8_E5M2FNUZ: FLOAT8.e5m2fnuz,
};

const tables = new Map<ElementType, Float32Array>();

/** The number of every bit pattern of a small format. */
function tableOf(type: ElementType): Float32Array {
  const known = tables.get(type);
  if (known !== undefined) return known;
  const format = SMALL_FLOATS[type];
  const table = Float32Array.from({ length: 2 ** ELEMENT_BITS[type] }, (_, bits) =>
    format === undefined ? Number.NaN : smallFloatOf(bits, format),
  );
  tables.set(type, table);
  return table;
}
