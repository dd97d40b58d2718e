import type { NamedKernel } from './entrance-by-name.ts';
import { blockOf, depthOf, isAside } from './kernel-names.ts';

/** Three colours in blocks of 2 × 2, as YOLO's Focus. */
export const MOST_CHANNELS = 12;

/** A dense layer of a file without a graph. */
export interface DenseLayer {
  readonly name: string;
  readonly takes: number;
  readonly makes: number;
  /** How many kernels come before it in the file. */
  readonly place: number;
}

/**
 * The depthwise convolutions under any name: kernels of one channel, each of as many as the results of another layer. In the
 * network's order that one comes ahead of them; `sorted` where the order says nothing.
 */
export function depthwiseInside(
  kernels: readonly NamedKernel[],
  dense: readonly DenseLayer[],
  sorted: boolean,
): ReadonlySet<number> {
  return sorted ? insideByName(kernels, dense) : insideByOrder(kernels, dense);
}

function insideByOrder(kernels: readonly NamedKernel[], dense: readonly DenseLayer[]): ReadonlySet<number> {
  const found = new Set<number>();
  const ahead = new Set<number>();
  const isFlat = flattening(kernels);
  const patches = dense.filter(({ takes }) => !isFlat(takes));
  let next = 0;
  for (const [index, { shape }] of kernels.entries()) {
    const [, , channels, filters] = shape;
    for (; (patches[next]?.place ?? Number.POSITIVE_INFINITY) <= index; next++) ahead.add(patches[next]?.makes ?? 0);
    if (channels > 1) ahead.add(filters);
    else if (ahead.has(filters)) found.add(index);
  }
  return found;
}

/** The layer that takes the image lies above all of them: an entrance of few channels, or one that leads to a depthwise kernel. */
function insideByName(kernels: readonly NamedKernel[], dense: readonly DenseLayer[]): ReadonlySet<number> {
  const entrances = kernels.filter(
    ({ shape: [height, width, channels, filters] }) =>
      height * width > 1 && channels > 1 && channels <= MOST_CHANNELS && filters > MOST_CHANNELS,
  );
  const isFed = feeding(kernels, dense);
  const top = highest(entrances);
  const fed = highest(kernels.filter((kernel) => isSingle(kernel) && isFed(kernel)));
  const isInside = (kernel: NamedKernel) => isSingle(kernel) && (top < depthOf(kernel) || fed <= depthOf(kernel));
  return new Set(kernels.flatMap((kernel, index) => (isInside(kernel) ? [index] : [])));
}

function highest(layers: readonly NamedKernel[]): number {
  return layers.reduce((least, layer) => Math.min(least, depthOf(layer)), Number.POSITIVE_INFINITY);
}

function isSingle({ shape: [, , channels, filters] }: NamedKernel): boolean {
  return channels === 1 && filters > MOST_CHANNELS;
}

/**
 * Whether a layer leads to a kernel of one channel, by names and shapes. Such a layer makes as many channels, and takes the
 * image itself: nothing in the file makes those that it takes. Else it lies in the same block, of several.
 */
function feeding(kernels: readonly NamedKernel[], dense: readonly DenseLayer[]): (kernel: NamedKernel) => boolean {
  const made = new Set([...kernels.map(({ shape }) => shape[3]), ...dense.map(({ makes }) => makes)]);
  const isFlat = flattening(kernels);
  /** The least depth of layers that lead to kernels of so many filters, in one block or anywhere, or to any kernel. */
  const depths = new Map<string, number>();
  const lead = (to: string, depth: number) => depths.set(to, Math.min(depth, depths.get(to) ?? depth));
  const inBlock = (layer: { readonly name: string }, makes: number) => `${makes} ${blockOf(layer).block}`;
  for (const layer of dense) {
    if (!isFlat(layer.takes)) lead(`${layer.makes}`, depthOf(layer));
    if (layer.takes !== layer.makes) lead(inBlock(layer, layer.makes), depthOf(layer));
  }
  for (const kernel of kernels) {
    const [height, width, channels, filters] = kernel.shape;
    if (channels === 1 || filters <= MOST_CHANNELS || kernel.fixed !== undefined || isAside(kernel)) continue;
    if (channels !== filters) lead(inBlock(kernel, filters), depthOf(kernel));
    if (made.has(channels)) continue;
    const isWindow = height * width > 1;
    // Convolutions in groups take a part of the channels, and so do those behind a maximum of two halves.
    const isPart = filters % channels === 0;
    if (isWindow && !isPart) lead('any', depthOf(kernel));
    if (isWindow || !isPart) lead(`${filters}`, isWindow && !isPart ? 0 : depthOf(kernel));
  }
  const places = new Map<string, number>();
  const placeOf = (kernel: NamedKernel) => {
    const { list, within } = blockOf(kernel);
    return `${list} ${within} ${kernel.shape[3]}`;
  };
  for (const kernel of kernels.filter(isSingle)) places.set(placeOf(kernel), (places.get(placeOf(kernel)) ?? 0) + 1);
  return (kernel) => {
    const makers = [`${kernel.shape[3]}`, 'any'];
    if ((places.get(placeOf(kernel)) ?? 0) > 1) makers.push(inBlock(kernel, kernel.shape[3]));
    return makers.some((maker) => (depths.get(maker) ?? Number.POSITIVE_INFINITY) <= depthOf(kernel));
  };
}

/** Whether a dense layer may take the results of a convolution, place by place: its numbers are so many for each channel. */
function flattening(kernels: readonly NamedKernel[]): (takes: number) => boolean {
  const makes = new Set(kernels.flatMap(({ shape }) => (shape[2] > 1 ? [shape[3]] : [])));
  return (takes) => [...makes].some((channels) => takes % channels === 0);
}
