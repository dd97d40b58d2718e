import { z } from 'zod';
import { centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import { shown } from '../model-problem.ts';
import type { ComputeNode, Role } from './compute-graph.ts';
import { kernelOf, type NamedTensor } from './model-tensors.ts';

const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional(), epsilon: z.number().optional() }),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type Layer = z.infer<typeof layerSchema>;

const layersSchema = z.union([
  z.array(layerSchema).transform((layers) => ({ layers, output_layers: undefined })),
  z.object({ layers: z.array(layerSchema), output_layers: z.unknown().optional() }),
]);
const modelSchema = z.object({ class_name: z.string(), config: layersSchema });
type Model = z.infer<typeof modelSchema>;

/** Keras's default. */
const EPSILON = 1e-3;
/** Models within models within models: nobody goes deeper. */
const DEEPEST = 8;

/** Layers that change or move numbers by a fixed rule, or act on each channel alone. */
const FIXED = new Set(
  `Abs Absolute Activation ActivityRegularization Add Amax Amin Average AveragePooling2D Cast CenterCrop Clip
  Concatenate CropImages Cropping2D Divide Dropout ELU Exp ExpandDims Expm1 Flatten Flip Floor GaussianBlur
  GaussianDropout GaussianNoise GetItem GlobalAveragePooling2D GlobalMaxPooling2D GroupNormalization HSVToRGB
  Identity LayerNormalization LeakyReLU Log Log1p Masking Max MaxPooling2D Maximum Mean Min Minimum Multiply
  Negative Normalization PReLU Pad PadImages Permute Power RGBToGrayscale RGBToHSV ReLU Reciprocal Repeat Rescaling
  Reshape Resize Resizing Roll Round Rsqrt Sigmoid Sign SlicingOpLambda Softmax SpatialDropout2D Split Sqrt Square
  Squeeze Stack Std Subtract Sum SwapAxes Swapaxes TFOpLambda Take Tanh ThresholdedReLU Tile Transpose TrueDivide
  UnitNormalization UpSampling2D Var Where ZeroPadding2D`.split(/\s+/),
);
/** Keras 3.15's layers that vary images for training. */
const AUGMENTS = new Set(
  `AugMix AutoContrast CLAHE CutMix Equalization MixUp RandAugment RandomBrightness RandomColorDegeneration
  RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
  RandomGrayscale RandomHeight RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
  RandomSaturation RandomSharpness RandomShear RandomTranslation RandomWidth RandomZoom Solarization`.split(/\s+/),
);
/** Functions of TFOpLambda that are no fixed rule. */
const LEARNED_FUNCTION = /conv|matmul|einsum|tensordot/i;
const MIXES = new Set('Dense EinsumDense MultiHeadAttention LSTM GRU SimpleRNN'.split(' '));
const MODELS = new Set(['Sequential', 'Functional', 'Model']);

/** The weights of a layer by their names ("kernel", "gamma"); `path` names the models it is in, then the layer. */
export type LayerWeights = (
  path: readonly string[],
  layer: { readonly class_name: string; readonly config: Readonly<Record<string, unknown>> },
) => ReadonlyMap<string, NamedTensor>;

/**
 * The layers of a Keras topology (Sequential, Functional or Model, also wrapped in `model_config`) as a graph, those of
 * models within the model too; undefined where it is none.
 */
export function layersNodes(topology: unknown, weights: LayerWeights): readonly ComputeNode[] | undefined {
  const wrapped = z.object({ model_config: z.unknown() }).safeParse(topology).data?.model_config;
  const parsed = modelSchema.safeParse(wrapped ?? topology);
  if (!parsed.success) return undefined;
  const nodes: ComputeNode[] = [];
  addModel(parsed.data, [], [], weights, nodes);
  return nodes;
}

/** Adds a model's layers, fed by `inputs`, and gives the nodes that its result comes from. */
function addModel(
  { class_name, config }: Model,
  path: readonly string[],
  inputs: readonly number[],
  weights: LayerWeights,
  nodes: ComputeNode[],
): readonly number[] {
  const results = new Map<string, readonly number[]>();
  let last: readonly number[] = inputs;
  const placed = class_name === 'Sequential' ? config.layers : inOrder(config.layers);
  for (const layer of placed) {
    const name = nameOf(layer);
    const inbound = [...new Set(inboundNames(layer))].flatMap((from) => results.get(from) ?? []);
    const own = class_name === 'Sequential' ? last : inbound.length === 0 ? inputs : inbound;
    const inner = path.length < DEEPEST && MODELS.has(layer.class_name) ? modelSchema.safeParse(layer).data : undefined;
    if (inner !== undefined) {
      last = addModel(inner, [...path, name], own, weights, nodes);
    } else {
      const role = roleOf(layer, name, () => weights([...path, name], layer), path.length === 0);
      nodes.push({ name, operator: layer.class_name, inputs: own, role, activated: isActivated(layer) });
      last = [nodes.length - 1];
    }
    results.set(name, last);
  }
  const outputs = inboundNames({ inbound_nodes: [config.output_layers] }).flatMap((name) => results.get(name) ?? []);
  return outputs.length > 0 ? outputs : last;
}

