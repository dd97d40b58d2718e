import type { KernelShape } from '../../craft/filter-bank.ts';
import { ModelProblem, shown as shortened } from '../model-problem.ts';
import { type DenseLayer, depthwiseInside, MOST_CHANNELS } from './depthwise-kernels.ts';
import { entranceDoubt } from './entrance-doubt.ts';
import { depthOf, isAside } from './kernel-names.ts';
import { imageScore, likelyFirst } from './model-tensors.ts';

/** A kernel of a file without a graph. */
export interface NamedKernel {
  readonly name: string;
  /** [height, width, channels, filters], of one that may be transposed as such. */
  readonly shape: KernelShape;
  /** Whether it takes the image, where the file shows it. */
  readonly entrance?: boolean | undefined;
  /** How it changes the image by a fixed rule, where it was not trained. */
  readonly fixed?: string | undefined;
  /** Why its numbers cannot be read or judged, where they cannot, and the way out. */
  readonly refusal?: { readonly why: string; readonly hint: string };
}

/** The second half of a separable convolution takes the result of the first. */
const POINTWISE = /(^|\/)(separable_conv2d(_\d+)?\/vars\/1|pointwise_kernel(:0)?)$/;
/** PyTorch names the kernel of a layer so; a buffer beside it, such as a filter that blurs, has another name. */
const WEIGHT = /(^|[./])weight$/;

/** Averaged copies of a network beside it. */
const AVERAGE = /(^|[./_])(ema|swa|averaged?|shadow)(_\w+)?[./]/i;

/** The constants of a frozen TorchScript program. */
const NUMBER = /^\d+$/;
/** And the layers in weights of Keras 3 alone, by their kinds. */
const NUMBERED = /^\d+$|(^|\/)conv2d(_\d+)?\/vars\/0$/;

/** Three colours; and a window as well. */
const COLOURS_SCORE = 4;
const SURE_SCORE = 6;
/** Three colours in blocks of 4 × 4, as TResNet begins. */
const BLOCKS_OF_4 = 48;

/** The first layer of a file without a graph. */
export interface NamedEntrance {
  readonly first: number;
  /** The names of others that take an image. */
  readonly alsoFirst: readonly string[];
  /** Why it may be another one, in a sentence. */
  readonly doubt?: string | undefined;
}

/**
 * The kernel that is likely the first layer's; `sorted` where the order of the file says nothing. `transformers` are
 * kernels that lead to a spatial transformer, with the layers that show it.
 * @throws ModelProblem where it cannot be read, or nothing shows which it is
 */
export function entranceByName(
  kernels: readonly NamedKernel[],
  sorted: boolean,
  transformers: ReadonlyMap<string, string> = new Map(),
  dense: readonly DenseLayer[] = [],
): NamedEntrance {
  const all = [...kernels.keys()];
  const isTrained = (index: number) => kernels[index]?.fixed === undefined;
  const shown = all.filter((index) => kernels[index]?.entrance === true);
  const shownTrained = shown.filter(isTrained);
  if (shown.length > 0) return entranceShown(kernels, shownTrained.length === 0 ? shown : shownTrained);
  const apart = all.filter((index) => !POINTWISE.test(kernels[index]?.name ?? ''));
  const candidates = apart.length === 0 ? all : apart;
  // Where the order says nothing, several may see an image of one channel.
  if (sorted) candidates.sort((one, other) => depthOf(kernels[one]) - depthOf(kernels[other]));
  const weights = candidates.filter((index) => WEIGHT.test(kernels[index]?.name ?? ''));
  const learned = weights.length === 0 ? candidates : weights;
  const inside = depthwiseInside(kernels, dense, sorted);
  // One filter alone is that of an attention.
  const hasMany = (index: number) => (kernels[index]?.shape[3] ?? 0) > 1;
  const someHaveMany = learned.some(hasMany);
  const ahead = learned.filter(
    (index) =>
      isTrained(index) &&
      (hasMany(index) || !someHaveMany) &&
      !inside.has(index) &&
      !isAside(kernels[index]) &&
      !isInside(kernels[index]) &&
      !transformers.has(kernels[index]?.name ?? ''),
  );
  const score = (index: number) => imageScore(kernels[index]?.shape);
  const isCopy = (index: number) => AVERAGE.test(kernels[index]?.name ?? '');
  // Of a network and its average the network.
  const ranked = [...ahead.filter((index) => !isCopy(index)), ...ahead.filter(isCopy)];
  const first = likelyFirst(kernels, ranked.length === 0 ? learned : ranked);
  const chosen = kernels[first];
  if (chosen === undefined) return { first: 0, alsoFirst: [] };
  const aside = learned.find((index) => isAside(kernels[index]) && (ahead.length === 0 || score(index) > score(first)));
  if (aside !== undefined) {
    throw unknown(
      kernels[aside],
      'its name is that of a spatial transformer, of offsets or of a decoder, and no other convolution takes an image',
    );
  }
  const other = candidates.find((index) => score(index) >= SURE_SCORE);
  if (other !== undefined && score(first) < SURE_SCORE && !learned.includes(other)) {
    throw unknown(kernels[other], 'other kernels of the file are named weight, and none of them takes an image');
  }
  const equal = ahead.filter((index) => index !== first && score(index) >= score(first));
  // In no order, one that cannot be read may be the first as well.
  const hidden = sorted
    ? equal.find((index) => kernels[index]?.refusal !== undefined && depthOf(kernels[index]) <= depthOf(chosen))
    : undefined;
  const named = hidden === undefined ? chosen : (kernels[hidden] ?? chosen);
  if (named.refusal !== undefined) throw unreadable(named.name, named.refusal);
  const before = aheadOf(kernels, first, learned, sorted);
  if (before !== undefined) {
    throw unknown(
      chosen,
      `"${shortened(before.name)}" makes as many channels as it takes${sorted ? '' : ' and comes before it in the file'}`,
    );
  }
  const [, , channels, filters] = chosen.shape;
  if (chosen.fixed !== undefined) {
    throw unknown(chosen, `it is ${chosen.fixed}, and no other convolution takes an image`);
  }
  if (inside.has(first) || isInside(chosen)) {
    throw unknown(chosen, `it is depthwise with ${filters} channels, and no convolution of the file takes an image`);
  }
  if (sorted && isLikelyDepthwise(kernels, chosen)) {
    throw unknown(chosen, 'it may be a depthwise one within the network, and the file is in no order');
  }
  if (channels > MOST_CHANNELS && channels !== BLOCKS_OF_4) {
    throw unknown(chosen, `it takes ${channels} channels, and no convolution of the file takes an image`);
  }
  if (equal.some((index) => score(index) >= SURE_SCORE || NUMBER.test(chosen.name)) && NUMBERED.test(chosen.name)) {
    throw unknown(
      chosen,
      `${equal.length + 1} convolutions look as if they took an image, and none has a name of its own`,
    );
  }
  const also = learned.filter(
    (index) =>
      index !== first && (score(index) >= COLOURS_SCORE || (isAside(kernels[index]) && score(index) >= score(first))),
  );
  const likely = equal.filter((index) => score(index) >= SURE_SCORE);
  const doubt = entranceDoubt(kernels, first, likely, transformers);
  return { first, alsoFirst: also.flatMap((index) => kernels[index]?.name ?? []), doubt };
}

