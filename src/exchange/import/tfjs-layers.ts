import { z } from 'zod';
import type { TfjsTensor } from '../../formats/tfjs-weights.ts';
import type { ComputeNode } from './compute-graph.ts';
import { type ImportedBatchNorm, kernelOf } from './model-tensors.ts';

const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional(), epsilon: z.number().optional() }),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type Layer = z.infer<typeof layerSchema>;

const modelSchema = z.object({
  class_name: z.string(),
  config: z.union([z.array(layerSchema), z.object({ layers: z.array(layerSchema) }).transform(({ layers }) => layers)]),
});

/** Keras's default. */
const EPSILON = 1e-3;

/**
 * The layers of a Keras topology (Sequential, Functional or Model, also wrapped in `model_config`) as a graph; undefined
 * where it is none. Models within the model count as one layer each.
 */
export function layersNodes(topology: unknown, tensors: readonly TfjsTensor[]): readonly ComputeNode[] | undefined {
  const wrapped = z.object({ model_config: z.unknown() }).safeParse(topology).data?.model_config;
  const parsed = modelSchema.safeParse(wrapped ?? topology);
  if (!parsed.success) return undefined;
  const { class_name, config: layers } = parsed.data;
  const indices = new Map(layers.map((layer, index) => [nameOf(layer), index]));
  const weights = weightsByLayer(tensors);
  return layers.map((layer, index): ComputeNode => {
    const sequential = class_name === 'Sequential';
    const inbound = inboundNames(layer).flatMap((name) => indices.get(name) ?? []);
    const inputs = sequential ? (index === 0 ? [] : [index - 1]) : inbound;
    return { name: nameOf(layer), inputs, role: roleOf(layer, weights.get(nameOf(layer)) ?? new Map()) };
  });
}

function nameOf(layer: Layer): string {
  return layer.name ?? layer.config.name ?? '';
}

/** "model/conv1/kernel" is the kernel of "conv1". */
function weightsByLayer(tensors: readonly TfjsTensor[]): ReadonlyMap<string, ReadonlyMap<string, TfjsTensor>> {
  const layers = new Map<string, Map<string, TfjsTensor>>();
  for (const tensor of tensors) {
    const parts = tensor.name.replace(/:0$/, '').split('/');
    const [layer = '', weight = ''] = parts.slice(-2);
    const known = layers.get(layer) ?? new Map<string, TfjsTensor>();
    layers.set(layer, known);
    known.set(weight, tensor);
  }
  return layers;
}

/** Keras 2: [[["name", 0, 0, {}], ...]]; Keras 3 hides the names in `keras_history` of the arguments. */
function inboundNames(layer: Layer): string[] {
  const names: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const [name, node] = value;
      if (typeof name === 'string' && typeof node === 'number') names.push(name);
      else for (const entry of value) visit(entry, depth + 1);
    } else for (const entry of Object.values(value)) visit(entry, depth + 1);
  };
  visit(layer.inbound_nodes ?? [], 0);
  return names;
}

function roleOf(layer: Layer, weights: ReadonlyMap<string, TfjsTensor>): ComputeNode['role'] {
  const name = nameOf(layer);
  switch (layer.class_name) {
    case 'Conv2D':
    case 'Convolution2D':
      return { kind: 'convolution', read: () => convolution('kernel', false) };
    case 'DepthwiseConv2D':
    case 'SeparableConv2D':
      return { kind: 'convolution', read: () => convolution('depthwise_kernel', true) };
    case 'BatchNormalization':
    case 'BatchNormalizationV1':
    case 'BatchNormalizationV2':
      return { kind: 'batch-norm', read: () => batchNorm(layer, weights) };
    default:
      return { kind: 'other' };
  }

  function convolution(weight: string, depthwise: boolean) {
    const tensor = weights.get(weight);
    return tensor && kernelOf(name, tensor, depthwise);
  }
}

function batchNorm(layer: Layer, weights: ReadonlyMap<string, TfjsTensor>): ImportedBatchNorm | undefined {
  const movingVariance = weights.get('moving_variance')?.floats();
  if (movingVariance === undefined) return undefined;
  const gamma = weights.get('gamma')?.floats() ?? new Float32Array(movingVariance.length).fill(1);
  return { name: nameOf(layer), gamma, movingVariance, epsilon: layer.config.epsilon ?? EPSILON };
}
