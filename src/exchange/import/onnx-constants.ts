import type { Budget } from '../../formats/budget.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import type { OnnxTensor } from '../../formats/onnx-tensor.ts';
import { elementCount } from '../../formats/shape.ts';
import { shown } from '../model-problem.ts';
import type { Unreadable } from './compute-graph.ts';
import { type Constant, constantOf, type Take } from './constant.ts';
import { externalFile } from './onnx-external.ts';
import { ONNX_OPERATORS } from './onnx-operators.ts';

/** Deeper chains lead to no weight. */
const MOST_STEPS = 64;
/** Most values are float32. */
const VALUE_BYTES = 4;
/** Values up to this many numbers are kept once worked out; kernels are asked for once. */
const KEPT = 4096;

/** The values of an ONNX graph that do not depend on its input, worked out when they are asked for. */
export class OnnxConstants {
  readonly #model: OnnxModel;
  readonly #producers = new Map<string, OnnxNode>();
  readonly #fileOf: (path: string) => Uint8Array | undefined;
  readonly #take: Take;
  readonly #kept = new Map<string, Constant>();

  /** `fileOf` finds a file of weights by its path; `budget` is charged for every value. */
  constructor(model: OnnxModel, fileOf: (path: string) => Uint8Array | undefined, budget: Budget) {
    this.#model = model;
    this.#fileOf = fileOf;
    this.#take = (count) => budget.charge(VALUE_BYTES * count, 'the values that it computes');
    for (const node of model.nodes) for (const output of node.outputs) this.#producers.set(output, node);
  }

  /** The node that makes the value of that name. */
  producer(name: string): OnnxNode | undefined {
    return this.#producers.get(name);
  }

  /**
   * The value of that name, or why it is none.
   * @throws ModelProblem, FormatProblem where the file it is in is missing or damaged
   */
  value(name: string, steps = 0): Constant | Unreadable {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const found = this.#read(name, steps);
    if (!('why' in found) && found.data.length <= KEPT) this.#kept.set(name, found);
    return found;
  }

  /** The shape of the value of that name without its numbers; undefined where it is not stored in the file. */
  shape(name: string, steps = 0): readonly number[] | undefined {
    const tensor = this.#model.tensors.get(name);
    if (tensor !== undefined) return tensor.shape;
    const node = this.#producers.get(name);
    if (node === undefined || steps > MOST_STEPS) return undefined;
    if (node.operator === 'Constant') {
      const { tensor } = storedIn(node) ?? {};
      if (tensor !== undefined) return tensor.shape;
      return node.attributes.get('value_float') === undefined ? undefined : [];
    }
    if (!/^(Identity|Cast|DequantizeLinear)$/.test(node.operator)) return undefined;
    return this.shape(node.inputs[0] ?? '', steps + 1);
  }

  #read(name: string, steps: number): Constant | Unreadable {
    const tensor = this.#model.tensors.get(name);
    if (tensor !== undefined) return this.#stored(tensor);
    const node = this.#producers.get(name);
    if (node === undefined) return { why: `"${shown(name)}" is an input of the model` };
    if (steps > MOST_STEPS) return { why: `"${shown(name)}" is worked out in too many steps` };
    if (node.operator === 'Constant' && node.domain === '') return this.#constant(node);
    const work = node.domain === '' || node.domain === 'com.microsoft' ? ONNX_OPERATORS[node.operator] : undefined;
    if (work === undefined) return { why: `"${shown(name)}" is computed by ${operatorOf(node)}` };
    const inputs: (Constant | undefined)[] = [];
    for (const input of node.inputs) {
      const value = input === '' ? undefined : this.value(input, steps + 1);
      if (value !== undefined && 'why' in value) return value;
      inputs.push(value);
    }
    const results = work(node, inputs, this.#take);
    const result = Array.isArray(results) ? results[node.outputs.indexOf(name)] : results;
    return isConstant(result) ? result : { why: `"${shown(name)}" is no possible output of ${operatorOf(node)}` };
  }

  /** A tensor of the file. */
  #stored(tensor: OnnxTensor): Constant | Unreadable {
    const { name, shape, type, external } = tensor;
    if (type.startsWith('type')) return { why: `"${shown(name)}" holds numbers of ${type}, which are not read` };
    this.#take(elementCount(shape));
    if (external === undefined) return { shape, data: tensor.values(), type };
    return { shape, data: tensor.values(externalFile(external.location, this.#fileOf)), type };
  }

  #constant(node: OnnxNode): Constant | Unreadable {
    const value = (name: string) => node.attributes.get(name);
    const tensor = storedIn(node)?.tensor;
    if (tensor !== undefined) return this.#stored(tensor);
    const float = value('value_float')?.float;
    const floats = value('value_floats')?.floats;
    const int = value('value_int')?.int;
    const ints = value('value_ints')?.ints;
    if (float !== undefined) return constantOf([], [float]);
    if (floats !== undefined) return { shape: [floats.length], data: Float32Array.from(floats) };
    if (int !== undefined) return constantOf([], [int]);
    if (ints !== undefined) return constantOf([ints.length], ints);
    return { why: `the constant "${shown(node.outputs[0] ?? '')}" holds no numbers` };
  }
}

/** The tensor of a Constant, perhaps a sparse one. */
function storedIn({ attributes }: OnnxNode): OnnxAttribute | undefined {
  return attributes.get('value') ?? attributes.get('sparse_value');
}

function isConstant(value: Constant | readonly Constant[] | undefined): value is Constant {
  return value !== undefined && !Array.isArray(value);
}

/** As a message names it: "com.microsoft.FusedConv", "Loop". */
export function operatorOf({ domain, operator }: Pick<OnnxNode, 'domain' | 'operator'>): string {
  return domain === '' ? operator : `${domain}.${operator}`;
}
