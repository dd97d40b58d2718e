import { mean, median } from '../config/average.ts';
import {
  type ActivitySettings,
  activeFilters,
  type FoldedBatchNorm,
  foldingFactors,
  inactiveFilters,
  isRelative,
  judgeActivity,
  measureActivity,
} from './activity.ts';
import { filterAt, gatherFilters, type KernelShape, length, setFilter } from './filter-bank.ts';
import {
  drawFilter,
  matchesNorm,
  normalFrom,
  type Strategy,
  type Uniform,
  usesDonors,
  type Weights,
} from './strategies.ts';

/** The part of a run's settings that re-activation reads. */
export interface ReactivationSettings extends ActivitySettings {
  readonly strategy: Strategy;
  /** Share of the active filters, the strongest by norm, that make the strong set. */
  readonly strongShare: number;
}

/** The findings and the changes of one check of the first layer. */
export interface Reactivation {
  /** The kernel after the check, a new array; untouched filters keep every bit. */
  readonly kernel: Float32Array<ArrayBuffer>;
  /** The re-initialised filters, ascending; empty where none was inactive or `skipped` says why not. */
  readonly filters: readonly number[];
  readonly skipped?: 'too-few-active';
  /** Filters found inactive: the same as `filters` unless the check was skipped. */
  readonly inactive: readonly number[];
  /** Filters found active, ascending; the channel resets average over them. */
  readonly active: readonly number[];
  /** The strong filters the new weights were drawn from; empty for `orthogonal` and `random`. */
  readonly donors: readonly number[];
  /** The criterion's value of each re-initialised filter, before. */
  readonly values: readonly number[];
  /** Kernels of the re-initialised filters, [k, k, channels, filters.length]. */
  readonly before: Float32Array<ArrayBuffer>;
  readonly after: Float32Array<ArrayBuffer>;
  /** Those of `filters` whose drawn weights were scaled so that the criterion calls nothing inactive. */
  readonly rescaled: readonly number[];
}

/** A filter with the weights it is to get. */
interface Newcomer {
  readonly filter: number;
  readonly weights: Weights;
}

/**
 * The strong set: of the active filters, the top `share` by norm, at least 2, strongest first (the lower index first
 * among equals). Fewer than 2 active filters have no strong set: it is empty.
 */
export function strongSet(norms: ArrayLike<number>, active: readonly number[], share: number): readonly number[] {
  if (active.length < 2) return [];
  const size = Math.min(active.length, Math.max(2, Math.round(share * active.length)));
  return active.toSorted((a, b) => (norms[b] ?? 0) - (norms[a] ?? 0) || a - b).slice(0, size);
}

/**
 * One check: finds the inactive filters of an HWIO kernel and draws new weights for them from the strong ones.
 *
 * Afterwards no filter of the bank is inactive under the same criterion. A draw that lands below it is scaled up to
 * just above it (`gaussian` may, and a norm-matched 7 × 7 filter can have small weights only). Under the relative
 * criteria strong newcomers can also raise the bar above a weak filter that was active; then they are scaled down until
 * it passes. `rescaled` names both. (At rho > 0.99 the two demands meet and rounding may decide.)
 *
 * Under the folded criteria new filters are judged with the batch norm that a full reset gives their channels. With
 * `resetScale` or `resetStatistics` switched off they may therefore be inactive again immediately: that is why those
 * switches are there to show.
 *
 * Draws no random numbers where nothing is inactive.
 */
export function reactivate(
  kernel: Float32Array,
  shape: KernelShape,
  settings: ReactivationSettings,
  uniform: Uniform,
  batchNorm?: FoldedBatchNorm,
): Reactivation {
  const count = shape[3];
  const fold = foldingFactors(count, batchNorm);
  const activity = measureActivity(kernel, shape, fold);
  const judged = judgeActivity(activity, settings);
  const active = activeFilters(judged.inactive);
  const inactive = inactiveFilters(judged.inactive);
  const strong = strongSet(activity.norms, active, settings.strongShare);
  if (inactive.length === 0 || strong.length === 0) {
    return {
      kernel: new Float32Array(kernel),
      filters: [],
      ...(inactive.length > 0 ? { skipped: 'too-few-active' as const } : {}),
      inactive,
      active,
      donors: [],
      values: [],
      before: new Float32Array(0),
      after: new Float32Array(0),
      rescaled: [],
    };
  }

  const newcomers = drawNewcomers(kernel, count, inactive, active, strong, settings, uniform);
  const resetFold = resetFoldingFactor(active, batchNorm);
  const foldAfter = fold.map((factor, f) => (judged.inactive[f] === 0 ? factor : resetFold));
  const weakest = Math.min(...active.map((f) => judged.values[f] ?? 0));
  const fitted = fitToCriterion(kernel, shape, newcomers, foldAfter, weakest, settings);
  return {
    kernel: fitted.kernel,
    filters: inactive,
    inactive,
    active,
    donors: usesDonors(settings.strategy) ? strong : [],
    values: inactive.map((f) => judged.values[f] ?? 0),
    before: gatherFilters(kernel, count, inactive),
    after: gatherFilters(fitted.kernel, count, inactive),
    rescaled: fitted.rescaled,
  };
}

