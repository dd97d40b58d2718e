import { randomNormal, randomUniform } from 'd3-random';
import { stream } from '../config/random.ts';
import type { Architecture, PlainBlock, ResidualBlock } from './architecture.ts';

/**
 * The purpose of a tensor of the network. `trained`: changed by the optimiser. `frozen`: a constant that PyTorch's
 * state dict also holds. `statistic`: moved by the forward pass.
 */
export type ParameterRole = 'trained' | 'frozen' | 'statistic';

type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number };

/** A tensor of the network by its name, which is PyTorch's way of naming ("body.0.bn.running_mean"). */
export interface ParameterSpec {
  readonly name: string;
  /** Convolutions [k, k, in, out]; dense layers and class centres [out, in]; all else [channels]. */
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** False for the class centres: InsightFace clips the backbone's gradient only. */
  readonly backbone: boolean;
  /** Whether it is the scale or shift of a batch norm. */
  readonly batchNorm: boolean;
  readonly initial: Initial;
}

export const KERNEL_NAME = 'stem.conv.weight';
export const EMBEDDING_NAME = 'embedding.weight';
export const EMBEDDING_NORM = 'embedding.bn';
export const TAIL_NORM = 'tail.bn';
export const CENTRES_NAME = 'head.weight';

/** Every tensor of the network, in forward order. */
export function parametersOf(architecture: Architecture): readonly ParameterSpec[] {
  const { stem, body, tail, features, embeddingSize, classes } = architecture;
  const channels = body[body.length - 1]?.outputs ?? stem.outputs;
  return [
    ...plainParameters(stem),
    ...body.flatMap((block) => (block.kind === 'plain' ? plainParameters(block) : residualParameters(block))),
    ...(tail ? batchNorm(TAIL_NORM, channels) : []),
    // PyTorch's default for a dense layer, which InsightFace leaves as it is.
    trained(EMBEDDING_NAME, [embeddingSize, features], { kind: 'uniform', bound: 1 / Math.sqrt(features) }),
    // InsightFace freezes this scale at 1.
    ...batchNorm(EMBEDDING_NORM, embeddingSize, 'frozen'),
    { ...trained(CENTRES_NAME, [classes, embeddingSize], { kind: 'normal', deviation: 0.01 }), backbone: false },
  ];
}

/** How many numbers the optimiser changes. */
export function parameterCount(parameters: readonly ParameterSpec[]): number {
  return parameters.filter(({ role }) => role === 'trained').reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** The values a parameter starts with: the same for the same seed and name, in any network. */
export function initialValues(spec: ParameterSpec, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(sizeOf(spec.shape));
  const { initial } = spec;
  if (initial.kind === 'constant') return values.fill(initial.value);
  const uniform = stream(seed, 'weights', spec.name);
  const draw =
    initial.kind === 'normal'
      ? randomNormal.source(uniform)(0, initial.deviation)
      : randomUniform.source(uniform)(-initial.bound, initial.bound);
  for (let index = 0; index < values.length; index++) values[index] = draw();
  return values;
}

/** Numbers in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function trained(name: string, shape: readonly number[], initial: Initial): ParameterSpec {
  return { name, shape, role: 'trained', backbone: true, batchNorm: false, initial };
}

function constant(name: string, channels: number, value: number, role: ParameterRole = 'trained'): ParameterSpec {
  return { name, shape: [channels], role, backbone: true, batchNorm: false, initial: { kind: 'constant', value } };
}

function batchNorm(name: string, channels: number, scale: ParameterRole = 'trained'): ParameterSpec[] {
  return [
    { ...constant(`${name}.weight`, channels, 1, scale), batchNorm: true },
    { ...constant(`${name}.bias`, channels, 0), batchNorm: true },
    constant(`${name}.running_mean`, channels, 0, 'statistic'),
    constant(`${name}.running_var`, channels, 1, 'statistic'),
  ];
}

function convolution(name: string, size: number, inputs: number, outputs: number): ParameterSpec {
  // InsightFace's N(0, 0.1), for any fan.
  return trained(`${name}.weight`, [size, size, inputs, outputs], { kind: 'normal', deviation: 0.1 });
}

function plainParameters({ name, kernelSize, inputs, outputs }: PlainBlock): ParameterSpec[] {
  return [
    convolution(`${name}.conv`, kernelSize, inputs, outputs),
    ...batchNorm(`${name}.bn`, outputs),
    constant(`${name}.prelu.weight`, outputs, 0.25),
  ];
}

function residualParameters({ name, inputs, outputs, projected }: ResidualBlock): ParameterSpec[] {
  return [
    ...batchNorm(`${name}.bn1`, inputs),
    convolution(`${name}.conv1`, 3, inputs, outputs),
    ...batchNorm(`${name}.bn2`, outputs),
    constant(`${name}.prelu.weight`, outputs, 0.25),
    convolution(`${name}.conv2`, 3, outputs, outputs),
    ...batchNorm(`${name}.bn3`, outputs),
    ...(projected
      ? [convolution(`${name}.downsample.0`, 1, inputs, outputs), ...batchNorm(`${name}.downsample.1`, outputs)]
      : []),
  ];
}
