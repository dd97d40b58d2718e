import { z } from 'zod';
import { elementCount } from './npy.ts';
import { FormatProblem } from './problem.ts';

/** The element types of safetensors and their bytes. */
export const SAFETENSORS_TYPES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;
export type SafetensorsType = keyof typeof SAFETENSORS_TYPES;

/** A tensor in a file, in C order; `bytes` is a view of the file, little-endian. */
export interface Safetensor {
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Safetensor>;
  /** The file's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A float32 tensor to write, in C order. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The official reader refuses longer headers, too. */
const LARGEST_HEADER = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads a .safetensors file (huggingface/safetensors README): u64 header length, JSON, data. What the header says is
 * checked against the file before anything is used: tensors lie inside the data, as long as shape and type say, and
 * cover it without a hole or an overlap.
 * @throws FormatProblem
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  if (bytes.length < 8)
    throw new FormatProblem('truncated', 'The file ends in its header.', 'Copy it again.', { byte: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > LARGEST_HEADER || bytes[8] !== 0x7b) {
    throw new FormatProblem('wrong-format', 'This is no .safetensors file.', 'Choose a .safetensors file.', {
      byte: 0,
    });
  }
  const dataStart = 8 + headerLength;
  if (dataStart > bytes.length) {
    throw new FormatProblem('truncated', `The header claims ${headerLength} bytes.`, 'Copy the file again.', {
      byte: bytes.length,
    });
  }
  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, Safetensor>();
  let metadata = new Map<string, string>();
  const places: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const [name, value] of headerEntries(bytes.subarray(8, dataStart))) {
    if (name === '__metadata__') {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw damaged('The metadata are not texts');
      metadata = new Map(Object.entries(parsed.data));
      continue;
    }
    const { type, shape, start, end } = readEntry(name, value, data.length);
    tensors.set(name, { type, shape, bytes: data.subarray(start, end) });
    places.push({ name, start, end });
  }
  checkCover(places, data.length);
  return { tensors, metadata };
}

/** The numbers of an F32, F16, BF16 or F64 tensor as float32; undefined for other types. */
export function floatsOf({ type, shape, bytes }: Safetensor): Float32Array<ArrayBuffer> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = (read: (index: number) => number) =>
    Float32Array.from({ length: elementCount(shape) }, (_, i) => read(i));
  switch (type) {
    case 'F32':
      // Copied by the constructor: Node's Buffer.slice would give a view of the buffer it was cut from.
      return new Float32Array(new Uint8Array(bytes).buffer);
    case 'F64':
      return from((i) => view.getFloat64(8 * i, true));
    case 'F16':
      return from((i) => halfToNumber(view.getUint16(2 * i, true)));
    case 'BF16': {
      const scratch = new DataView(new ArrayBuffer(4));
      return from((i) => {
        scratch.setUint16(2, view.getUint16(2 * i, true), true);
        return scratch.getFloat32(0, true);
      });
    }
    default:
      return undefined;
  }
}

/**
 * Writes float32 tensors in the order given. The header is padded with spaces so that the data start at a multiple of 8.
 * @throws RangeError where a tensor's data do not have its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Array.from(tensors, ([name, { shape, data }]): [string, unknown] => {
    if (elementCount(shape) !== data.length)
      throw new RangeError(`${name} has ${data.length} numbers, shape [${shape}].`);
    const start = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const header = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const, ...entries] : entries;
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const dataStart = Math.ceil((8 + text.length) / 8) * 8;
  const file = new Uint8Array(dataStart + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.fill(0x20, 8, dataStart);
  file.set(text, 8);
  let position = dataStart;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

function headerEntries(text: Uint8Array): [string, unknown][] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(text));
  } catch (error) {
    throw damaged(`The header is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw damaged('The header is no object');
  return Object.entries(header);
}

function readEntry(name: string, value: unknown, dataLength: number) {
  const parsed = entrySchema.safeParse(value);
  const shown = name.slice(0, 80);
  if (!parsed.success) throw damaged(`The entry of "${shown}" is not a type, a shape and two offsets`);
  const { dtype, shape, data_offsets } = parsed.data;
  if (!isType(dtype)) {
    throw new FormatProblem('unsupported', `"${shown}" has the type "${dtype.slice(0, 20)}".`, 'Convert it to F32.');
  }
  const [start, end] = data_offsets;
  if (end > dataLength) {
    throw new FormatProblem(
      'truncated',
      `"${shown}" should end at byte ${end} of the data, which have ${dataLength}.`,
      'Copy the file again.',
    );
  }
  if (end - start !== elementCount(shape) * SAFETENSORS_TYPES[dtype]) {
    throw damaged(`"${shown}" has the shape [${shape.slice(0, 8).join(', ')}], but ${end - start} bytes`);
  }
  return { type: dtype, shape, start, end };
}

function checkCover(places: readonly { name: string; start: number; end: number }[], dataLength: number): void {
  let covered = 0;
  for (const { name, start, end } of places.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered) {
      throw damaged(
        `"${name.slice(0, 80)}" ${start < covered ? 'overlaps another tensor' : 'leaves a hole before it'}`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) throw damaged(`${dataLength - covered} bytes at the end belong to no tensor`);
}

function isType(name: string): name is SafetensorsType {
  return Object.hasOwn(SAFETENSORS_TYPES, name);
}

/** IEEE 754 half precision. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function damaged(sentence: string): FormatProblem {
  return new FormatProblem('inconsistent', `${sentence}.`, 'The file is damaged; copy or export it again.', {
    byte: 8,
  });
}
