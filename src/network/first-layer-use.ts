import {
  type ActivitySettings,
  type FilterActivity,
  foldingFactors,
  inactiveFilters,
  inactiveShare,
  judgeActivity,
  measureActivity,
} from '../craft/activity.ts';
import { type Consumer, channelUse, judgeUse } from '../craft/contribution.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import { type Channels, channelsOf } from '../craft/response.ts';
import { type Architecture, firstKernelShape, firstLayerConsumers } from './architecture.ts';
import { FIRST_NORM, FIRST_SLOPE } from './first-layer.ts';
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

/** The first layer as it is measured; arrays are [filters]. */
export interface MeasuredFirstLayer {
  readonly activity: FilterActivity;
  /** As `channelUse` has them. */
  readonly contributions: Float32Array<ArrayBuffer>;
  /** [k, k, channels, filters], where asked for. */
  readonly kernel?: Float32Array<ArrayBuffer>;
  /** [3, filters], with the kernel: the layers behind it in each channel. */
  readonly channels?: Channels;
}

/** Measures the first layer of a saved network; undefined where a tensor is not there, or has another shape. */
export function measureFirstLayer(state: NetworkState, architecture: Architecture): MeasuredFirstLayer | undefined {
  const shape = firstKernelShape(architecture);
  const filters = shape[3];
  const { epsilon } = architecture;
  const kernel = state.get(KERNEL_NAME);
  const part = (name: string) => state.get(`${FIRST_NORM}.${name}`)?.values ?? new Float32Array(0);
  const [gamma, beta] = [part('weight'), part('bias')];
  const [movingMean, movingVariance] = [part('running_mean'), part('running_var')];
  if (kernel === undefined || gamma.length !== filters || movingVariance.length !== filters) return undefined;
  if (kernel.shape.join() !== shape.join()) return undefined;
  const consumers: Consumer[] = [];
  for (const name of firstLayerConsumers(architecture)) {
    const consumer = state.get(name);
    const kernelShape = consumer && fourOf(consumer.shape);
    if (consumer === undefined || kernelShape?.[2] !== filters) return undefined;
    consumers.push({ kernel: consumer.values, shape: kernelShape });
  }
  const slope = state.get(FIRST_SLOPE)?.values ?? new Float32Array(0);
  return {
    activity: measureActivity(kernel.values, shape, foldingFactors(filters, { gamma, movingVariance, epsilon })),
    contributions: channelUse(gamma, consumers).contributions,
    kernel: kernel.values,
    channels: channelsOf({ gamma, beta, movingMean, movingVariance, slope }, epsilon),
  };
}

/** The first layer judged by the run's criterion, by the scale-free one, and by its use in the next layer. */
export function filterReport(
  { activity, contributions, kernel, channels }: MeasuredFirstLayer,
  settings: ActivitySettings,
) {
  const { inactive } = judgeActivity(activity, settings);
  const relative = judgeActivity(activity, { ...settings, criterion: 'relativeNorm' });
  return {
    norms: activity.norms,
    maxAbs: activity.maxAbs,
    foldedNorms: activity.foldedNorms,
    inactive,
    inactiveShare: inactiveShare(inactive),
    relativeInactiveShare: inactiveShare(relative.inactive),
    contributions,
    unusedShare: inactiveShare(judgeUse(contributions).unused),
    ...(kernel === undefined || channels === undefined ? {} : { kernel, channels }),
  };
}

/** Counts the first layer of a saved network; undefined where a tensor is not there, or has another shape. */
export function firstLayerUse(
  state: NetworkState,
  architecture: Architecture,
  settings: ActivitySettings,
): FirstLayerUse | undefined {
  const measured = measureFirstLayer(state, architecture);
  if (measured === undefined) return undefined;
  return {
    filters: measured.contributions.length,
    inactive: inactiveFilters(judgeActivity(measured.activity, settings).inactive),
    unused: inactiveFilters(judgeUse(measured.contributions).unused).length,
  };
}

function fourOf(shape: readonly number[]): KernelShape | undefined {
  const [height, width, channels, filters] = shape;
  if (height === undefined || width === undefined || channels === undefined || filters === undefined) return undefined;
  return shape.length === 4 ? [height, width, channels, filters] : undefined;
}
