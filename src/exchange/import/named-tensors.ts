import type { Convolution } from '../../craft/convolution.ts';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { shown } from '../model-problem.ts';
import { BatchNormsByName } from './batch-norm-by-name.ts';
import type { DenseLayer } from './depthwise-kernels.ts';
import { entranceByName } from './entrance-by-name.ts';
import { fixedFilter } from './fixed-filter.ts';
import { areChannelsLast, fromChannelsLast } from './mlx-layout.ts';
import { chargeConvolution, fromOihw, hwioShape, type Layout, type NamedTensor, oihwShape } from './model-tensors.ts';
import type { Module } from './named-module.ts';
import { withWholeWeights } from './reparametrised.ts';
import { type PlacedKernel, transformerKernels } from './spatial-transformer.ts';
import { transposedKernel } from './transposed-kernel.ts';

const IMAGE_CHANNELS = 3;
/** Kernels are hardly ever wider than this, channels hardly ever fewer. */
const WIDEST_WINDOW = 11;

/** A kernel whose numbers are not read, and why: "its numbers are F8_E8M0". */
interface UnreadKernel {
  readonly name: string;
  readonly why: string;
  readonly hint: string;
  readonly shape: Convolution['shape'];
}

/** A kernel that is judged unless it is the first: then it may be none of a convolution. */
interface DoubtfulKernel {
  readonly layer: Convolution;
  readonly unless: UnreadKernel;
}

export interface NamingSettings {
  /** Charged for weights before they are read. */
  readonly budget: Budget;
  /** The order of axes where the format says it; otherwise it is guessed from the shapes. */
  readonly layout?: Layout | undefined;
  /** Whether the format keeps its tensors in the model's own order; otherwise their names give it. */
  readonly ordered?: boolean;
  /** Whether the format sorts its tensors by name; otherwise their order shows it. */
  readonly sorted?: boolean;
  /** Whether the format says that Apple's MLX wrote it. */
  readonly mlx?: boolean;
}

/** The convolutions of a file without a graph. */
export interface NamedConvolutions {
  readonly convolutions: readonly Convolution[];
  readonly first: number;
  /** Names of convolutions besides the first that cannot be read. */
  readonly unread: readonly string[];
  /** Further ones that take an image, by name. */
  readonly alsoFirst: readonly string[];
  /** Why the first layer may be another one, in a sentence. */
  readonly doubt?: string;
}

/**
 * The convolutions of a file that holds tensors by name and no graph. Order and batch norms are guessed: by the file's
 * own order, where it has one, else by names.
 * @throws ModelProblem where the convolution that is likely the first cannot be read: no other is judged in its place
 */
export function convolutionsByName(
  named: readonly NamedTensor[],
  { budget, layout: known, ordered = false, sorted, mlx = false }: NamingSettings,
): NamedConvolutions {
  budget.charge(4 * OBJECT_BYTES * named.length, 'its tensors');
  const whole = withWholeWeights(named.filter(({ name }) => !OPTIMISER.test(name)));
  const tensors = mlx || (known === undefined && areChannelsLast(whole)) ? whole.map(fromChannelsLast) : whole;
  const layout = known ?? guessLayout(tensors);
  const modules = modulesOf(tensors);
  const norms = new BatchNormsByName(modules, layout, sorted ?? (!ordered && isSorted(tensors)));
  const found: (Convolution | UnreadKernel)[] = [];
  const placed: PlacedKernel[] = [];
  const doubts = new Map<number, UnreadKernel>();
  const dense: DenseLayer[] = [];
  for (const [index, module] of modules.entries()) {
    for (const [leaf, tensor] of module.tensors) {
      dense.push(...denseIn(tensor, leaf, layout, found.length));
      const read = kernelIn(tensor, leaf, {
        module,
        layout,
        budget,
        normLength: () => norms.lengthBehind(index, channelsOf(tensor, layout)),
      });
      if (read === undefined) continue;
      if ('unless' in read) doubts.set(found.length, read.unless);
      const kernel = 'unless' in read ? read.layer : read;
      const batchNorm = 'why' in kernel ? undefined : norms.behind(index, kernel.shape);
      found.push(batchNorm === undefined ? kernel : { ...kernel, batchNorm });
      placed.push({ name: kernel.name, shape: kernel.shape, module: index });
    }
  }
  const takesImage = new Map(tensors.map(({ name, entrance }) => [name, entrance]));
  const { first, alsoFirst, doubt } = entranceByName(
    found.map((kernel, index) => {
      const fixed = 'kernel' in kernel ? fixedFilter(kernel) : undefined;
      const { name, shape, ...refusal } = fixed === undefined ? (doubts.get(index) ?? kernel) : kernel;
      const entrance = takesImage.get(name);
      return 'why' in refusal ? { name, shape, entrance, refusal } : { name, shape, entrance, fixed };
    }),
    norms.byName,
    transformerKernels(modules, placed, !norms.byName),
    dense,
  );
  const convolutions = found.filter((one) => 'kernel' in one);
  const unread = found.flatMap((one) => ('kernel' in one ? [] : [one.name]));
  const place = found.slice(0, first).filter((one) => 'kernel' in one).length;
  return { convolutions, first: place, unread, alsoFirst, ...(doubt === undefined ? {} : { doubt }) };
}

