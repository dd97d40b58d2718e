import { Budget } from '../../formats/budget.ts';
import { type OnnxModel, readOnnx } from '../../formats/onnx.ts';
import { editOnnx, type NewTensor } from '../../formats/onnx-edit.ts';
import { convolutionsOf } from '../import/compute-graph.ts';
import type { Constant } from '../import/constant.ts';
import { OnnxConstants, operatorOf } from '../import/onnx-constants.ts';
import { externalFile } from '../import/onnx-external.ts';
import { readEditableOnnx } from '../import/onnx-files.ts';
import { onnxNodes } from '../import/onnx-model.ts';
import { asModelProblem, ModelProblem, shown } from '../model-problem.ts';
import type { ChannelGraph } from './channel-graph.ts';
import { cutModel } from './cut-model.ts';
import { type ModelCost, modelCost } from './model-cost.ts';
import { readChannels } from './read-channels.ts';
import { isDepthwise, NOT_ASKED, type Removal, removableChannels } from './removable.ts';

/** Where channels are cut: of the first layer alone, or of every layer. */
export type SlimLayers = 'first' | 'all';

/** The channels cut from a model, and those that stay although their response is constant. */
export interface SlimReport {
  readonly layers: SlimLayers;
  /** Channels with all their weights; among them those that pass on a little, too small for float32 to add. */
  readonly channels: number;
  readonly belowFloat32: number;
  /** Filters of convolutions and dense layers, and of depthwise convolutions, that are gone. */
  readonly filters: number;
  readonly depthwise: number;
  readonly before: ModelCost;
  readonly after: ModelCost;
  /** Filters that answer the same to every image and are kept, one entry a layer and reason. */
  readonly kept: readonly { readonly layer: string; readonly filters: number; readonly why: string }[];
}

export interface SlimModel {
  /** The smaller model; the model as it was where nothing is cut. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: SlimReport;
}

/** An ONNX model that was read for slimming, so that several ways to slim it share the work. */
export class SlimmableModel {
  readonly #bytes: Uint8Array;
  readonly #model: OnnxModel;
  readonly #constants: OnnxConstants;
  readonly #graph: ChannelGraph;
  /** Node of the first layer. */
  readonly #first: number;
  readonly #unfollowed: SlimReport['kept'];

