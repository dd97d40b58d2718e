import type { KernelShape } from '../../craft/filter-bank.ts';
import type { Layout, NamedTensor } from './model-tensors.ts';
import type { Module } from './named-module.ts';

/*
 * A transposed convolution stores its kernel with the channels of its input where a convolution has its filters:
 * [in, out / groups, height, width] in PyTorch, [height, width, out, in] in Keras. Read as a convolution's, its filters
 * would be wrong ones.
 */

/** Names that frameworks give to the layer themselves: ConvTranspose_0, conv2d_transpose_1, deconvolution0. */
const LAYER_NAME = /(^|[./_])(conv_?(\dd)?_?transposed?|conv_?trans|deconvolution)(_?\d+)?([./]|$)/i;
/** Names that people give to it, and to a convolution behind a resizing as well. */
const LOOSE_NAME = /(^|[./_])(de_?conv|t_?conv|up_?conv|trans_?conv)[^./]*([./]|$)/i;

const KERNELS = /^(weights?|kernel|filters?|w|0)$/;
const BIASES = ['bias', 'biases', 'b'];
/** Images have so many channels: 1 is grey, 4 has transparency. */
const IMAGE_CHANNELS = new Set([1, 3, 4]);

export interface Transposed {
  /** Why it is no convolution's kernel, or may be none. */
  readonly why: string;
  /** Whether it may be a convolution's as well. */
  readonly doubtful: boolean;
  /** Its shape as a layer: [height, width, channels in, filters]. */
  readonly shape: KernelShape;
}

/**
 * Whether a kernel is that of a transposed convolution, by the class of its module, its bias and its names; undefined
 * where it is none. `normLength` finds the length of the batch norm directly behind it.
 */
export function transposedKernel(
  { name, owner }: NamedTensor,
  leaf: string,
  { tensors }: Module,
  {
    layout,
    shape,
    normLength,
  }: { readonly layout: Layout; readonly shape: KernelShape; readonly normLength: () => number | undefined },
): Transposed | undefined {
  // As if it was a convolution's.
  const [height, width, channels, filters] = shape;
  const kind = /[^.]*$/.exec(owner ?? '')?.[0] ?? '';
  // Flax alone keeps a transposed kernel in a convolution's order.
  const swapped = layout === 'OIHW' || !/(^|[./])ConvTranspose_\d+[./]/.test(name);
  const turned: KernelShape = swapped ? [height, width, filters, channels] : shape;
  const certain = (why: string) => ({ why, doubtful: false, shape: turned });
  if (/transpose|deconv/i.test(kind)) return certain('it is a transposed convolution');
  if (/^Conv2d/.test(kind)) return undefined;
  if (LAYER_NAME.test(name)) return certain('it is a transposed convolution');
  const bias = biasBeside(leaf, tensors);
  if (bias !== undefined && bias !== filters) {
    return certain(
      `its bias has ${bias} numbers for ${filters} filters, as of a transposed convolution, whose kernel has its axes in another order`,
    );
  }
  const length = normLength();
  // With as many channels as filters no length shows it.
  if (channels !== filters && (bias ?? length) === filters) return undefined;
  if (LOOSE_NAME.test(name)) return certain('it is named as a transposed convolution');
  if (!IMAGE_CHANNELS.has(filters) || height * width === 1 || !swapped) return undefined;
  if (channels === filters) return maybe(`${filters} channels in and out`, turned);
  if (IMAGE_CHANNELS.has(channels)) return undefined;
  if (length === channels) {
    return certain(
      `the batch norm behind it has ${length} numbers for ${filters} filters, as of a transposed convolution`,
    );
  }
  return maybe(`${channels} and ${filters} channels`, turned);
}

function maybe(channels: string, shape: KernelShape): Transposed {
  const why = `with ${channels} and no more in the file it may be a transposed convolution, whose kernel has its axes in another order`;
  return { why, doubtful: true, shape };
}

/** The length of the bias of a kernel's module. */
function biasBeside(leaf: string, tensors: Module['tensors']): number | undefined {
  if (!KERNELS.test(leaf)) return undefined;
  // Keras 3 numbers the weights of a layer.
  const names = leaf === '0' ? ['1'] : BIASES;
  const bias = names.flatMap((name) => tensors.get(name) ?? [])[0];
  return bias?.shape.length === 1 ? bias.shape[0] : undefined;
}
