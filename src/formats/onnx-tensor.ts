import protobuf from 'protobufjs/minimal.js';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message, repeatedInts, textEntry } from './protobuf-fields.ts';
import { elementCount } from './shape.ts';
import { BFLOAT16, FLOAT4, FLOAT8, FLOAT16, type SmallFloat, smallFloatOf } from './small-floats.ts';

/** TensorProto.DataType of onnx.proto, as far as numbers can be read here. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: { name: 'float32', bits: 32, read: (view, at) => view.getFloat32(at, true) },
  2: { name: 'uint8', bits: 8, read: (view, at) => view.getUint8(at) },
  3: { name: 'int8', bits: 8, read: (view, at) => view.getInt8(at) },
  4: { name: 'uint16', bits: 16, read: (view, at) => view.getUint16(at, true) },
  5: { name: 'int16', bits: 16, read: (view, at) => view.getInt16(at, true) },
  6: { name: 'int32', bits: 32, read: (view, at) => view.getInt32(at, true) },
  7: { name: 'int64', bits: 64, read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { name: 'bool', bits: 8, read: (view, at) => view.getUint8(at) },
  10: small('float16', 16, FLOAT16),
  11: { name: 'float64', bits: 64, read: (view, at) => view.getFloat64(at, true) },
  12: { name: 'uint32', bits: 32, read: (view, at) => view.getUint32(at, true) },
  13: { name: 'uint64', bits: 64, read: (view, at) => Number(view.getBigUint64(at, true)) },
  16: small('bfloat16', 16, BFLOAT16),
  17: small('float8e4m3fn', 8, FLOAT8.e4m3fn),
  18: small('float8e4m3fnuz', 8, FLOAT8.e4m3fnuz),
  19: small('float8e5m2', 8, FLOAT8.e5m2),
  20: small('float8e5m2fnuz', 8, FLOAT8.e5m2fnuz),
  21: { name: 'uint4', bits: 4, read: (view, at) => view.getUint8(at) },
  22: { name: 'int4', bits: 4, read: (view, at) => (view.getUint8(at) << 28) >> 28 },
  23: small('float4e2m1', 4, FLOAT4),
};

/** Numbers that are whole and no weights by themselves: a scale makes weights of them. */
const WHOLE = /^(u?int|bool)/;

interface ElementType {
  readonly name: string;
  readonly bits: number;
  /** A number at a byte offset; of four bits, a byte that holds one number. */
  read(view: DataView, at: number): number;
}

