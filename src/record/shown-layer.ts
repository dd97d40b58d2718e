import { median } from '../config/average.ts';
import { activeFilters, filterStates, type FilterState as LivingState } from '../craft/activity.ts';
import type { ArmName } from './arm.ts';
import type { LayerView } from './arm-record.ts';
import type { MeasuredRun } from './measured-run.ts';

/** How a filter looks: `data-state` of its tile. */
export type FilterState = LivingState | 'reactivated';

/** Everything a wall and its hover card show of one arm at a step. */
export interface ShownLayer {
  readonly view: LayerView;
  readonly states: readonly FilterState[];
  /** Filters of which the next layer takes next to nothing, most inactive ones among them; empty where that is not known. */
  readonly unused: ReadonlySet<number>;
  /** 1 = strongest. */
  readonly ranks: readonly number[];
  /** Median norm of the active filters: from here on a filter is strong. */
  readonly strongNorm: number;
}

/** A weak filter keeps this much contrast even when it is about to fade. */
const LEAST_CONTRAST = 0.45;

/**
 * The first layer of an arm at `step` (the newest without one) with the state of each filter. Strong: norm at or above
 * the median of the active ones. Re-activated: active, and a check brought it back within the run's `freshSteps`.
 */
export function shownLayer(run: MeasuredRun, arm: ArmName, step?: number): ShownLayer | undefined {
  const record = run.arms[arm];
  const view = record?.layerAt(step);
  if (record === undefined || view === undefined) return undefined;
  const { norms, inactive } = view;
  const at = step ?? run.step;
  const states = filterStates(norms, inactive).map((state, filter): FilterState => {
    const { last } = record.reactivationsOf(filter, at);
    return state !== 'inactive' && last >= 0 && at - last <= run.freshSteps ? 'reactivated' : state;
  });
  const unused = new Set(
    [...(view.use?.unused.entries() ?? [])].flatMap(([filter, flag]) => (flag === 1 ? [filter] : [])),
  );
  const active = activeFilters(inactive).map((filter) => norms[filter] ?? 0);
  const strongNorm = active.length === 0 ? Number.POSITIVE_INFINITY : median(active);
  return { view, states, unused, ranks: ranksOf(norms), strongNorm };
}

function ranksOf(norms: Float32Array): readonly number[] {
  const order = strongestFirst(norms);
  const ranks: number[] = Array.from(norms, () => 0);
  order.forEach((filter, place) => {
    ranks[filter] = place + 1;
  });
  return ranks;
}

/** Filters by falling norm; equal ones in the order of their number. */
export function strongestFirst(norms: Float32Array): readonly number[] {
  return Array.from(norms.keys()).sort((a, b) => (norms[b] ?? 0) - (norms[a] ?? 0) || a - b);
}

/** How much contrast a weak filter is shown with, in steps of a tenth, so that a tile is drawn again only when it looks different. */
export function weakContrast(norm: number | undefined, strongNorm: number | undefined): number {
  if (norm === undefined || strongNorm === undefined || !Number.isFinite(strongNorm)) return 1;
  const share = Math.min(1, norm / strongNorm);
  return Math.round((LEAST_CONTRAST + (1 - LEAST_CONTRAST) * share) * 10) / 10;
}
