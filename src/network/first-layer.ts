import { type Channels, channelsOf, type RespondingLayer } from '../craft/response.ts';
import { type Architecture, firstKernelShape } from './architecture.ts';
import { momentumName, type NetworkState, NetworkStateError } from './network-state.ts';
import { initialValues, KERNEL_NAME, parametersOf, sizeOf } from './parameters.ts';
import type { TensorStore } from './tensor-store.ts';

/** The first layer of a network, as a re-activation reads and writes it. Arrays are [filters] but for kernels. */
export interface FirstLayer {
  /** [k, k, channels, filters] */
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly gamma: Float32Array<ArrayBuffer>;
  readonly beta: Float32Array<ArrayBuffer>;
  readonly movingMean: Float32Array<ArrayBuffer>;
  readonly movingVariance: Float32Array<ArrayBuffer>;
  /** Of the PReLU; a re-activation leaves it as it is. */
  readonly slope: Float32Array<ArrayBuffer>;
  /** The optimiser's momentum of each. */
  readonly momentum: {
    readonly kernel: Float32Array<ArrayBuffer>;
    readonly gamma: Float32Array<ArrayBuffer>;
    readonly beta: Float32Array<ArrayBuffer>;
  };
}

/** The batch norm after the first convolution, and the PReLU after that. */
export const FIRST_NORM = 'stem.bn';
export const FIRST_SLOPE = 'stem.prelu.weight';

const NAMES = {
  kernel: KERNEL_NAME,
  gamma: `${FIRST_NORM}.weight`,
  beta: `${FIRST_NORM}.bias`,
  movingMean: `${FIRST_NORM}.running_mean`,
  movingVariance: `${FIRST_NORM}.running_var`,
} as const;

/** The first layer that a network of this seed starts from: its kernel, and the layers behind it in each channel. */
export function initialFirstLayer(
  architecture: Architecture,
  seed: number,
): { readonly kernel: Float32Array<ArrayBuffer>; readonly channels: Channels } {
  const values = new Map(
    parametersOf(architecture)
      .filter(({ name }) => name.startsWith('stem.'))
      .map((spec) => [spec.name, initialValues(spec, seed)] as const),
  );
  const of = (name: string) => values.get(name) ?? new Float32Array();
  const channels = channelsOf(
    {
      gamma: of(NAMES.gamma),
      beta: of(NAMES.beta),
      movingMean: of(NAMES.movingMean),
      movingVariance: of(NAMES.movingVariance),
      slope: of(FIRST_SLOPE),
    },
    architecture.epsilon,
  );
  return { kernel: of(NAMES.kernel), channels };
}

/** The first layer of a saved network, as its responses need it; undefined where a tensor is not there, or has another size. */
export function savedFirstLayer(state: NetworkState, architecture: Architecture): RespondingLayer | undefined {
  const shape = firstKernelShape(architecture);
  const of = (name: string) => state.get(name)?.values ?? new Float32Array();
  const parts = {
    gamma: of(NAMES.gamma),
    beta: of(NAMES.beta),
    movingMean: of(NAMES.movingMean),
    movingVariance: of(NAMES.movingVariance),
    slope: of(FIRST_SLOPE),
  };
  const kernel = of(NAMES.kernel);
  if (kernel.length !== sizeOf(shape)) return undefined;
  if (Object.values(parts).some(({ length }) => length !== shape[3])) return undefined;
  return { kernel, shape, channels: channelsOf(parts, architecture.epsilon) };
}

/** Copies the first layer out of a network's tensors. The device is asked once, for all of them together. */
export async function readFirstLayer(tensors: TensorStore): Promise<FirstLayer> {
  const parts = [NAMES.kernel, NAMES.gamma, NAMES.beta] as const;
  const values = await tensors.values([...Object.values(NAMES), FIRST_SLOPE, ...parts.map(momentumName)]);
  const of = (name: string) => values.get(name) ?? new Float32Array();
  return {
    kernel: of(NAMES.kernel),
    gamma: of(NAMES.gamma),
    beta: of(NAMES.beta),
    movingMean: of(NAMES.movingMean),
    movingVariance: of(NAMES.movingVariance),
    slope: of(FIRST_SLOPE),
    momentum: {
      kernel: of(momentumName(NAMES.kernel)),
      gamma: of(momentumName(NAMES.gamma)),
      beta: of(momentumName(NAMES.beta)),
    },
  };
}

/**
 * Copies a first layer but its slope into a network's tensors. Throws NetworkStateError, and changes nothing, where
 * sizes differ.
 */
export function writeFirstLayer(tensors: TensorStore, layer: Omit<FirstLayer, 'slope'>): void {
  const values = new Map<string, Float32Array>([
    [NAMES.kernel, layer.kernel],
    [NAMES.gamma, layer.gamma],
    [NAMES.beta, layer.beta],
    [NAMES.movingMean, layer.movingMean],
    [NAMES.movingVariance, layer.movingVariance],
    [momentumName(NAMES.kernel), layer.momentum.kernel],
    [momentumName(NAMES.gamma), layer.momentum.gamma],
    [momentumName(NAMES.beta), layer.momentum.beta],
  ]);
  for (const [name, array] of values) {
    const { size } = tensors.get(name);
    if (array.length !== size) throw new NetworkStateError(`"${name}" has ${size} numbers, not ${array.length}.`);
  }
  for (const [name, array] of values) tensors.putValues(name, tensors.get(name).shape, array);
}