/** Where the numbers of a tensor are when they are in another file. */
export interface OnnxExternalData {
  /** Path from the model's own folder. */
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

/** A tensor of an ONNX model, in C order. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** "float32", "int8" and so on; "type 8" for one that holds no numbers. */
  readonly type: string;
  readonly whole: boolean;
  readonly external: OnnxExternalData | undefined;
  /** The numbers; `external` is the other file. @throws FormatProblem where there are too few or too many */
  values(external?: Uint8Array): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/** Reads a TensorProto; its numbers stay a part of `bytes` until they are asked for. @throws FormatProblem */
export function readOnnxTensor(bytes: Uint8Array): OnnxTensor {
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let external = false;
  /** Little-endian numbers, and numbers as protobuf's integers of any length. */
  const raw: Uint8Array[] = [];
  const varints: Uint8Array[] = [];
  const entries = new Map<string, string>();
  message(bytes, 'ONNX model', {
    1: repeatedInts(shape),
    2: (reader) => {
      type = reader.int32();
    },
    4: fixed(raw, 4),
    5: variable(varints),
    7: variable(varints),
    8: (reader) => {
      name = reader.string();
    },
    9: (reader) => {
      raw.push(reader.bytes());
    },
    10: fixed(raw, 8),
    11: variable(varints),
    13: (reader) => {
      const { key, value } = textEntry(reader.bytes(), 'ONNX model');
      entries.set(key, value);
    },
    14: (reader) => {
      external = reader.int32() === 1;
    },
  });
  const element = TYPES[type];
  return {
    name,
    shape,
    type: element?.name ?? `type ${type}`,
    whole: element !== undefined && WHOLE.test(element.name),
    external: external ? externalData(entries, name) : undefined,
    values: (other) => {
      if (element === undefined) throw damaged(name, `holds numbers of type ${type}, which is not read`);
      const place = external ? partOf(other, externalData(entries, name), name) : joined(raw);
      return varints.length > 0 && !external
        ? fromVarints(joined(varints), element, shape, name)
        : fromBytes(place, element, shape, name);
    },
  };
}

function small(name: string, bits: number, format: SmallFloat): ElementType {
  const read = (view: DataView, at: number) => (bits === 16 ? view.getUint16(at, true) : view.getUint8(at));
  return { name, bits, read: (view, at) => smallFloatOf(read(view, at), format) };
}

/** Packed or one by one. */
function fixed(into: Uint8Array[], size: number): FieldReader {
  return (reader, wire) => {
    if (wire === 2) {
      into.push(reader.bytes());
      return;
    }
    const start = reader.pos;
    reader.skip(size);
    into.push(reader.buf.subarray(start, reader.pos));
  };
}

function variable(into: Uint8Array[]): FieldReader {
  return (reader, wire) => {
    if (wire === 2) {
      into.push(reader.bytes());
      return;
    }
    const start = reader.pos;
    reader.skip();
    into.push(reader.buf.subarray(start, reader.pos));
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length < 2) return only ?? new Uint8Array(0);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function externalData(entries: ReadonlyMap<string, string>, name: string): OnnxExternalData {
  const length = entries.get('length');
  const offset = Number(entries.get('offset') ?? 0);
  const size = length === undefined ? undefined : Number(length);
  if (!Number.isSafeInteger(offset) || offset < 0 || (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)))
    throw damaged(name, 'names a place in another file that cannot be');
  return { location: entries.get('location') ?? '', offset, length: size };
}

function partOf(file: Uint8Array | undefined, { location, offset, length }: OnnxExternalData, name: string) {
  if (file === undefined) throw damaged(name, `is in "${location.slice(0, 80)}", which is not there`);
  const end = length === undefined ? file.length : offset + length;
  if (end > file.length) {
    throw new FormatProblem(
      'truncated',
      `"${location.slice(0, 80)}" has ${file.length} bytes, but "${name.slice(0, 80)}" ends at byte ${end}.`,
      'Copy the file again; it belongs to another model or is cut off.',
    );
  }
  return file.subarray(offset, end);
}

function fromBytes(bytes: Uint8Array, { bits, name: type, read }: ElementType, shape: readonly number[], name: string) {
  const count = elementCount(shape);
  const expected = Math.ceil((count * bits) / 8);
  if (bytes.length !== expected) throw wrongSize(name, shape, `${expected} bytes`, `${bytes.length}`);
  // A copy: the part of the file may start anywhere.
  if (type === 'float32') return new Float32Array(new Uint8Array(bytes).buffer);
  const values = room(type, count);
  if (bits === 4) {
    const one = new DataView(new ArrayBuffer(1));
    for (let i = 0; i < count; i++) {
      one.setUint8(0, ((bytes[i >> 1] ?? 0) >> (4 * (i & 1))) & 15);
      values[i] = read(one, 0);
    }
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) values[i] = read(view, (i * bits) / 8);
  return values;
}

/** Numbers of int32_data and its like: whole ones as they are, others by their bits, of four bits two in a byte. */
function fromVarints(bytes: Uint8Array, element: ElementType, shape: readonly number[], name: string) {
  const count = elementCount(shape);
  const expected = element.bits === 4 ? Math.ceil(count / 2) : count;
  if (expected > bytes.length) throw wrongSize(name, shape, `${expected} numbers`, `at most ${bytes.length}`);
  const width = element.bits === 4 ? 1 : element.bits / 8;
  const packed = new Uint8Array(expected * width);
  const view = new DataView(packed.buffer);
  const reader = protobuf.Reader.create(bytes);
  let found = 0;
  try {
    for (; reader.pos < reader.len; found++) {
      const value = width === 8 ? BigInt(reader.int64().toString()) : reader.uint32();
      if (found >= expected) continue;
      if (typeof value === 'bigint') view.setBigUint64(8 * found, BigInt.asUintN(64, value), true);
      else if (width === 1) view.setUint8(found, value);
      else if (width === 2) view.setUint16(2 * found, value, true);
      else view.setUint32(4 * found, value, true);
    }
  } catch {
    throw new FormatProblem('truncated', `"${name.slice(0, 80)}" is cut off.`, 'Copy or export the file again.');
  }
  if (found !== expected) throw wrongSize(name, shape, `${expected} numbers`, `${found}`);
  return fromBytes(packed, element, shape, name);
}

/** float32 holds all but the widest types. */
function room(type: string, count: number): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return /32$|64$/.test(type) && type !== 'float32' ? new Float64Array(count) : new Float32Array(count);
}

function wrongSize(name: string, shape: readonly number[], takes: string, has: string): FormatProblem {
  return damaged(name, `of shape [${shape.slice(0, 8)}] takes ${takes}, but has ${has}`);
}

function damaged(name: string, what: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `"${name.slice(0, 80)}" ${what}.`,
    'The file is damaged or incomplete; export it again.',
  );
}