function channelsOf({ shape }: NamedTensor, layout: Layout): number {
  return shape[layout === 'OIHW' ? 1 : 2] ?? 0;
}

/** An optimiser's state has the shape of its weight. */
const OPTIMISER =
  /(^|[./])(\w*optim\w*|opt_state|grads?|gradients?|sgd_m|adam_[mv]|momenta|velocit(?:y|ies)|exp_avg\w*)[./]|(momentum_buffer|exp_avg|exp_avg_sq|max_exp_avg_sq|square_avg|grad_avg|acc_delta|Momentum|Adam(_1)?)$/;

/** Whole numbers in four axes are a kernel under these names alone: masks, places and pictures are stored as well. */
const WEIGHT_NAME = /(weight|kernel|filter)s?(:0)?$|^w\d*$|packed_params/i;

/** By the shapes of all kernels: windows are square and small, on the two last axes or on the two first. */
function guessLayout(tensors: readonly NamedTensor[]): Layout {
  let votes = 0;
  for (const { shape, name } of tensors) {
    const [a = 0, b = 0, c = 0, d = 0] = shape;
    if (shape.length !== 4) continue;
    if (/kernel(:0)?$/.test(name)) votes--;
    if (c === d && c <= WIDEST_WINDOW && (a !== b || a > WIDEST_WINDOW)) votes++;
    if (a === b && a <= WIDEST_WINDOW && (c !== d || c > WIDEST_WINDOW)) votes--;
  }
  return votes >= 0 ? 'OIHW' : 'HWIO';
}

/** Keras 3 numbers the weights of a layer, and names the layer by its kind. */
const NUMBERED_DEPTHWISE = /(^|\/)(depthwise|separable)_conv2d(_\d+)?\/vars\/0$/;
const NUMBERED_CONVOLUTION = /(^|\/)conv\w*\/vars\/0$/;

interface Place {
  readonly module: Module;
  readonly layout: Layout;
  readonly budget: Budget;
  /** The length of the batch norm behind it. */
  readonly normLength: () => number | undefined;
}

/** The kernel that a tensor is, or where its numbers are not read, its name; undefined for any other tensor. */
function kernelIn(
  tensor: NamedTensor,
  leaf: string,
  { module, layout, budget, normLength }: Place,
): Convolution | UnreadKernel | DoubtfulKernel | undefined {
  const { name, type } = tensor;
  if (tensor.shape.length !== 4) return otherKernel(tensor, leaf, layout);
  const shape = layout === 'OIHW' ? oihwShape(tensor.shape) : hwioShape(tensor.shape);
  if (shape === undefined) return undefined;
  const [height, width, channels, filters] = shape;
  // TensorFlow's depthwise kernels are [height, width, channels, multiplier]: a filter of one channel for each.
  const depthwise = layout === 'HWIO' && (/depthwise/.test(leaf) || NUMBERED_DEPTHWISE.test(name));
  const transposed = depthwise ? undefined : transposedKernel(tensor, leaf, module, { layout, shape, normLength });
  const unless = transposed && { name, why: transposed.why, hint: TRANSPOSED_HINT, shape: transposed.shape };
  if (unless !== undefined && transposed?.doubtful === false) return unless;
  chargeConvolution(budget, shape);
  const values = tensor.floats();
  if (values === undefined) {
    const whole = /^(I|U|int|uint|bool|BOOL|i|u|b)\d*$/.test(type);
    return whole && !WEIGHT_NAME.test(leaf) ? undefined : { name, shape, ...unreadNumbers(type) };
  }
  const kernel = layout === 'OIHW' ? fromOihw(values, shape) : values;
  const whole: Convolution['shape'] = depthwise ? [height, width, 1, channels * filters] : shape;
  const bias = module.tensors.get('bias');
  const shift = leaf !== 'bias' && bias?.shape.length === 1 && bias.shape[0] === whole[3] ? bias.floats() : undefined;
  const layer: Convolution = { name, shape: whole, kernel, ...(shift === undefined ? {} : { bias: shift }) };
  return unless === undefined ? layer : { layer, unless };
}

