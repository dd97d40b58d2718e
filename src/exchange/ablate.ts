import type { RegionName } from '../faces/face-set.ts';
import { Budget } from '../formats/budget.ts';
import type { OnnxModel } from '../formats/onnx.ts';
import { editOnnx } from '../formats/onnx-edit.ts';
import { convolutionsOf } from './import/compute-graph.ts';
import type { OnnxSource } from './import/model-tensors.ts';
import { OnnxConstants } from './import/onnx-constants.ts';
import { readEditableOnnx } from './import/onnx-files.ts';
import { onnxNodes } from './import/onnx-model.ts';
import { configOf } from './import/own-network.ts';
import { asModelProblem, ModelProblem } from './model-problem.ts';

interface Weight {
  /** Place among the inputs of the node. */
  readonly input: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** An ONNX model whose first-layer filters can be switched off: their weights and biases become zero. */
export class AblatableModel {
  readonly filters: number;
  /** The region its images show: the one our own exporter names, else the whole template. */
  readonly region: RegionName;
  readonly #bytes: Uint8Array;
  readonly #model: OnnxModel;
  readonly #node: number;
  /** The kernel, and the bias where there is one. */
  readonly #weights: readonly Weight[];

  /** @throws ModelProblem where the first layer holds no stored float32 weights */
  constructor({ bytes, fileOf }: OnnxSource) {
    try {
      const budget = new Budget(bytes.length);
      const model = readEditableOnnx(bytes, budget);
      const constants = new OnnxConstants(model, fileOf, budget);
      const { firstNode } = convolutionsOf(onnxNodes(model, constants), budget);
      const index = firstNode - model.inputs.length;
      const node = model.nodes[index];
      const weights = (node?.inputs.slice(1, 3) ?? []).flatMap((name, place): Weight[] => {
        if (name === '') return [];
        const value = constants.value(name);
        if ('why' in value || value.type !== 'F32' || node?.operator !== 'Conv') throw unreadable();
        return [{ input: place + 1, name, shape: value.shape, values: Float32Array.from(value.data) }];
      });
      const [kernel] = weights;
      if (kernel === undefined) throw unreadable();
      this.filters = kernel.shape[0] ?? 0;
      const saved = model.metadata.get('config');
      this.region = saved === undefined ? 'full' : configOf(saved).region;
      this.#bytes = bytes;
      this.#model = model;
      this.#node = index;
      this.#weights = weights;
    } catch (error) {
      throw asModelProblem(error);
    }
  }

  /** The model with these filters switched off; every other byte as it was. */
  without(off: readonly number[]): Uint8Array<ArrayBuffer> {
    const inputs = [...(this.#model.nodes[this.#node]?.inputs ?? [])];
    const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
    for (const { input, name, shape, values } of this.#weights) {
      const changed = Float32Array.from(values);
      const each = values.length / this.filters;
      for (const filter of off) changed.fill(0, filter * each, (filter + 1) * each);
      // Another layer may have the same weights.
      const { nodes, tensors: stored } = this.#model;
      const shared = !stored.has(name) || nodes.filter((node) => node.inputs.includes(name)).length > 1;
      let own = shared ? `${name}.ablated` : name;
      while (shared && stored.has(own)) own = `${own}.ablated`;
      tensors.set(own, { shape, values: changed });
      inputs[input] = own;
    }
    return editOnnx(this.#bytes, {
      inputs: new Map([[this.#node, inputs]]),
      groups: new Map(),
      tensors,
      withoutTensors: new Set(),
      withoutNodes: new Set(),
    });
  }
}

function unreadable(): ModelProblem {
  return new ModelProblem(
    'unsupported',
    'The weights of the first layer are not stored as float32, so that its filters cannot be switched off.',
    'Export the model in float32, before it is optimised or quantised.',
  );
}
