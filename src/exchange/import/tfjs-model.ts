import { z } from 'zod';
import { elementCount } from '../../formats/npy.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { parseManifest, readTfjsWeights, type TfjsTensor } from '../../formats/tfjs-weights.ts';
import { type ComputeNode, convolutionsOf } from './compute-graph.ts';
import { type Convolution, type ImportedBatchNorm, kernelOf, type ModelTensors } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';
import { layersNodes } from './tfjs-layers.ts';

const attributeSchema = z.object({ f: z.number().optional() });
const graphNodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});
const graphSchema = z.object({ node: z.array(graphNodeSchema) });
type GraphNode = z.infer<typeof graphNodeSchema>;

/** Finds a weight by its name. */
export type FindTensor = (name: string) => TfjsTensor | undefined;

/** Whether a value from JSON is a model.json or a weights manifest of TensorFlow.js. */
export function looksLikeTfjs(json: unknown): boolean {
  return parseManifest(manifestOf(json)) !== undefined;
}

/**
 * The convolutions of a TensorFlow.js model: layers and graph models by their topology, a bare weights manifest (as
 * face-api's) by its names.
 * @throws ModelProblem, FormatProblem
 */
export function readTfjsModel(json: unknown, shardOf: (path: string) => Uint8Array | undefined): ModelTensors {
  const manifest = parseManifest(manifestOf(json));
  if (manifest === undefined) throw damaged('it has no weights manifest');
  const tensors = readTfjsWeights(manifest, shardOf);
  const limit = 2 * tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const topology = z.object({ modelTopology: z.unknown() }).safeParse(json).data?.modelTopology;
  if (topology === undefined || topology === null) {
    return { format: 'tfjs-weights', order: 'names', ...convolutionsByName(tensors, limit, 'HWIO') };
  }
  const graph = graphSchema.safeParse(topology);
  if (graph.success)
    return { format: 'tfjs-graph', order: 'graph', ...convolutionsOf(graphNodes(graph.data.node, byName), limit) };
  const nodes = layersNodes(topology, tensors);
  if (nodes === undefined) throw damaged('its topology is neither layers nor a graph');
  return { format: 'tfjs-layers', order: 'graph', ...convolutionsOf(nodes, limit) };
}

function manifestOf(json: unknown): unknown {
  if (Array.isArray(json)) return json;
  return z.object({ weightsManifest: z.unknown() }).safeParse(json).data?.weightsManifest;
}

function graphNodes(nodes: readonly GraphNode[], weights: ReadonlyMap<string, TfjsTensor>): readonly ComputeNode[] {
  const indices = new Map(nodes.map(({ name }, index) => [name, index]));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  /** Weights reach an operation through nodes that only pass them on. */
  const find: FindTensor = (name) => {
    let at = sourceOf(name);
    for (let hops = 0; hops < 8; hops++) {
      const found = weights.get(at);
      if (found !== undefined) return found;
      const node = byName.get(at);
      if (node === undefined || !['Identity', 'ReadVariableOp'].includes(node.op)) return undefined;
      at = sourceOf(node.input[0] ?? '');
    }
    return undefined;
  };
  return nodes.map((node): ComputeNode => {
    const inputs = node.input.flatMap((name) => indices.get(sourceOf(name)) ?? []);
    return { name: node.name, inputs, role: roleOf(node, find) };
  });
}

/** "name:0" is a node's first result, "^name" waits for it. */
function sourceOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function roleOf(node: GraphNode, find: FindTensor): ComputeNode['role'] {
  switch (node.op) {
    case 'Conv2D':
    case '_FusedConv2D':
      return { kind: 'convolution', read: () => graphConvolution(node, find, false) };
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2dNative':
      return { kind: 'convolution', read: () => graphConvolution(node, find, true) };
    case 'FusedBatchNorm':
    case 'FusedBatchNormV2':
    case 'FusedBatchNormV3':
      return { kind: 'batch-norm', read: () => graphBatchNorm(node, find) };
    case 'Identity':
    case 'BiasAdd':
      return { kind: 'same' };
    default:
      return { kind: 'other' };
  }
}

function graphConvolution(node: GraphNode, find: FindTensor, depthwise: boolean): Convolution | undefined {
  const tensor = find(node.input[1] ?? '');
  return tensor && kernelOf(node.name, tensor, depthwise);
}

/** Inputs: x, scale, shift, mean, variance. */
function graphBatchNorm(node: GraphNode, find: FindTensor): ImportedBatchNorm | undefined {
  const gamma = find(node.input[1] ?? '')?.floats();
  const movingVariance = find(node.input[4] ?? '')?.floats();
  if (gamma === undefined || movingVariance === undefined) return undefined;
  const epsilon = attributeSchema.safeParse(node.attr.epsilon).data?.f ?? 1e-4;
  return { name: node.name, gamma, movingVariance, epsilon };
}

function damaged(what: string): FormatProblem {
  return new FormatProblem('inconsistent', `The TensorFlow.js model is damaged: ${what}.`, 'Export it again.');
}
