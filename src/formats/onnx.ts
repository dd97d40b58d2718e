import protobuf from 'protobufjs/minimal.js';
import { elementCount } from './npy.ts';
import { FormatProblem } from './problem.ts';
import { floatsOf, type SafetensorsType } from './safetensors.ts';

/** A weight of an ONNX model, in C order. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Undefined for element types that are no floating-point numbers. */
  readonly type: SafetensorsType | undefined;
  /** Little-endian, a part of the file; undefined where the numbers lie in another file. */
  readonly bytes: Uint8Array | undefined;
}

/** An attribute, as far as it is a number, numbers, a text or a tensor. */
export interface OnnxAttribute {
  readonly float?: number;
  readonly int?: number;
  readonly ints: readonly number[];
  readonly text?: string;
  readonly tensor?: OnnxTensor;
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxModel {
  /** Of the operators of ONNX itself. */
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly nodes: readonly OnnxNode[];
  /** By name; what `Constant` nodes hold is among them. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  /** Names of the graph's inputs that are no weights. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The newest operator set known when this was written is 26; what later ones mean by Conv cannot be known. */
const NEWEST_OPSET = 26;

/** TensorProto.DataType to the same types of safetensors. */
const FLOAT_TYPES: Readonly<Record<number, SafetensorsType>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' };

type Reader = ReturnType<typeof protobuf.Reader.create>;
type FieldReader = (reader: Reader, wire: number) => void;

/**
 * Reads an ONNX model (onnx.proto of ONNX 1.12) with protobufjs's wire reader. Nothing is run and no other file is
 * opened; weights refer to the file's bytes.
 * @throws FormatProblem
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  let opset: number | undefined;
  let producer = '';
  const metadata = new Map<string, string>();
  let graph: Graph | undefined;
  message(bytes, {
    2: (reader) => {
      producer = reader.string();
    },
    7: (reader) => {
      graph = readGraph(reader.bytes());
    },
    8: (reader) => {
      const { domain, version } = readOpset(reader.bytes());
      if (domain === '' || domain === 'ai.onnx') opset = version;
    },
    14: (reader) => {
      const { key, value } = readEntry(reader.bytes());
      metadata.set(key, value);
    },
  });
  if (graph === undefined) {
    throw new FormatProblem('wrong-format', 'There is no graph in this file.', 'Choose an .onnx model.');
  }
  if (opset === undefined || opset < 1 || opset > NEWEST_OPSET) {
    throw new FormatProblem(
      'unsupported',
      opset === undefined ? 'The model names no operator set.' : `Operator set ${opset} is not known here.`,
      `Export it again with an opset from 9 to ${NEWEST_OPSET}.`,
    );
  }
  const { nodes, tensors, inputs, outputs } = graph;
  return { opset, producer, metadata, nodes, tensors, inputs: inputs.filter((name) => !tensors.has(name)), outputs };
}

/** Whether the bytes look like an ONNX model: a message that starts with field 1, ir_version, a small number. */
export function looksLikeOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && (bytes[1] ?? 0xff) < 32 && bytes.length > 8;
}

/** The numbers of a weight as float32; undefined where they are no floating-point numbers or lie in another file. */
export function onnxFloats({ type, shape, bytes, name }: OnnxTensor): Float32Array<ArrayBuffer> | undefined {
  if (type === undefined || bytes === undefined) return undefined;
  const expected = elementCount(shape) * (type === 'F64' ? 8 : type === 'F32' ? 4 : 2);
  if (bytes.length !== expected) {
    throw new FormatProblem(
      'inconsistent',
      `"${name.slice(0, 80)}" of shape [${shape.slice(0, 8)}] takes ${expected} bytes, but has ${bytes.length}.`,
      'The file is damaged; export it again.',
    );
  }
  return floatsOf({ type, shape, bytes });
}

interface Graph {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function readGraph(bytes: Uint8Array): Graph {
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, OnnxTensor>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  message(bytes, {
    1: (reader) => {
      const node = readNode(reader.bytes());
      const constant = node.operator === 'Constant' ? node.attributes.get('value')?.tensor : undefined;
      const output = node.outputs[0];
      if (constant !== undefined && output !== undefined) tensors.set(output, { ...constant, name: output });
      nodes.push(node);
    },
    5: (reader) => {
      const tensor = readTensor(reader.bytes());
      tensors.set(tensor.name, tensor);
    },
    11: (reader) => {
      inputs.push(readName(reader.bytes()));
    },
    12: (reader) => {
      outputs.push(readName(reader.bytes()));
    },
  });
  return { nodes, tensors, inputs, outputs };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let operator = '';
  message(bytes, {
    1: (reader) => {
      inputs.push(reader.string());
    },
    2: (reader) => {
      outputs.push(reader.string());
    },
    3: (reader) => {
      name = reader.string();
    },
    4: (reader) => {
      operator = reader.string();
    },
    5: (reader) => {
      const [key, attribute] = readAttribute(reader.bytes());
      attributes.set(key, attribute);
    },
  });
  return { name, operator, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array): [string, OnnxAttribute] {
  let name = '';
  const ints: number[] = [];
  let found: Omit<OnnxAttribute, 'ints'> = {};
  message(bytes, {
    1: (reader) => {
      name = reader.string();
    },
    2: (reader) => {
      found = { ...found, float: reader.float() };
    },
    3: (reader) => {
      found = { ...found, int: Number(reader.int64()) };
    },
    4: (reader) => {
      found = { ...found, text: new TextDecoder().decode(reader.bytes()) };
    },
    5: (reader) => {
      found = { ...found, tensor: readTensor(reader.bytes()) };
    },
    8: repeatedInts(ints),
  });
  return [name, { ...found, ints }];
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let external = false;
  let raw: Uint8Array | undefined;
  message(bytes, {
    1: repeatedInts(shape),
    2: (reader) => {
      type = reader.int32();
    },
    // Packed float_data and double_data are the same bytes as raw_data.
    4: (reader, wire) => {
      if (wire === 2) raw = reader.bytes();
      else throw unpacked();
    },
    8: (reader) => {
      name = reader.string();
    },
    9: (reader) => {
      raw = reader.bytes();
    },
    10: (reader, wire) => {
      if (wire === 2) raw = reader.bytes();
      else throw unpacked();
    },
    14: (reader) => {
      external = reader.int32() === 1;
    },
  });
  return { name, shape, type: FLOAT_TYPES[type], bytes: external ? undefined : (raw ?? new Uint8Array(0)) };
}

function readName(bytes: Uint8Array): string {
  let name = '';
  message(bytes, {
    1: (reader) => {
      name = reader.string();
    },
  });
  return name;
}

function readOpset(bytes: Uint8Array): { readonly domain: string; readonly version: number } {
  let domain = '';
  let version = 0;
  message(bytes, {
    1: (reader) => {
      domain = reader.string();
    },
    2: (reader) => {
      version = Number(reader.int64());
    },
  });
  return { domain, version };
}

function readEntry(bytes: Uint8Array): { readonly key: string; readonly value: string } {
  let key = '';
  let value = '';
  message(bytes, {
    1: (reader) => {
      key = reader.string();
    },
    2: (reader) => {
      value = reader.string();
    },
  });
  return { key, value };
}

/** Whole numbers, packed or one by one. */
function repeatedInts(into: number[]): FieldReader {
  return (reader, wire) => {
    if (wire !== 2) {
      into.push(Number(reader.int64()));
      return;
    }
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) into.push(Number(reader.int64()));
  };
}

/** Reads a message's known fields and skips the others. */
function message(bytes: Uint8Array, fields: Readonly<Record<number, FieldReader>>): void {
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const field = fields[tag >>> 3];
      if (field === undefined) reader.skipType(tag & 7);
      else field(reader, tag & 7);
    }
  } catch (error) {
    if (error instanceof FormatProblem) throw error;
    // protobufjs throws RangeError beyond the end of the message, Error for anything else.
    const code = error instanceof RangeError ? 'truncated' : 'wrong-format';
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatProblem(code, `The ONNX model is damaged: ${reason}.`, 'Copy or export the file again.');
  }
}

function unpacked(): FormatProblem {
  return new FormatProblem('unsupported', 'Weights stored one by one are not read.', 'Save the model with onnx.save.');
}
