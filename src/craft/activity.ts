import { median } from '../config/average.ts';
import { filterAt, type KernelShape, length } from './filter-bank.ts';

/** How a filter's activity is judged; the names are those of the run's settings. */
export const CRITERIA = ['maxAbs', 'relativeNorm', 'foldedMaxAbs', 'foldedRelativeNorm'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** The part of a run's settings that decides which filters are inactive. */
export interface ActivitySettings {
  readonly criterion: Criterion;
  /** Threshold of `maxAbs` and `foldedMaxAbs`, in units of a weight. */
  readonly epsilon: number;
  /** Threshold of `relativeNorm` and `foldedRelativeNorm`, a share of the strong filters' norm. */
  readonly rho: number;
}

/** The batch norm that follows the first convolution, as far as folding it in needs it; arrays are [filters]. */
export interface FoldedBatchNorm {
  readonly gamma: ArrayLike<number>;
  readonly movingVariance: ArrayLike<number>;
  readonly epsilon: number;
}

/** The measures of every filter; arrays are [filters]. */
export interface FilterActivity {
  /** Largest |w|. */
  readonly maxAbs: Float32Array<ArrayBuffer>;
  /** L2 norm. */
  readonly norms: Float32Array<ArrayBuffer>;
  /**
   * Largest |w| with batch norm folded in: |gamma| / sqrt(var + eps) * maxAbs. Equal to `maxAbs` without batch norm.
   */
  readonly foldedMaxAbs: Float32Array<ArrayBuffer>;
  /** Effective norm, |gamma| / sqrt(var + eps) * norm. Equal to `norms` without batch norm. */
  readonly foldedNorms: Float32Array<ArrayBuffer>;
}

/** Which filters are inactive by a criterion. */
export interface ActivityJudgement {
  /** [filters], 1 where the filter is inactive. */
  readonly inactive: Uint8Array<ArrayBuffer>;
  /** [filters], the measure the criterion looks at. */
  readonly values: Float32Array<ArrayBuffer>;
  /** A filter is inactive while its value is below this. */
  readonly threshold: number;
}

/** The state that a filter's tile shows. */
export type FilterState = 'strong' | 'weak' | 'inactive';

/** The factor by which folding the batch norm in scales each filter, [filters]: |gamma| / sqrt(var + eps). */
export function foldingFactors(filters: number, batchNorm?: FoldedBatchNorm): Float64Array {
  return Float64Array.from({ length: filters }, (_, f) =>
    batchNorm === undefined
      ? 1
      : Math.abs(batchNorm.gamma[f] ?? 0) / Math.sqrt((batchNorm.movingVariance[f] ?? 0) + batchNorm.epsilon),
  );
}

/** Measures every filter of an HWIO kernel. `fold` is [filters], from `foldingFactors`. */
export function measureActivity(kernel: Float32Array, shape: KernelShape, fold: ArrayLike<number>): FilterActivity {
  const filters = shape[3];
  const activity: FilterActivity = {
    maxAbs: new Float32Array(filters),
    norms: new Float32Array(filters),
    foldedMaxAbs: new Float32Array(filters),
    foldedNorms: new Float32Array(filters),
  };
  for (let f = 0; f < filters; f++) {
    const weights = filterAt(kernel, filters, f);
    const largest = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
    const norm = length(weights);
    const factor = fold[f] ?? 0;
    activity.maxAbs[f] = largest;
    activity.norms[f] = norm;
    activity.foldedMaxAbs[f] = factor * largest;
    activity.foldedNorms[f] = factor * norm;
  }
  return activity;
}

/**
 * Judges every filter by the criterion at this moment alone (no hysteresis).
 * A filter whose measure is exactly zero is inactive at any threshold: in a bank that is all zero the relative
 * threshold is zero too, and nothing is below it.
 */
export function judgeActivity(activity: FilterActivity, settings: ActivitySettings): ActivityJudgement {
  const values = measureOf(activity, settings.criterion);
  const threshold = isRelative(settings.criterion) ? settings.rho * topQuarterMedian(values) : settings.epsilon;
  return {
    inactive: Uint8Array.from(values, (value) => (value < threshold || value === 0 ? 1 : 0)),
    values,
    threshold,
  };
}

/** Share of the filters that are inactive, 0 to 1. */
export function inactiveShare(inactive: Uint8Array): number {
  return inactive.reduce((count, flag) => count + flag, 0) / inactive.length;
}

/** Indices of the filters that are not inactive, ascending. */
export function activeFilters(inactive: Uint8Array | Float32Array): readonly number[] {
  return [...inactive.keys()].filter((f) => inactive[f] === 0);
}

/** Indices of the inactive filters, ascending. */
export function inactiveFilters(inactive: Uint8Array): readonly number[] {
  return [...inactive.keys()].filter((f) => inactive[f] !== 0);
}

/** The state of every filter's tile: a strong filter has at least the median norm of the active ones. */
export function filterStates(norms: ArrayLike<number>, inactive: Uint8Array | Float32Array): readonly FilterState[] {
  const middle = median(activeFilters(inactive).map((f) => norms[f] ?? 0));
  return Array.from(inactive, (flag, f) => {
    if (flag !== 0) return 'inactive';
    return (norms[f] ?? 0) >= middle ? 'strong' : 'weak';
  });
}

/** Whether a criterion compares a filter with the strong ones, and not with a fixed number. */
export function isRelative(criterion: Criterion): boolean {
  return criterion === 'relativeNorm' || criterion === 'foldedRelativeNorm';
}

/** Median of the top quarter (of all filters, rounded up); relative thresholds are shares of it. */
export function topQuarterMedian(values: Float32Array): number {
  const quarter = Math.ceil(values.length / 4);
  return median(values.toSorted().subarray(values.length - quarter));
}

function measureOf(activity: FilterActivity, criterion: Criterion): Float32Array<ArrayBuffer> {
  switch (criterion) {
    case 'maxAbs':
      return activity.maxAbs;
    case 'relativeNorm':
      return activity.norms;
    case 'foldedMaxAbs':
      return activity.foldedMaxAbs;
    case 'foldedRelativeNorm':
      return activity.foldedNorms;
  }
}