function drawNewcomers(
  kernel: Float32Array,
  count: number,
  inactive: readonly number[],
  active: readonly number[],
  strong: readonly number[],
  settings: ReactivationSettings,
  uniform: Uniform,
): readonly Newcomer[] {
  const normal = normalFrom(uniform);
  const strongWeights = strong.map((f) => filterAt(kernel, count, f));
  const activeWeights = active.map((f) => filterAt(kernel, count, f));
  const target = median(strongWeights.map(length));
  const drawn: Weights[] = [];
  return inactive.map((filter) => {
    const context = { strong: strongWeights, active: activeWeights, drawn };
    // Strong filters that cancel out exactly could give a draw without a direction; then chance has to give one.
    const draw = drawFilter(settings.strategy, context, normal);
    const usable = length(draw) > 1e-9 * target ? draw : drawFilter('random', context, normal);
    const weights = matchesNorm(settings.strategy) ? scaled(usable, target / length(usable)) : usable;
    drawn.push(weights);
    return { filter, weights };
  });
}

/** The factor on the filter of a newly reset channel: mean |gamma| and mean variance of the active channels. */
function resetFoldingFactor(active: readonly number[], batchNorm?: FoldedBatchNorm): number {
  if (batchNorm === undefined) return 1;
  const gamma = mean(active.map((f) => Math.abs(batchNorm.gamma[f] ?? 0)));
  const variance = mean(active.map((f) => batchNorm.movingVariance[f] ?? 0));
  return gamma / Math.sqrt(variance + batchNorm.epsilon);
}

interface Fitted {
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly rescaled: readonly number[];
  /** Whether the criterion calls no filter of the bank inactive. */
  readonly complete: boolean;
}

/** A filter is scaled to this much above the threshold, so that rounding to float32 cannot undo it. */
const CLEARANCE = 1.001;

/** Puts the newcomers into the bank, scaled as little as leaves no filter inactive. */
function fitToCriterion(
  kernel: Float32Array,
  shape: KernelShape,
  newcomers: readonly Newcomer[],
  fold: Float64Array,
  weakest: number,
  settings: ActivitySettings,
): Fitted {
  const caps = isRelative(settings.criterion) ? relativeCaps(weakest, settings.rho) : [Number.POSITIVE_INFINITY];
  let fitted: Fitted = { kernel: new Float32Array(kernel), rescaled: [], complete: false };
  for (const cap of caps) {
    if (!fitted.complete) fitted = fitBelow(cap, kernel, shape, newcomers, fold, settings);
  }
  return fitted;
}

/**
 * How large the newcomers' own measure may be under a relative criterion, to be tried in turn: anything; then half by
 * half from the bar that the weakest untouched filter still clears; then that filter's measure, which cannot raise the
 * bar.
 */
function relativeCaps(weakest: number, rho: number): readonly number[] {
  const caps = [Number.POSITIVE_INFINITY];
  for (let cap = weakest / rho / CLEARANCE; cap > weakest; cap /= 2) caps.push(cap);
  return [...caps, weakest];
}

function fitBelow(
  cap: number,
  kernel: Float32Array,
  shape: KernelShape,
  newcomers: readonly Newcomer[],
  fold: Float64Array,
  settings: ActivitySettings,
): Fitted {
  const count = shape[3];
  const bank = new Float32Array(kernel);
  for (const { filter, weights } of newcomers) setFilter(bank, count, filter, weights);
  const judge = () => judgeActivity(measureActivity(bank, shape, fold), settings);
  const rescaled = new Set<number>();
  const rescale = (newcomer: Newcomer, from: number, to: number) => {
    rescaled.add(newcomer.filter);
    setFilter(bank, count, newcomer.filter, scaled(filterAt(bank, count, newcomer.filter), to / from));
  };

  const drawn = judge();
  for (const newcomer of newcomers) {
    const value = drawn.values[newcomer.filter] ?? 0;
    if (value > cap) rescale(newcomer, value, cap);
  }
  // Lifting one filter can move the bar of a relative criterion for the next: a few rounds settle it.
  let judged = judge();
  for (let round = 0; round < 8 && judged.inactive.includes(1); round++) {
    for (const newcomer of newcomers) {
      const value = judged.values[newcomer.filter] ?? 0;
      if (value < judged.threshold && value > 0) rescale(newcomer, value, judged.threshold * CLEARANCE);
    }
    judged = judge();
  }
  return { kernel: bank, rescaled: [...rescaled].sort((a, b) => a - b), complete: !judged.inactive.includes(1) };
}

function scaled(weights: Weights, factor: number): Weights {
  return weights.map((weight) => weight * factor);
}
