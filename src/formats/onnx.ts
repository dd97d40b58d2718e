import { Budget } from './budget.ts';
import { type OnnxFunction, withoutFunctions } from './onnx-functions.ts';
import { namesTaken, type OnnxGraph } from './onnx-graph.ts';
import { readOnnxSparseTensor } from './onnx-sparse.ts';
import { type OnnxTensor, readOnnxTensor } from './onnx-tensor.ts';
import { FormatProblem } from './problem.ts';
import { type FieldReader, message as fields, repeatedFloats, repeatedInts, textEntry } from './protobuf-fields.ts';

/** An attribute, as far as it is a number, numbers, a text or a tensor. */
export interface OnnxAttribute {
  readonly float?: number;
  readonly int?: number;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly text?: string;
  readonly tensor?: OnnxTensor;
  readonly graph?: OnnxGraph;
  /** In a function: the attribute of its call whose value this one has. */
  readonly refersTo?: string;
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** Who defines the operator: '' is ONNX itself, 'com.microsoft' ONNX Runtime. */
  readonly domain: string;
  /** Which of several functions of one name. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names that graphs within the node (of If, Loop, Scan) use; some of them are values from outside. */
  readonly captured: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxModel {
  /** Of the operators of ONNX itself. */
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Those of the main graph, with the bodies of the model's functions in the place of their calls. */
  readonly nodes: readonly OnnxNode[];
  /** Whether a function was called, so that the nodes are not those of the file. */
  readonly callsFunctions: boolean;
  /** Weights by name. Those of `Constant` nodes are not among them. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  /** The graph's inputs that are no weights. */
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** An input or output of the graph. */
export interface OnnxValueInfo {
  readonly name: string;
  /** A text or 0 for a size that is open; undefined where the model says nothing. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** The newest operator set known when this was written is 28; the meaning of Conv in later ones cannot be known. */
const NEWEST_OPSET = 28;

const KIND = 'ONNX model';
/** Graphs within graphs, as If and Loop have them. */
const DEEPEST = 8;

/**
 * Reads an ONNX model (onnx.proto of ONNX 1.23) with protobufjs's wire reader. Nothing is run and no other file is
 * opened; weights refer to the file's bytes.
 * @throws FormatProblem
 */
export function readOnnx(bytes: Uint8Array, budget = new Budget(bytes.length)): OnnxModel {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  let opset: number | undefined;
  let producer = '';
  const metadata = new Map<string, string>();
  let graph: OnnxGraph | undefined;
  const functions: OnnxFunction[] = [];
  message(bytes, budget, {
    2: (reader) => {
      producer = reader.string();
    },
    7: (reader) => {
      graph = readGraph(reader.bytes(), budget);
    },
    8: (reader) => {
      const { domain, version } = readOpset(reader.bytes(), budget);
      if (plainDomain(domain) === '') opset = version;
    },
    14: (reader) => {
      const { key, value } = textEntry(reader.bytes(), KIND, budget);
      metadata.set(key, value);
    },
    25: (reader) => {
      functions.push(readFunction(reader.bytes(), budget));
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
  const { tensors, inputs, outputs } = graph;
  const nodes = withoutFunctions(graph.nodes, functions, budget);
  return {
    opset,
    producer,
    metadata,
    nodes,
    callsFunctions: nodes !== graph.nodes,
    tensors,
    inputs: inputs.filter(({ name }) => !tensors.has(name)),
    outputs,
  };
}

function readGraph(bytes: Uint8Array, budget: Budget, depth = 0): OnnxGraph {
  if (depth > DEEPEST) throw new FormatProblem('unsupported', 'Its graphs are nested too deep.', 'Export it again.');
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, OnnxTensor>();
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  message(bytes, budget, {
    1: (reader) => {
      nodes.push(readNode(reader.bytes(), budget, depth));
    },
    5: (reader) => {
      const tensor = readOnnxTensor(reader.bytes(), budget);
      tensors.set(tensor.name, tensor);
    },
    11: (reader) => {
      inputs.push(readValueInfo(reader.bytes(), budget));
    },
    12: (reader) => {
      outputs.push(readValueInfo(reader.bytes(), budget));
    },
    15: (reader) => {
      const tensor = readOnnxSparseTensor(reader.bytes(), budget);
      tensors.set(tensor.name, tensor);
    },
  });
  return { nodes, tensors, inputs, outputs };
}

function readFunction(bytes: Uint8Array, budget: Budget): OnnxFunction {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  let name = '';
  let domain = '';
  let overload = '';
  message(bytes, budget, {
    1: (reader) => {
      name = reader.string();
    },
    4: (reader) => {
      inputs.push(reader.string());
    },
    5: (reader) => {
      outputs.push(reader.string());
    },
    7: (reader) => {
      nodes.push(readNode(reader.bytes(), budget, 0));
    },
    10: (reader) => {
      domain = reader.string();
    },
    11: (reader) => {
      defaults.set(...readAttribute(reader.bytes(), budget, 0));
    },
    13: (reader) => {
      overload = reader.string();
    },
  });
  return { name, domain: plainDomain(domain), overload, inputs, outputs, nodes, defaults };
}

/** ONNX's own operators have two names for their domain. */
function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function readNode(bytes: Uint8Array, budget: Budget, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let operator = '';
  let domain = '';
  let overload = '';
  message(bytes, budget, {
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
      const [key, attribute] = readAttribute(reader.bytes(), budget, depth);
      attributes.set(key, attribute);
    },
    7: (reader) => {
      domain = reader.string();
    },
    8: (reader) => {
      overload = reader.string();
    },
  });
  const captured = [...attributes.values()].flatMap(({ graph }) => (graph === undefined ? [] : namesTaken(graph)));
  return { name, operator, domain: plainDomain(domain), overload, inputs, outputs, captured, attributes };
}

function readAttribute(bytes: Uint8Array, budget: Budget, depth: number): [string, OnnxAttribute] {
  let name = '';
  const ints: number[] = [];
  const floats: number[] = [];
  let found: Omit<OnnxAttribute, 'ints' | 'floats'> = {};
  message(bytes, budget, {
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
      found = { ...found, tensor: readOnnxTensor(reader.bytes(), budget) };
    },
    6: (reader) => {
      found = { ...found, graph: readGraph(reader.bytes(), budget, depth + 1) };
    },
    7: repeatedFloats(floats, budget),
    8: repeatedInts(ints, budget),
    21: (reader) => {
      found = { ...found, refersTo: reader.string() };
    },
    22: (reader) => {
      found = { ...found, tensor: readOnnxSparseTensor(reader.bytes(), budget) };
    },
  });
  return [name, { ...found, ints, floats }];
}

/** ValueInfoProto: a name, and below type, tensor_type, shape and dim the sizes. */
function readValueInfo(bytes: Uint8Array, budget: Budget): OnnxValueInfo {
  let name = '';
  let shape: (number | string)[] | undefined;
  const readSize = (size: Uint8Array): number | string => {
    let value: number | string = 0;
    message(size, budget, {
      1: (reader) => {
        value = Number(reader.int64());
      },
      2: (reader) => {
        value = reader.string();
      },
    });
    return value;
  };
  message(bytes, budget, {
    1: (reader) => {
      name = reader.string();
    },
    2: inside(1, budget, (tensor) =>
      message(tensor, budget, {
        2: (reader) => {
          const sizes: (number | string)[] = [];
          message(reader.bytes(), budget, {
            1: (one) => {
              sizes.push(readSize(one.bytes()));
            },
          });
          shape = sizes;
        },
      }),
    ),
  });
  return { name, shape };
}

/** A message that matters for one of its fields alone. */
function inside(field: number, budget: Budget, read: (bytes: Uint8Array) => void): FieldReader {
  return (reader) => message(reader.bytes(), budget, { [field]: (one) => read(one.bytes()) });
}

function message(bytes: Uint8Array, budget: Budget, known: Readonly<Record<number, FieldReader>>): void {
  fields(bytes, KIND, budget, known);
}

function readOpset(bytes: Uint8Array, budget: Budget): { readonly domain: string; readonly version: number } {
  let domain = '';
  let version = 0;
  message(bytes, budget, {
    1: (reader) => {
      domain = reader.string();
    },
    2: (reader) => {
      version = Number(reader.int64());
    },
  });
  return { domain, version };
}
