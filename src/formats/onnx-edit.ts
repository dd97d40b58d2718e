import protobuf from 'protobufjs/minimal.js';
import { joinBytes } from './join-bytes.ts';
import { FormatProblem } from './problem.ts';

/** A float32 weight that is put into a model. */
export interface NewTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Changes to the main graph of an ONNX model; nodes by their place in it. All the rest is copied byte for byte. */
export interface OnnxChanges {
  /** Names of a node's inputs in the place of those it had. */
  readonly inputs: ReadonlyMap<number, readonly string[]>;
  /** A node's attribute "group". */
  readonly groups: ReadonlyMap<number, number>;
  /** Weights by name, in the place of one of that name where there is one. */
  readonly tensors: ReadonlyMap<string, NewTensor>;
  /** Weights and nodes that are left out. */
  readonly withoutTensors: ReadonlySet<string>;
  readonly withoutNodes: ReadonlySet<number>;
}

const VARINT = 0;
const LENGTH = 2;
const FLOAT = 1;
const INT_ATTRIBUTE = 2;
/** Up to this version weights are inputs of the graph, too. */
const WEIGHTS_ARE_INPUTS = 3;

/**
 * An ONNX model with changes to its main graph. Notes on the shapes of values between the nodes are left out: they may
 * be wrong afterwards, and every reader works them out.
 * @throws FormatProblem for bytes that are no ONNX model
 */
export function editOnnx(bytes: Uint8Array, changes: OnnxChanges): Uint8Array<ArrayBuffer> {
  let version = 0;
  eachField(bytes, (field, reader) => {
    if (field === 1) version = Number(reader.int64());
  });
  const model = edited(bytes, (field, content, parts) => {
    if (field !== 7) return false;
    nested(parts, 7, editedGraph(content, changes, version));
    return true;
  });
  return joinBytes(model);
}

type Parts = Uint8Array[];

function editedGraph(bytes: Uint8Array, changes: OnnxChanges, version: number): Parts {
  let node = -1;
  const placed = new Set<string>();
  const graph = edited(bytes, (field, content, parts) => {
    switch (field) {
      case 1: {
        node++;
        if (changes.withoutNodes.has(node)) return true;
        const inputs = changes.inputs.get(node);
        const group = changes.groups.get(node);
        if (inputs === undefined && group === undefined) return false;
        nested(parts, 1, editedNode(content, inputs, group));
        return true;
      }
      case 5: {
        const name = textOf(content, 8);
        if (changes.withoutTensors.has(name)) return true;
        const tensor = changes.tensors.get(name);
        if (tensor === undefined) return false;
        placed.add(name);
        nested(parts, 5, tensorParts(name, tensor));
        return true;
      }
      case 11: {
        const name = textOf(content, 1);
        return changes.withoutTensors.has(name) || changes.tensors.has(name);
      }
      case 13:
        return true;
      default:
        return false;
    }
  });
  for (const [name, tensor] of changes.tensors) {
    if (!placed.has(name)) nested(graph, 5, tensorParts(name, tensor));
    if (version <= WEIGHTS_ARE_INPUTS) nested(graph, 11, valueParts(name, tensor.shape));
  }
  return graph;
}

function editedNode(bytes: Uint8Array, inputs: readonly string[] | undefined, group: number | undefined): Parts {
  const node: Parts = [];
  for (const input of inputs ?? []) text(node, 1, input);
  node.push(
    ...edited(bytes, (field, content) => {
      if (field === 1) return inputs !== undefined;
      return field === 5 && group !== undefined && textOf(content, 1) === 'group';
    }),
  );
  if (group !== undefined) {
    const attribute: Parts = [];
    text(attribute, 1, 'group');
    number(attribute, 3, group);
    number(attribute, 20, INT_ATTRIBUTE);
    nested(node, 5, attribute);
  }
  return node;
}

function tensorParts(name: string, { shape, values }: NewTensor): Parts {
  const tensor: Parts = [];
  for (const size of shape) number(tensor, 1, size);
  number(tensor, 2, FLOAT);
  text(tensor, 8, name);
  nested(tensor, 9, [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
  return tensor;
}

/** ValueInfoProto of a float32 tensor. */
function valueParts(name: string, shape: readonly number[]): Parts {
  const sizes: Parts = [];
  for (const size of shape) {
    const dimension: Parts = [];
    number(dimension, 1, size);
    nested(sizes, 1, dimension);
  }
  const tensor: Parts = [];
  number(tensor, 1, FLOAT);
  nested(tensor, 2, sizes);
  const type: Parts = [];
  nested(type, 1, tensor);
  const value: Parts = [];
  text(value, 1, name);
  nested(value, 2, type);
  return value;
}

/** The fields of a message as they are, but for those that `change` writes itself, or leaves out. */
function edited(bytes: Uint8Array, change: (field: number, content: Uint8Array, parts: Parts) => boolean): Parts {
  const parts: Parts = [];
  let kept = 0;
  eachField(bytes, (field, reader, start) => {
    const content = contentOf(reader, bytes, start);
    const before = bytes.subarray(kept, start);
    const own: Parts = [];
    if (!change(field, content, own)) return;
    if (before.length > 0) parts.push(before);
    parts.push(...own);
    kept = reader.pos;
  });
  if (kept < bytes.length) parts.push(bytes.subarray(kept));
  return parts;
}

type Reader = ReturnType<typeof protobuf.Reader.create>;

/** Of a field of a length its bytes, of any other none; the reader is behind it afterwards. */
function contentOf(reader: Reader, bytes: Uint8Array, start: number): Uint8Array {
  const wire = (bytes[start] ?? 0) & 7;
  if (wire === LENGTH) {
    const length = reader.uint32();
    const from = reader.pos;
    reader.skip(length);
    return bytes.subarray(from, from + length);
  }
  reader.skipType(wire);
  return bytes.subarray(0, 0);
}

function eachField(bytes: Uint8Array, visit: (field: number, reader: Reader, start: number) => void): void {
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const tag = reader.uint32();
      const after = reader.pos;
      visit(tag >>> 3, reader, start);
      if (reader.pos === after) reader.skipType(tag & 7);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatProblem('truncated', `The ONNX model is damaged: ${reason}.`, 'Copy or export the file again.');
  }
}

function textOf(bytes: Uint8Array, wanted: number): string {
  let found = '';
  eachField(bytes, (field, reader) => {
    if (field === wanted) found = reader.string();
  });
  return found;
}

function varint(value: number): Uint8Array {
  return protobuf.Writer.create().int64(value).finish();
}

function number(parts: Parts, field: number, value: number): void {
  parts.push(varint((field << 3) | VARINT), varint(value));
}

function nested(parts: Parts, field: number, content: Parts): void {
  parts.push(varint((field << 3) | LENGTH), varint(content.reduce((sum, { length }) => sum + length, 0)), ...content);
}

function text(parts: Parts, field: number, value: string): void {
  nested(parts, field, [new TextEncoder().encode(value)]);
}
