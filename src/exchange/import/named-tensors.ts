import type { Convolution, NamedBatchNorm } from '../../craft/convolution.ts';
import type { KernelShape } from '../../craft/filter-bank.ts';
import { fromOihw, hwioShape, likelyFirst, type NamedTensor, oihwShape, WeightBudget } from './model-tensors.ts';

/** The order of a kernel's axes: PyTorch's or TensorFlow's. */
export type Layout = 'OIHW' | 'HWIO';

/** PyTorch's and Keras's default, about which a file without a graph says nothing. */
const EPSILON = { OIHW: 1e-5, HWIO: 1e-3 } as const;

/** Kernels are hardly ever wider than this, channels hardly ever fewer. */
const WIDEST_WINDOW = 11;

/** A layer of a model as its names tell it: "conv1" of "conv1.weight" and "conv1.bias". */
interface Module {
  readonly name: string;
  readonly tensors: Map<string, NamedTensor>;
}

/**
 * The convolutions of a file that holds tensors by name and no graph. Order and batch norms are guessed: by the file's
 * own order, where it has one, else by names. `limit`: how many weights there can be.
 * `known`: the order of axes where the format says it; such a format keeps its tensors in the model's own order as well.
 */
export function convolutionsByName(
  tensors: readonly NamedTensor[],
  limit: number,
  known?: Layout,
): { readonly convolutions: readonly Convolution[]; readonly first: number } {
  const layout = known ?? guessLayout(tensors);
  const modules = modulesOf(tensors);
  const siblings =
    known === undefined && isSorted(tensors) ? new Map(modules.map((module) => [module.name, module])) : undefined;
  const convolutions: Convolution[] = [];
  const budget = new WeightBudget(limit);
  for (const [index, module] of modules.entries()) {
    for (const [leaf, tensor] of module.tensors) {
      const convolution = convolutionOf(tensor, leaf, layout);
      if (convolution === undefined) continue;
      budget.take(convolution.kernel.length);
      const after = siblings ? batchNormBySiblings(module.name, siblings) : batchNormInOrder(index, modules);
      const batchNorm = after && batchNormOf(after, convolution.shape[3], layout);
      convolutions.push(batchNorm === undefined ? convolution : { ...convolution, batchNorm });
    }
  }
  return { convolutions, first: likelyFirst(convolutions, [...convolutions.keys()]) };
}

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

function convolutionOf(tensor: NamedTensor, leaf: string, layout: Layout): Convolution | undefined {
  const { name } = tensor;
  // An optimiser's memory has the shape of what it remembers.
  if (tensor.shape.length !== 4 || /(momentum_buffer|exp_avg|exp_avg_sq|Momentum|Adam(_1)?)$/.test(name))
    return undefined;
  const shape = layout === 'OIHW' ? oihwShape(tensor.shape) : hwioShape(tensor.shape);
  const values = shape && tensor.floats();
  if (shape === undefined || values === undefined) return undefined;
  const [height, width, channels, filters] = shape;
  if (layout === 'OIHW') return { name, shape, kernel: fromOihw(values, shape) };
  // TensorFlow's depthwise kernels are [height, width, channels, multiplier]: a filter of one channel for each.
  const depthwise = /depthwise/.test(leaf);
  const turned: KernelShape = [height, width, 1, channels * filters];
  return { name, shape: depthwise ? turned : shape, kernel: values };
}

/** "a.b.weight" and "a/b/kernel" belong to "a.b" and "a/b". */
function modulesOf(tensors: readonly NamedTensor[]): readonly Module[] {
  const modules = new Map<string, Module>();
  for (const tensor of tensors) {
    const cut = Math.max(tensor.name.lastIndexOf('.'), tensor.name.lastIndexOf('/'));
    const name = tensor.name.slice(0, Math.max(0, cut));
    const module = modules.get(name) ?? { name, tensors: new Map() };
    modules.set(name, module);
    module.tensors.set(tensor.name.slice(cut + 1).replace(/:0$/, ''), tensor);
  }
  return [...modules.values()];
}

/** The next module with statistics before the next kernel. */
function batchNormInOrder(index: number, modules: readonly Module[]): Module | undefined {
  for (let next = index + 1; next < modules.length; next++) {
    const module = modules[next];
    if (module === undefined || isBatchNorm(module) || isScale(module)) return module;
    if ([...module.tensors.values()].some(({ shape }) => shape.length > 1)) return undefined;
  }
  return undefined;
}

/** Sorted by name, the order says nothing: "conv" belongs to "bn", "conv2" to "bn2", "0" to "1". */
function batchNormBySiblings(name: string, modules: ReadonlyMap<string, Module>): Module | undefined {
  const cut = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1;
  const parent = name.slice(0, cut);
  const own = name.slice(cut);
  let convolutions = 0;
  while (modules.has(`${parent}conv${convolutions + 1}`)) convolutions++;
  const candidates = /^\d{1,9}$/.test(own)
    ? [String(Number(own) + 1)]
    : ['bn', 'norm', 'batchnorm', 'batch_norm', 'BatchNorm'].flatMap((word) => {
        const counted = own.replace(/^conv/i, word);
        const shifted = counted.replace(/\d+$/, (digits) => String(Number(digits) + 1));
        // A block with one batch norm more than convolutions (bn1, conv1, bn2, conv2, bn3) starts with one.
        return modules.has(`${parent}${word}${convolutions + 1}`) ? [shifted] : [counted, `${own}_${word}`];
      });
  return candidates
    .map((candidate) => modules.get(parent + candidate))
    .find((module) => module !== undefined && isBatchNorm(module));
}

/** As Python's safetensors writes them; counters of batches, which have no axis, stand apart. */
function isSorted(tensors: readonly NamedTensor[]): boolean {
  const names = tensors.filter(({ shape }) => shape.length > 0).map(({ name }) => name);
  return names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name);
}

const VARIANCES = ['running_var', 'moving_variance', 'var', 'variance'];
const SCALES = ['weight', 'gamma', 'scale'];

function isBatchNorm({ tensors }: Module): boolean {
  return VARIANCES.some((leaf) => tensors.has(leaf));
}

/** face-api's "scale" layers: a factor and a shift, the statistics already worked in. */
function isScale({ name, tensors }: Module): boolean {
  return /(^|\/)scale$/.test(name) && tensors.has('weights');
}

function batchNormOf(module: Module, filters: number, layout: Layout): NamedBatchNorm | undefined {
  const batchNorm = isScale(module) ? scaleOf(module) : statisticsOf(module, layout);
  return batchNorm?.gamma.length === filters ? batchNorm : undefined;
}

function statisticsOf({ name, tensors }: Module, layout: Layout): NamedBatchNorm | undefined {
  const movingVariance = VARIANCES.map((leaf) => tensors.get(leaf))
    .find((tensor) => tensor !== undefined)
    ?.floats();
  if (movingVariance === undefined) return undefined;
  const scale = SCALES.map((leaf) => tensors.get(leaf)).find((tensor) => tensor !== undefined);
  // Without a scale of its own (affine=False) it is 1.
  const gamma = scale === undefined ? new Float32Array(movingVariance.length).fill(1) : scale.floats();
  return gamma?.length === movingVariance.length
    ? { name, gamma, movingVariance, epsilon: EPSILON[layout] }
    : undefined;
}

function scaleOf({ name, tensors }: Module): NamedBatchNorm | undefined {
  const gamma = tensors.get('weights')?.floats();
  return gamma && { name, gamma, movingVariance: new Float32Array(gamma.length).fill(1), epsilon: 0 };
}
