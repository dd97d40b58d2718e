import protobuf from 'protobufjs/minimal.js';
import { type Budget, OBJECT_BYTES } from './budget.ts';
import { ELEMENT_BITS, type ElementType, floatsOf, integersOf } from './element-types.ts';
import { joinBytes } from './join-bytes.ts';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message, repeatedInts, textEntry } from './protobuf-fields.ts';
import { elementCount } from './shape.ts';
import { FLOAT4, smallFloatOf } from './small-floats.ts';

/** TensorProto.DataType of onnx.proto, as far as numbers can be read here. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  12: 'U32',
  13: 'U64',
  16: 'BF16',
  17: 'F8_E4M3',
  18: 'F8_E4M3FNUZ',
  19: 'F8_E5M2',
  20: 'F8_E5M2FNUZ',
  24: 'F8_E8M0',
};

/** Numbers of four bits by their bits, two in a byte, the lower half first. */
const NIBBLES: Readonly<Record<number, { readonly name: string; readonly values: readonly number[] }>> = {
  21: { name: 'U4', values: Array.from({ length: 16 }, (_, bits) => bits) },
  22: { name: 'I4', values: Array.from({ length: 16 }, (_, bits) => (bits < 8 ? bits : bits - 16)) },
  23: { name: 'F4', values: Array.from({ length: 16 }, (_, bits) => smallFloatOf(bits, FLOAT4)) },
};

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
  /** "F32", "I8" and so on, as safetensors names them, "I4" and "U4"; "type 8" for one that is not read. */
  readonly type: string;
  readonly external: OnnxExternalData | undefined;
  /** The numbers; `external` is the other file. @throws FormatProblem where there are too few or too many */
  values(external?: Uint8Array): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/** Reads a TensorProto; its numbers stay a part of `bytes` until they are asked for. @throws FormatProblem */
export function readOnnxTensor(bytes: Uint8Array, budget: Budget): OnnxTensor {
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let external = false;
  /** Little-endian numbers, and numbers as protobuf's integers of any length. */
  const raw: Uint8Array[] = [];
  const varints: Uint8Array[] = [];
  const entries = new Map<string, string>();
  message(bytes, 'ONNX model', budget, {
    1: repeatedInts(shape, budget),
    2: (reader) => {
      type = reader.int32();
    },
    4: fixed(raw, 4, budget),
    5: variable(varints, budget),
    7: variable(varints, budget),
    8: (reader) => {
      name = reader.string();
    },
    9: (reader) => {
      raw.push(reader.bytes());
    },
    10: fixed(raw, 8, budget),
    11: variable(varints, budget),
    13: (reader) => {
      const { key, value } = textEntry(reader.bytes(), 'ONNX model', budget);
      entries.set(key, value);
    },
    14: (reader) => {
      external = reader.int32() === 1;
    },
  });
  const element = TYPES[type];
  const nibbles = NIBBLES[type];
  return {
    name,
    shape,
    type: element ?? nibbles?.name ?? `type ${type}`,
    external: external ? externalData(entries, name) : undefined,
    values: (other) => {
      const bits = element === undefined ? 4 : ELEMENT_BITS[element];
      const stored = external ? partOf(other, externalData(entries, name), name) : joined(raw);
      const listed = varints.length > 0 && !external;
      const found = listed ? fromVarints(joined(varints), bits, shape, name) : stored;
      const expected = Math.ceil((elementCount(shape) * bits) / 8);
      if (found.length !== expected) throw wrongSize(name, shape, `${expected} bytes`, `${found.length}`);
      if (nibbles !== undefined) return unpacked(found, shape, nibbles.values);
      const raws = { type: element, shape, bytes: found };
      const values = floatsOf(raws) ?? integersOf(raws);
      if (values !== undefined) return values;
      throw damaged(name, `holds numbers of type ${type}, which is not read`);
    },
  };
}

/** Packed or one by one. */
function fixed(into: Uint8Array[], size: number, budget: Budget): FieldReader {
  return (reader, wire) => {
    if (wire === 2) {
      into.push(reader.bytes());
      return;
    }
    budget.charge(OBJECT_BYTES, 'its numbers');
    const start = reader.pos;
    reader.skip(size);
    into.push(reader.buf.subarray(start, reader.pos));
  };
}

function variable(into: Uint8Array[], budget: Budget): FieldReader {
  return (reader, wire) => {
    if (wire === 2) {
      into.push(reader.bytes());
      return;
    }
    budget.charge(OBJECT_BYTES, 'its numbers');
    const start = reader.pos;
    reader.skip();
    into.push(reader.buf.subarray(start, reader.pos));
  };
}

/** Weights are usually one part, which is not copied. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : joinBytes(parts);
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

function unpacked(bytes: Uint8Array, shape: readonly number[], values: readonly number[]): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: elementCount(shape) }, (_, i) => {
    return values[((bytes[i >> 1] ?? 0) >> (4 * (i & 1))) & 15] ?? Number.NaN;
  });
}

/** Numbers of int32_data and its like: whole ones as they are, others by their bits, of four bits two in a byte. */
function fromVarints(bytes: Uint8Array, bits: number, shape: readonly number[], name: string): Uint8Array {
  const count = elementCount(shape);
  const expected = bits === 4 ? Math.ceil(count / 2) : count;
  if (expected > bytes.length) throw wrongSize(name, shape, `${expected} numbers`, `at most ${bytes.length}`);
  const width = bits === 4 ? 1 : bits / 8;
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
  return packed;
}

function wrongSize(name: string, shape: readonly number[], takes: string, has: string): FormatProblem {
  return damaged(name, `of shape [${shape.slice(0, 8)}] takes ${takes}, but has ${has}`);
}

function damaged(name: string, fault: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `"${name.slice(0, 80)}" ${fault}.`,
    'The file is damaged or incomplete; export it again.',
  );
}