  /**
   * `fileOf` finds files of weights that the model names.
   * @throws ModelProblem for a file that is no ONNX model, or whose first layer cannot be read
   */
  constructor(bytes: Uint8Array, fileOf: (path: string) => Uint8Array | undefined = () => undefined) {
    try {
      this.#bytes = inOneFile(bytes, fileOf);
      // The weights are held as numbers, cut and written again.
      const budget = new Budget(2 * this.#bytes.length);
      this.#model = readEditableOnnx(this.#bytes, budget);
      this.#constants = new OnnxConstants(this.#model, fileOf, budget);
      const { firstNode } = convolutionsOf(onnxNodes(this.#model, this.#constants), budget);
      this.#first = firstNode - this.#model.inputs.length;
      this.#graph = readChannels(this.#model, this.#constants);
      this.#unfollowed = unfollowed(this.#model, this.#constants, this.#graph);
    } catch (error) {
      throw asModelProblem(error);
    }
  }

  /** The model without the channels that contribute nothing. */
  slim(layers: SlimLayers): SlimModel {
    const graph = this.#graph;
    const firstLayer = new Set<number>();
    for (const { node, to } of graph.mixers) {
      if (node !== this.#first) continue;
      for (let channel = 0; channel < to.channels; channel++) firstLayer.add(graph.block(to.base + channel));
    }
    const removal = removableChannels(graph, (block) => layers === 'all' || firstLayer.has(block));
    const before = modelCost(this.#model, this.#constants, this.#bytes.length);
    const bytes =
      removal.blocks.size === 0 ? new Uint8Array(this.#bytes) : cutModel(this.#bytes, this.#model, graph, removal);
    const budget = new Budget(2 * this.#bytes.length);
    const model = readOnnx(bytes, budget);
    const after = modelCost(model, new OnnxConstants(model, () => undefined, budget), bytes.length);
    return { bytes, report: { layers, ...this.#counts(removal), before, after } };
  }

  #counts({ blocks, belowFloat32, kept }: Removal) {
    const graph = this.#graph;
    let filters = 0;
    let depthwise = 0;
    const reasons = new Map<string, { layer: string; filters: number; why: string }>();
    for (const mixer of graph.mixers) {
      for (let channel = mixer.to.base; channel < mixer.to.base + mixer.to.channels; channel++) {
        const block = graph.block(channel);
        if (blocks.has(block)) {
          if (isDepthwise(mixer)) depthwise++;
          else filters++;
          continue;
        }
        const why = kept.get(block);
        if (why === undefined || why === NOT_ASKED || isDepthwise(mixer) || graph.constant(channel) === undefined)
          continue;
        const entry = reasons.get(`${mixer.node} ${why}`) ?? { layer: mixer.name, filters: 0, why };
        entry.filters++;
        reasons.set(`${mixer.node} ${why}`, entry);
      }
    }
    return {
      channels: blocks.size,
      belowFloat32: belowFloat32.size,
      filters,
      depthwise,
      kept: [...reasons.values(), ...this.#unfollowed],
    };
  }
}

/** Convolutions with filters of zeros that the graph of channels leaves out: the kernel is not stored as float32. */
function unfollowed({ nodes }: OnnxModel, constants: OnnxConstants, { mixers }: ChannelGraph): SlimReport['kept'] {
  const followed = new Set(mixers.map(({ node }) => node));
  return nodes.flatMap((node, index) => {
    const { operator, inputs, name } = node;
    if (!/^(Fused)?Conv$/.test(operator) || followed.has(index)) return [];
    const kernel = constants.value(inputs[1] ?? '');
    if ('why' in kernel) return [];
    const filters = zeroRows(kernel);
    if (filters === 0) return [];
    const weights = kernel.type === undefined ? 'computed from others' : `stored as ${kernel.type} and not as float32`;
    const why =
      operator !== 'Conv'
        ? `it is a ${operatorOf(node)}`
        : kernel.type === 'F32'
          ? 'its image, its bias or its groups are of a form that is not followed'
          : `its weights are ${weights}`;
    return [{ layer: shown(name === '' ? `${operator} ${index}` : name), filters, why }];
  });
}

/** Places of the first axis with zeros alone. */
function zeroRows({ shape: [rows = 0], data }: Constant): number {
  const inner = rows === 0 ? 0 : data.length / rows;
  let zero = 0;
  for (let row = 0; row < rows; row++) {
    if (data.subarray(row * inner, (row + 1) * inner).every((value) => value === 0)) zero++;
  }
  return zero;
}

/** A sentence about filters that are kept. */
export function keptSentence({ layer, filters, why }: SlimReport['kept'][number]): string {
  return `${filters} of "${layer}" ${filters === 1 ? 'stays' : 'stay'}: ${why}.`;
}

/** The model with the weights of other files in it. @throws ModelProblem, FormatProblem */
function inOneFile(bytes: Uint8Array, fileOf: (path: string) => Uint8Array | undefined): Uint8Array {
  const { tensors } = readOnnx(bytes);
  const outside = new Map<string, NewTensor>();
  for (const [name, { external, type, shape, values }] of tensors) {
    if (external === undefined) continue;
    if (type !== 'F32') {
      throw new ModelProblem(
        'unsupported',
        `"${shown(name)}" holds ${type} in another file, which cannot be slimmed.`,
        'Save the model in one file (onnx.save_model without external data).',
      );
    }
    outside.set(name, { shape, values: Float32Array.from(values(externalFile(external.location, fileOf))) });
  }
  if (outside.size === 0) return bytes;
  const nothing = {
    inputs: new Map(),
    groups: new Map(),
    withoutTensors: new Set<string>(),
    withoutNodes: new Set<number>(),
  };
  return editOnnx(bytes, { ...nothing, tensors: outside });
}