/** The dense layer that a tensor is, behind so many kernels. */
function denseIn({ name, shape }: NamedTensor, leaf: string, layout: Layout, place: number): readonly DenseLayer[] {
  if (shape.length !== 2 || leaf !== (layout === 'OIHW' ? 'weight' : 'kernel')) return [];
  const [one = 0, other = 0] = shape;
  return [layout === 'OIHW' ? { name, takes: other, makes: one, place } : { name, takes: one, makes: other, place }];
}

const TRANSPOSED_HINT =
  'Expected a network whose first layer is a 2-D convolution; as ONNX its graph shows which it is.';

function unreadNumbers(type: string): Pick<UnreadKernel, 'why' | 'hint'> {
  const hint = type.startsWith('computed')
    ? 'Save the model with these parts worked into its weights (LoRA: merge_and_unload; PyTorch: parametrize.remove_parametrizations).'
    : 'Save the model in float32.';
  return { why: `its numbers are ${shown(type)}`, hint };
}

/** A kernel over volumes, or over lines of three channels: it may be the first layer, and is not read. */
function otherKernel({ name, shape }: NamedTensor, leaf: string, layout: Layout): UnreadKernel | undefined {
  if (!/^(weight|kernel)$/.test(leaf) && !NUMBERED_CONVOLUTION.test(name)) return undefined;
  if (shape.length < 3 || shape.length > 5) return undefined;
  const [filters = 0, channels = 0, ...window] = layout === 'OIHW' ? shape : [...shape].reverse();
  const [depth = 0] = window;
  // Tables of positions and the like have three axes too.
  if (shape.length === 3 && (channels !== IMAGE_CHANNELS || depth < 2 || depth > WIDEST_WINDOW)) return undefined;
  if (filters === 0 || channels === 0 || window.some((size) => size === 0)) return undefined;
  const why = `its kernel is [${shape.join(', ')}], not one for 2-D images`;
  const hint = 'Expected a network whose first layer is a 2-D convolution.';
  return { name, why, hint, shape: [window.at(-2) ?? 1, window.at(-1) ?? 1, channels, filters] };
}

/** "a.b.weight" and "a/b/kernel" belong to "a.b" and "a/b". */
function modulesOf(tensors: readonly NamedTensor[]): readonly Module[] {
  const modules = new Map<string, { name: string; tensors: Map<string, NamedTensor> }>();
  for (const tensor of tensors) {
    // Flax keeps the statistics of batch norm apart from the trained parameters.
    const path = tensor.name.replace(/(^|[./])(params|batch_stats)[./]/, '$1');
    const cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('/'));
    const name = path.slice(0, Math.max(0, cut));
    const module = modules.get(name) ?? { name, tensors: new Map() };
    modules.set(name, module);
    module.tensors.set(path.slice(cut + 1).replace(/:0$/, ''), tensor);
  }
  return [...modules.values()];
}

/**
 * As safetensors are written: by element type and within each by name; counters of batches, which have no axis,
 * apart. The order then says nothing of the model.
 */
function isSorted(tensors: readonly NamedTensor[]): boolean {
  const last = new Map<string, string>();
  for (const { name, shape, type } of tensors) {
    if (shape.length === 0) continue;
    if ((last.get(type) ?? '') > name) return false;
    last.set(type, name);
  }
  return true;
}
