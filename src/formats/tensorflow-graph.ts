import type { Budget } from './budget.ts';
import { floatsOf } from './element-types.ts';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message, repeatedFloats } from './protobuf-fields.ts';
import { elementCount } from './shape.ts';

/** A node of a GraphDef (tensorflow/core/framework/graph.proto). */
export interface TensorflowNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  /** Numbers among the attributes, as TensorFlow.js writes them: { f: number }. */
  readonly attr: Readonly<Record<string, { readonly f: number }>>;
  /** The value of a Const. */
  readonly value: TensorflowTensor | undefined;
}

export interface TensorflowTensor {
  readonly shape: readonly number[];
  /** Its element type: "F32", or "type 3" for one that is not read. */
  readonly type: string;
  /** Undefined for numbers that are not float32, half or double. @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer> | undefined;
}

const KIND = 'TensorFlow graph';
/** DataType of types.proto. */
const TYPES: Readonly<Record<number, 'F32' | 'F64' | 'F16' | 'BF16'>> = { 1: 'F32', 2: 'F64', 14: 'BF16', 19: 'F16' };

/** Reads the nodes of a GraphDef. Nothing is run. @throws FormatProblem */
export function readTensorflowGraph(bytes: Uint8Array, budget: Budget): readonly TensorflowNode[] {
  const nodes: TensorflowNode[] = [];
  message(bytes, KIND, budget, {
    1: (reader) => {
      nodes.push(readNode(reader.bytes(), budget));
    },
  });
  if (!nodes.some(({ op }) => op !== '')) {
    throw new FormatProblem('wrong-format', 'There is no TensorFlow graph in this file.', 'Choose a frozen graph.');
  }
  return nodes;
}

function readNode(bytes: Uint8Array, budget: Budget): TensorflowNode {
  let name = '';
  let op = '';
  const input: string[] = [];
  const attr: Record<string, { readonly f: number }> = {};
  let value: TensorflowTensor | undefined;
  const text =
    (set: (text: string) => void): FieldReader =>
    (reader) =>
      set(reader.string());
  message(bytes, KIND, budget, {
    1: text((given) => {
      name = given;
    }),
    2: text((given) => {
      op = given;
    }),
    3: text((given) => input.push(given)),
    5: (reader) => {
      const entry = readAttribute(reader.bytes(), budget);
      if (entry.number !== undefined) attr[entry.key] = { f: entry.number };
      if (entry.key === 'value') value = entry.tensor;
    },
  });
  return { name, op, input, attr, value };
}

function readAttribute(bytes: Uint8Array, budget: Budget) {
  let key = '';
  let number: number | undefined;
  let tensor: TensorflowTensor | undefined;
  message(bytes, KIND, budget, {
    1: (reader) => {
      key = reader.string();
    },
    2: (reader) => {
      message(reader.bytes(), KIND, budget, {
        4: (value) => {
          number = value.float();
        },
        8: (value) => {
          tensor = readTensor(value.bytes(), budget);
        },
      });
    },
  });
  return { key, number, tensor };
}

function readTensor(bytes: Uint8Array, budget: Budget): TensorflowTensor {
  let type = 0;
  let content: Uint8Array | undefined;
  const shape: number[] = [];
  const listed: number[] = [];
  message(bytes, KIND, budget, {
    1: (reader) => {
      type = reader.int32();
    },
    2: (reader) => {
      message(reader.bytes(), KIND, budget, {
        2: (dimension) => {
          let size = 0;
          message(dimension.bytes(), KIND, budget, {
            1: (value) => {
              size = Number(value.int64());
            },
          });
          shape.push(size);
        },
      });
    },
    4: (reader) => {
      content = reader.bytes();
    },
    5: repeatedFloats(listed, budget),
  });
  return { shape, type: TYPES[type] ?? `type ${type}`, floats: () => numbersOf(TYPES[type], shape, content, listed) };
}

/** A list that is shorter than the tensor ends with the number of all that follow. */
function numbersOf(
  type: 'F32' | 'F64' | 'F16' | 'BF16' | undefined,
  shape: readonly number[],
  content: Uint8Array | undefined,
  listed: readonly number[],
): Float32Array<ArrayBuffer> | undefined {
  if (type === undefined) return undefined;
  const count = elementCount(shape);
  if (content === undefined) {
    if (type !== 'F32' || listed.length === 0 || listed.length > count || count > MOST_REPEATED) return undefined;
    return Float32Array.from({ length: count }, (_, i) => listed[Math.min(i, listed.length - 1)] ?? 0);
  }
  const size = count * { F32: 4, F64: 8, F16: 2, BF16: 2 }[type];
  if (content.length === size) return floatsOf({ type, shape, bytes: content });
  throw new FormatProblem(
    'inconsistent',
    `A tensor of shape [${shape.slice(0, 8)}] takes ${size} bytes, but has ${content.length}.`,
    'The file is damaged; freeze the graph again.',
  );
}

/** Numbers that one number in the file may expand to: a kernel that is all alike. */
const MOST_REPEATED = 1_000_000;