/** Layers after those they take from; a layer that takes from itself stays in its place. */
function inOrder(layers: readonly Layer[]): readonly Layer[] {
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  const done = new Set<Layer>();
  const order: Layer[] = [];
  const visit = (start: Layer) => {
    const stack = [start];
    const open = new Set<Layer>();
    while (stack.length > 0) {
      const layer = stack.at(-1);
      if (layer === undefined) return;
      // Layers that take all before them are on the stack many times.
      if (done.has(layer)) {
        stack.pop();
        continue;
      }
      const missing = inboundNames(layer)
        .flatMap((name) => byName.get(name) ?? [])
        .filter((from) => !done.has(from) && !open.has(from));
      open.add(layer);
      if (missing.length > 0) stack.push(...missing);
      else {
        stack.pop();
        order.push(layer);
        done.add(layer);
      }
    }
  };
  for (const layer of layers) if (!done.has(layer)) visit(layer);
  return order;
}

function nameOf(layer: Layer): string {
  return layer.name ?? layer.config.name ?? '';
}

/** Keras 2: [[["name", 0, 0, {}], ...]]; Keras 3 hides the names in `keras_history` of the arguments. */
function inboundNames(layer: Pick<Layer, 'inbound_nodes'>): string[] {
  const names: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const [name, node] = value;
      if (typeof name === 'string' && typeof node === 'number') {
        names.push(name);
        // Arguments by name may be results too: tf.math.subtract(x, y=other).
        visit(value[3], depth + 1);
      } else for (const entry of value) visit(entry, depth + 1);
    } else for (const entry of Object.values(value)) visit(entry, depth + 1);
  };
  visit(layer.inbound_nodes ?? [], 0);
  return names;
}

function roleOf(layer: Layer, name: string, weights: () => ReadonlyMap<string, NamedTensor>, outermost: boolean): Role {
  const { class_name: kind, config } = layer;
  // Keras writes "Package>Layer" for those of others.
  if (kind === 'InputLayer') return { kind: outermost ? 'source' : 'same' };
  if (kind === 'Conv2D' || kind === 'Convolution2D')
    return { kind: 'convolution', read: () => convolution('kernel', false) };
  if (kind === 'DepthwiseConv2D' || kind === 'SeparableConv2D') {
    return { kind: 'convolution', read: () => convolution('depthwise_kernel', true) };
  }
  if (/conv/i.test(kind)) {
    return { kind: 'convolution', read: () => ({ why: 'it is none of Conv2D, DepthwiseConv2D and SeparableConv2D' }) };
  }
  if (/^BatchNormalization(V[12])?$/.test(kind)) {
    return { kind: 'batch-norm', read: () => batchNorm(name, layer, weights()) };
  }
  if (kind === 'TFOpLambda' && LEARNED_FUNCTION.test(String(config.function))) return { kind: 'mixes' };
  return { kind: FIXED.has(kind) || AUGMENTS.has(kind) ? 'fixed' : MIXES.has(kind) ? 'mixes' : 'unknown' };

  function convolution(weight: string, depthwise: boolean) {
    const found = weights();
    const tensor = found.get(weight) ?? (depthwise ? found.get('kernel') : undefined);
    const read = tensor && kernelOf(name, tensor, depthwise);
    return read ?? { why: tensor === undefined ? `its weight "${weight}" is not in the file` : notRead(tensor) };
  }
}

/** Whether a layer ends with an activation of its own: Conv2D(activation="relu"). */
function isActivated({ config: { activation } }: Layer): boolean {
  return activation !== undefined && activation !== null && activation !== 'linear';
}

function notRead({ shape }: NamedTensor): string {
  return `its weight is [${shown(shape.join(', '))}], or holds no floating-point numbers`;
}

function batchNorm(
  name: string,
  { config }: Layer,
  weights: ReadonlyMap<string, NamedTensor>,
): NamedBatchNorm | undefined {
  const movingVariance = weights.get('moving_variance')?.floats();
  if (movingVariance === undefined) return undefined;
  const gamma = weights.get('gamma')?.floats() ?? new Float32Array(movingVariance.length).fill(1);
  const centre = centreOf(gamma.length, weights.get('beta')?.floats(), weights.get('moving_mean')?.floats());
  return { name, gamma, movingVariance, epsilon: config.epsilon ?? EPSILON, ...centre };
}

/**
 * Finds weights that are named by their layer, "conv1/kernel:0", with the models around it in front or not: of several
 * layers of one name the one whose path fits best.
 */
export function weightsByPath(tensors: readonly NamedTensor[]): LayerWeights {
  const layers = new Map<
    string,
    { readonly path: readonly string[]; readonly tensor: NamedTensor; readonly leaf: string }[]
  >();
  for (const tensor of tensors) {
    const parts = tensor.name.replace(/:0$/, '').split('/');
    const leaf = parts.pop() ?? '';
    const layer = parts.at(-1) ?? '';
    const known = layers.get(layer) ?? [];
    layers.set(layer, known);
    known.push({ path: parts, tensor, leaf });
  }
  return (path) => {
    const found = new Map<string, NamedTensor>();
    const score = new Map<string, number>();
    for (const { path: own, tensor, leaf } of layers.get(path.at(-1) ?? '') ?? []) {
      const fit = own.filter((part) => path.includes(part)).length;
      if (fit <= (score.get(leaf) ?? -1)) continue;
      score.set(leaf, fit);
      found.set(leaf, tensor);
    }
    return found;
  };
}
