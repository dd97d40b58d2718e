import { type FilterActivity, foldingFactors, judgeActivity, measureActivity } from './activity.ts';
import type { Convolution } from './convolution.ts';
import type { KernelShape } from './filter-bank.ts';

/** When a filter is near zero, and when it is weak next to the others. */
export interface InspectionSettings {
  /** Near zero: largest |w| below this, in units of a weight. */
  readonly epsilon: number;
  /** Weak: norm below this share of the reference. */
  readonly rho: number;
  /**
   * `strong`: the median norm of the strongest quarter, as CRAFT judges. `largest`: the largest norm, as often quoted.
   */
  readonly reference: 'strong' | 'largest';
}

export const DEFAULT_INSPECTION: InspectionSettings = { epsilon: 0.01, rho: 0.05, reference: 'strong' };

/**
 * Near zero wins over weak: a filter of zeros is weak next to any other. `not-finite`: a weight, the bias or a number of the
 * batch norm is NaN or infinite, so that nothing can be said of the filter.
 */
export type InspectedState = 'near-zero' | 'weak' | 'active' | 'not-finite';

/** The filters of a layer, as they are or with the batch norm folded in. */
export interface InspectedView {
  /** L2 norm and largest |w| of each filter, [filters]. */
  readonly norms: Float32Array<ArrayBuffer>;
  readonly maxAbs: Float32Array<ArrayBuffer>;
  readonly states: readonly InspectedState[];
  /** Filters below each of the two thresholds, ascending; a filter may be in both lists. */
  readonly nearZero: readonly number[];
  readonly weak: readonly number[];
  /** Filters of which a weight, the bias or a number of the batch norm is not finite, ascending; they are in neither list. */
  readonly notFinite: readonly number[];
  /** A norm below this is weak: rho times the reference. */
  readonly weakBelow: number;
}

/** The findings in a layer. */
export interface LayerInspection {
  readonly name: string;
  readonly shape: KernelShape;
  /** The batch norm folded in, by its name; without one both views are the same. */
  readonly batchNorm?: string;
  /** An operation that scales the filters' results as well and is not folded in, by its name. */
  readonly unreadNorm?: string;
  readonly raw: InspectedView;
  readonly folded: InspectedView;
  /** Filters of which every weight is exactly zero, ascending. */
  readonly exactlyZero: readonly number[];
}

/** Share of inactive filters of a layer, 0 to 1. */
export interface LayerShare {
  readonly name: string;
  readonly shape: KernelShape;
  readonly nearZero: number;
  readonly weak: number;
  readonly notFinite: number;
}

/** Measures and judges the filters of a convolution. */
export function inspectLayer(
  convolution: Convolution,
  settings: InspectionSettings = DEFAULT_INSPECTION,
): LayerInspection {
  const { name, shape, kernel, batchNorm, unreadNorm, bias } = convolution;
  const activity = measureActivity(kernel, shape, foldingFactors(shape[3], batchNorm));
  const shifts = [bias, batchNorm?.centre?.beta, batchNorm?.centre?.movingMean, activity.norms, activity.foldedNorms];
  const notFinite = [...activity.norms.keys()].filter((filter) =>
    shifts.some((values) => values !== undefined && !Number.isFinite(values[filter])),
  );
  return {
    name,
    shape,
    ...(batchNorm === undefined ? {} : { batchNorm: batchNorm.name }),
    ...(unreadNorm === undefined ? {} : { unreadNorm }),
    raw: viewOf(activity.norms, activity.maxAbs, notFinite, settings),
    folded: viewOf(activity.foldedNorms, activity.foldedMaxAbs, notFinite, settings),
    exactlyZero: indicesOf(activity.maxAbs, (value) => value === 0),
  };
}

/** The share of inactive filters of a layer, as it is or with the batch norm folded in. */
export function shareOf({ name, shape, ...views }: LayerInspection, view: 'raw' | 'folded'): LayerShare {
  const { nearZero, weak, notFinite } = views[view];
  const share = (filters: readonly number[]) => filters.length / shape[3];
  return { name, shape, nearZero: share(nearZero), weak: share(weak), notFinite: share(notFinite) };
}

function viewOf(
  norms: FilterActivity['norms'],
  maxAbs: FilterActivity['maxAbs'],
  notFinite: readonly number[],
  settings: InspectionSettings,
): InspectedView {
  const { epsilon, rho } = settings;
  // A filter of NaN must not set the reference for the others.
  const known = norms.filter((norm) => Number.isFinite(norm));
  const unfolded = { norms: known, maxAbs: known, foldedNorms: known, foldedMaxAbs: known };
  const judged = judgeActivity(unfolded, { criterion: 'relativeNorm', epsilon, rho });
  const largest = known.reduce((max, norm) => Math.max(max, norm), 0);
  const weakBelow = known.length === 0 ? 0 : settings.reference === 'strong' ? judged.threshold : rho * largest;
  const broken = new Set(notFinite);
  const finite = (filter: number) => !broken.has(filter);
  const nearZero = indicesOf(maxAbs, (value) => value < epsilon || value === 0).filter(finite);
  const weak = indicesOf(norms, (value) => value < weakBelow || value === 0).filter(finite);
  const states = Array.from(norms, (): InspectedState => 'active');
  for (const filter of weak) states[filter] = 'weak';
  for (const filter of nearZero) states[filter] = 'near-zero';
  for (const filter of notFinite) states[filter] = 'not-finite';
  return { norms, maxAbs, states, nearZero, weak, notFinite, weakBelow };
}

function indicesOf(values: Float32Array, holds: (value: number) => boolean): readonly number[] {
  return [...values.keys()].filter((index) => holds(values[index] ?? 0));
}
