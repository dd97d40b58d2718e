import type { Budget } from './budget.ts';
import { ELEMENT_BITS, type ElementType, floatsOf, integersOf, type RawTensor } from './element-types.ts';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message, repeatedFloats, repeatedInts } from './protobuf-fields.ts';
import { elementCount } from './shape.ts';

/** A node of a GraphDef (tensorflow/core/framework/graph.proto). */
export interface TensorflowNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  /** Numbers and texts among the attributes, as TensorFlow.js writes them. */
  readonly attr: Readonly<Record<string, TensorflowAttribute>>;
  /** The value of a Const. */
  readonly value: TensorflowTensor | undefined;
}

/** A number, a text in base64, or a list of such texts. */
export interface TensorflowAttribute {
  readonly f?: number;
  readonly s?: string;
  readonly list?: { readonly s: readonly string[] };
}

export interface TensorflowTensor {
  readonly shape: readonly number[];
  /** Its element type: "F32", or "type 3" for one that is not read. */
  readonly type: string;
  /** Undefined for numbers that are not float32, half or double. @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer> | undefined;
  /** Its numbers where they are whole, or truth values. @throws FormatProblem */
  wholes(): Float64Array | undefined;
}

const KIND = 'TensorFlow graph';
/** DataType of types.proto. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: 'F32',
  2: 'F64',
  3: 'I32',
  9: 'I64',
  10: 'BOOL',
  14: 'BF16',
  19: 'F16',
};

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
  const attr: Record<string, TensorflowAttribute> = {};
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
      attr[entry.key] = entry.attribute;
      if (entry.key === 'value') value = entry.tensor;
    },
  });
  return { name, op, input, attr, value };
}

function readAttribute(bytes: Uint8Array, budget: Budget) {
  let key = '';
  let attribute: TensorflowAttribute = {};
  let tensor: TensorflowTensor | undefined;
  message(bytes, KIND, budget, {
    1: (reader) => {
      key = reader.string();
    },
    2: (reader) => {
      message(reader.bytes(), KIND, budget, {
        1: (value) => {
          const texts: string[] = [];
          message(value.bytes(), KIND, budget, { 2: (one) => texts.push(base64(one.bytes())) });
          attribute = { list: { s: texts } };
        },
        2: (value) => {
          attribute = { s: base64(value.bytes()) };
        },
        4: (value) => {
          attribute = { f: value.float() };
        },
        8: (value) => {
          tensor = readTensor(value.bytes(), budget);
        },
      });
    },
  });
  return { key, attribute, tensor };
}

function base64(text: Uint8Array): string {
  return btoa(String.fromCharCode(...text.subarray(0, LONGEST_TEXT)));
}

/** Letters; the texts that matter are names. */
const LONGEST_TEXT = 100;

function readTensor(bytes: Uint8Array, budget: Budget): TensorflowTensor {
  let type = 0;
  let content: Uint8Array | undefined;
  const shape: number[] = [];
  const listed: number[] = [];
  const wholes: number[] = [];
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
    7: repeatedInts(wholes, budget),
    10: repeatedInts(wholes, budget),
    11: repeatedInts(wholes, budget),
  });
  const element = TYPES[type];
  const values = (typed: readonly number[]) => element && rawOf(element, shape, content ?? typed);
  return {
    shape,
    type: element ?? `type ${type}`,
    floats: () => {
      const raw = values(listed);
      return raw instanceof Float64Array
        ? element === 'F32'
          ? Float32Array.from(raw)
          : undefined
        : raw && floatsOf(raw);
    },
    wholes: () => {
      const raw = values(wholes);
      if (raw instanceof Float64Array) return element !== undefined && isWhole(element) ? raw : undefined;
      return raw && integersOf(raw);
    },
  };
}

function isWhole(type: ElementType): boolean {
  return type === 'I32' || type === 'I64' || type === 'BOOL';
}

/** The tensor's bytes, or its numbers one by one. */
function rawOf(
  type: ElementType,
  shape: readonly number[],
  values: Uint8Array | readonly number[],
): RawTensor | Float64Array<ArrayBuffer> | undefined {
  const count = elementCount(shape);
  if (!(values instanceof Uint8Array)) {
    if (values.length > count || count > MOST_REPEATED) return undefined;
    // A list that is shorter than the tensor ends with the number of all that follow; one without any means zeros.
    return Float64Array.from({ length: count }, (_, i) => values[Math.min(i, values.length - 1)] ?? 0);
  }
  const size = (count * ELEMENT_BITS[type]) / 8;
  if (values.length === size) return { type, shape, bytes: values };
  throw new FormatProblem(
    'inconsistent',
    `A tensor of shape [${shape.slice(0, 8)}] takes ${size} bytes, but has ${values.length}.`,
    'The file is damaged; freeze the graph again.',
  );
}

/** Numbers that one number in the file may expand to: a kernel that is all alike. */
const MOST_REPEATED = 1_000_000;
