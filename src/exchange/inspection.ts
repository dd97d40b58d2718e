import { type FilterActivity, foldingFactors, judgeActivity, measureActivity } from '../craft/activity.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import type { Convolution, ModelTensors } from './import/model-tensors.ts';

/** When a filter is near zero, and when it is weak next to the others. */
export interface InspectionSettings {
  /** Near zero: largest |w| below this, in units of a weight. */
  readonly epsilon: number;
  /** Weak: norm below this share of the reference. */
  readonly rho: number;
  /** `strong`: the median norm of the strongest quarter, as CRAFT judges. `largest`: the largest norm, as often quoted. */
  readonly reference: 'strong' | 'largest';
}

export const DEFAULT_INSPECTION: InspectionSettings = { epsilon: 0.01, rho: 0.05, reference: 'strong' };

/** Near zero wins over weak: a filter of zeros is weak next to any other. */
export type InspectedState = 'near-zero' | 'weak' | 'active';

/** The filters of a layer, as they are or with the batch norm folded in. */
export interface InspectedView {
  /** L2 norm and largest |w| of each filter, [filters]. */
  readonly norms: Float32Array<ArrayBuffer>;
  readonly maxAbs: Float32Array<ArrayBuffer>;
  readonly states: readonly InspectedState[];
  /** Filters below each of the two thresholds, ascending; a filter may be in both lists. */
  readonly nearZero: readonly number[];
  readonly weak: readonly number[];
  /** A norm below this is weak: rho times the reference. */
  readonly weakBelow: number;
}

/** What was found in a layer. */
export interface LayerInspection {
  readonly name: string;
  readonly shape: KernelShape;
  /** The batch norm folded in, by its name; without one both views are the same. */
  readonly batchNorm?: string;
  readonly raw: InspectedView;
  readonly folded: InspectedView;
  /** Filters of which every weight is exactly zero, ascending. */
  readonly exactlyZero: readonly number[];
  /** Filters with a weight that is no finite number. */
  readonly notFinite: readonly number[];
}

/** Share of inactive filters of a layer, 0 to 1. */
export interface LayerShare {
  readonly name: string;
  readonly shape: KernelShape;
  readonly nearZero: number;
  readonly weak: number;
}

/** Measures and judges the filters of a convolution. */
export function inspectLayer(
  convolution: Convolution,
  settings: InspectionSettings = DEFAULT_INSPECTION,
): LayerInspection {
  const { name, shape, kernel, batchNorm } = convolution;
  const activity = measureActivity(kernel, shape, foldingFactors(shape[3], batchNorm));
  return {
    name,
    shape,
    ...(batchNorm === undefined ? {} : { batchNorm: batchNorm.name }),
    raw: viewOf(activity.norms, activity.maxAbs, settings),
    folded: viewOf(activity.foldedNorms, activity.foldedMaxAbs, settings),
    exactlyZero: indicesOf(activity.maxAbs, (value) => value === 0),
    notFinite: indicesOf(activity.norms, (value) => !Number.isFinite(value)),
  };
}

/** The share of inactive filters by depth, raw or folded. */
export function sharesByLayer(
  model: ModelTensors,
  settings: InspectionSettings = DEFAULT_INSPECTION,
  view: 'raw' | 'folded' = 'raw',
): readonly LayerShare[] {
  return model.convolutions.map((convolution) => {
    const layer = inspectLayer(convolution, settings);
    const count = layer.shape[3];
    return {
      name: layer.name,
      shape: layer.shape,
      nearZero: layer[view].nearZero.length / count,
      weak: layer[view].weak.length / count,
    };
  });
}

function viewOf(
  norms: FilterActivity['norms'],
  maxAbs: FilterActivity['maxAbs'],
  settings: InspectionSettings,
): InspectedView {
  const { epsilon, rho } = settings;
  const unfolded = { norms, maxAbs, foldedNorms: norms, foldedMaxAbs: maxAbs };
  const judged = judgeActivity(unfolded, { criterion: 'relativeNorm', epsilon, rho });
  const largest = norms.reduce((max, norm) => Math.max(max, norm), 0);
  const weakBelow = settings.reference === 'strong' ? judged.threshold : rho * largest;
  const nearZero = indicesOf(maxAbs, (value) => value < epsilon || value === 0);
  const weak = indicesOf(norms, (value) => value < weakBelow || value === 0);
  const states = Array.from(norms, (): InspectedState => 'active');
  for (const filter of weak) states[filter] = 'weak';
  for (const filter of nearZero) states[filter] = 'near-zero';
  return { norms, maxAbs, states, nearZero, weak, weakBelow };
}

function indicesOf(values: Float32Array, holds: (value: number) => boolean): readonly number[] {
  return [...values.keys()].filter((index) => holds(values[index] ?? 0));
}