/**
 * A trained kernel whose result the likeliest first layer may take: it makes as many channels, of an image's few; where the
 * file is in the network's order, of any number, if a layer before takes an image of other channels.
 */
function aheadOf(
  kernels: readonly NamedKernel[],
  first: number,
  learned: readonly number[],
  sorted: boolean,
): NamedKernel | undefined {
  const [, , wanted] = kernels[first]?.shape ?? [0, 0, 0, 0];
  if (wanted < 2) return undefined;
  const makes = learned.flatMap((index) => {
    const kernel = kernels[index];
    const isAhead = kernel?.shape[3] === wanted && index !== first && (sorted || index < first);
    return isAhead && kernel.fixed === undefined && !isAside(kernel) ? [kernel] : [];
  });
  const few = makes.find(({ shape: [, , channels] }) => channels <= MOST_CHANNELS);
  if (few !== undefined || sorted) return few;
  const [opening] = learned;
  const [, , channels] = kernels[opening ?? first]?.shape ?? [0, 0, 0, 0];
  return opening !== first && channels <= MOST_CHANNELS && channels !== wanted ? makes[0] : undefined;
}

/** Of those that a program shows to take the image. */
function entranceShown(kernels: readonly NamedKernel[], shown: readonly number[]): NamedEntrance {
  const first = likelyFirst(kernels, shown);
  const { name = '', refusal } = kernels[first] ?? {};
  if (refusal !== undefined) throw unreadable(name, refusal);
  const rest = shown.filter((index) => index !== first);
  return { first, alsoFirst: rest.flatMap((index) => kernels[index]?.name ?? []) };
}

/** A depthwise convolution, by its name, of more channels than an image has. */
function isInside(kernel: NamedKernel | undefined): boolean {
  const [, , channels, filters] = kernel?.shape ?? [0, 0, 0, 0];
  return channels === 1 && filters > MOST_CHANNELS && depthOf(kernel) === Number.POSITIVE_INFINITY;
}

/**
 * Whether a kernel of one channel may be a depthwise one, by a file in no order: others are such as well, and lie among layers
 * of many channels.
 */
function isLikelyDepthwise(kernels: readonly NamedKernel[], kernel: NamedKernel): boolean {
  const [, , channels, filters] = kernel.shape;
  if (channels !== 1 || filters <= MOST_CHANNELS) return false;
  const others = kernels.some(({ shape }) => shape[2] === 1 && shape[3] > MOST_CHANNELS && shape[3] !== filters);
  return others && kernels.some((one) => one.shape[2] > 1 && depthOf(one) < depthOf(kernel));
}

function unreadable(name: string, { why, hint }: { readonly why: string; readonly hint: string }): ModelProblem {
  return new ModelProblem(
    'unreadable-entrance',
    `The first convolution, "${shortened(name)}", cannot be read: ${why}.`,
    `No other layer is judged in its place. ${hint}`,
  );
}

function unknown(kernel: NamedKernel | undefined, why: string): ModelProblem {
  return new ModelProblem(
    'unreadable-entrance',
    `The first layer cannot be found. The likeliest is "${shortened(kernel?.name ?? '')}", but ${why}.`,
    'No other layer is judged in its place. Export the model as ONNX, whose graph shows it.',
  );
}
