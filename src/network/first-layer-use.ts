import {
  type ActivitySettings,
  foldingFactors,
  inactiveFilters,
  judgeActivity,
  measureActivity,
} from '../craft/activity.ts';
import { type Consumer, channelUse } from '../craft/contribution.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import { type Architecture, firstKernelShape, firstLayerConsumers } from './architecture.ts';
import { FIRST_NORM } from './first-layer.ts';
import type { NetworkState } from './network-state.ts';
import { KERNEL_NAME } from './parameters.ts';

/** The first-layer filters that a network has lost, and how many its next layer takes next to nothing of. */
export interface FirstLayerUse {
  readonly filters: number;
  /** Their numbers, rising. */
  readonly inactive: readonly number[];
  /** By the weight that the next layer gives to each, whether it is inactive or not. */
  readonly unused: number;
}

/** Counts the first layer of a saved network; undefined where a tensor is not there, or has another shape. */
export function firstLayerUse(
  state: NetworkState,
  architecture: Architecture,
  settings: ActivitySettings,
): FirstLayerUse | undefined {
  const shape = firstKernelShape(architecture);
  const filters = shape[3];
  const kernel = state.get(KERNEL_NAME);
  const gamma = state.get(`${FIRST_NORM}.weight`);
  const variance = state.get(`${FIRST_NORM}.running_var`);
  if (kernel === undefined || gamma?.values.length !== filters || variance === undefined) return undefined;
  if (kernel.shape.join() !== shape.join()) return undefined;
  const consumers: Consumer[] = [];
  for (const name of firstLayerConsumers(architecture)) {
    const consumer = state.get(name);
    const kernelShape = consumer && fourOf(consumer.shape);
    if (consumer === undefined || kernelShape?.[2] !== filters) return undefined;
    consumers.push({ kernel: consumer.values, shape: kernelShape });
  }
  const batchNorm = { gamma: gamma.values, movingVariance: variance.values, epsilon: architecture.epsilon };
  const activity = measureActivity(kernel.values, shape, foldingFactors(filters, batchNorm));
  return {
    filters,
    inactive: inactiveFilters(judgeActivity(activity, settings).inactive),
    unused: channelUse(gamma.values, consumers).unused.reduce((sum, flag) => sum + flag, 0),
  };
}

function fourOf(shape: readonly number[]): KernelShape | undefined {
  const [height, width, channels, filters] = shape;
  if (height === undefined || width === undefined || channels === undefined || filters === undefined) return undefined;
  return shape.length === 4 ? [height, width, channels, filters] : undefined;
}
