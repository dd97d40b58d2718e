import { mean } from '../config/average.ts';

/** The settings of a run that reset other state together with a re-activated filter. */
export interface ResetSettings {
  readonly resetOptimizer: boolean;
  readonly resetScale: boolean;
  readonly resetShift: boolean;
  readonly resetStatistics: boolean;
}

/** The batch norm after the first convolution; arrays are [filters]. */
export interface FirstBatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

/**
 * The batch norm with the channels of re-activated filters reset: scale to the mean |gamma| of the active channels,
 * shift to 0, moving mean to 0 and moving variance to the mean over the active channels. `filters` and `active` are
 * those of the `Reactivation`. All other channels stay bit for bit; nothing is changed in place.
 *
 * Under weight decay the scale of a dying channel decays with its filter (gammas of dead filters are below 1e-4), and
 * with a scale of zero no gradient reaches the new filter.
 */
export function resetBatchNorm(
  batchNorm: FirstBatchNorm,
  filters: readonly number[],
  active: readonly number[],
  settings: Omit<ResetSettings, 'resetOptimizer'>,
): { readonly [Part in keyof FirstBatchNorm]: Float32Array<ArrayBuffer> } {
  const { gamma, beta, movingMean, movingVariance } = batchNorm;
  const scale = mean(active.map((f) => Math.abs(gamma[f] ?? 0)));
  const variance = mean(active.map((f) => movingVariance[f] ?? 0));
  const reset = (values: Float32Array, on: boolean, value: number) =>
    resetChannels(values, values.length, on ? filters : [], value);
  return {
    gamma: reset(gamma, settings.resetScale, scale),
    beta: reset(beta, settings.resetShift, 0),
    movingMean: reset(movingMean, settings.resetStatistics, 0),
    movingVariance: reset(movingVariance, settings.resetStatistics, variance),
  };
}

/**
 * An optimiser slot with the share of re-activated filters at zero, where the settings ask for it. Serves every slot
 * whose last axis is the filters: momentum of the kernel [k, k, channels, filters] and of the batch norm [filters].
 */
export function resetSlot(
  slot: Float32Array,
  channels: number,
  filters: readonly number[],
  settings: Pick<ResetSettings, 'resetOptimizer'>,
): Float32Array<ArrayBuffer> {
  return resetChannels(slot, channels, settings.resetOptimizer ? filters : [], 0);
}

/** A copy of an array whose last axis has `channels` entries, with all values of the chosen channels set to `value`. */
function resetChannels(
  values: Float32Array,
  channels: number,
  chosen: readonly number[],
  value: number,
): Float32Array<ArrayBuffer> {
  const copy = new Float32Array(values);
  for (const channel of chosen) {
    for (let i = channel; i < copy.length; i += channels) copy[i] = value;
  }
  return copy;
}
