import { median } from '../config/average.ts';
import type { KernelShape } from '../craft/filter-bank.ts';
import { novelty } from '../craft/novelty.ts';
import type { MeasuredRun } from './measured-run.ts';

/** The first layer of an arm at a step. */
export interface FirstLayer {
  readonly step: number;
  /** [k, k, channels, filters], copied. */
  readonly kernel: Float32Array;
  readonly shape: KernelShape;
  /** [filters], 1 where inactive. */
  readonly inactive: Uint8Array;
}

/** How new a bank's active filters are to another bank; shares 0 to 1. */
export interface NoveltyFigures {
  readonly median: number;
  /** Of each active filter, with its number. */
  readonly filters: readonly { readonly filter: number; readonly novelty: number }[];
}

/**
 * The first layer as last read at or before `step`: kernels are read less often than norms, so the flags are those of the
 * kernel's own step. Undefined before the first kernel.
 */
export function firstLayer(run: MeasuredRun, arm: string, step?: number): FirstLayer | undefined {
  const record = run.arms[arm];
  const read = record?.layerAt(step)?.kernelStep ?? -1;
  const view = read < 0 ? undefined : record?.layerAt(read);
  const shape = record?.kernelShape;
  if (view?.kernel === undefined || shape === undefined) return undefined;
  return { step: read, kernel: view.kernel.slice(), shape, inactive: Uint8Array.from(view.inactive) };
}

/** Filters of the run's re-activated arm that were re-activated up to `step`, each once, rising. */
export function reactivatedFilters(run: MeasuredRun, step = Number.POSITIVE_INFINITY): readonly number[] {
  const found = new Set<number>();
  for (const event of run.events) {
    if (event.type === 'reactivation' && event.step <= step) for (const filter of event.filters) found.add(filter);
  }
  return [...found].sort((a, b) => a - b);
}

/** Novelty of the active filters of `bank` against those of `other`; undefined where `bank` has none. */
export function noveltyFigures(bank: FirstLayer, other: FirstLayer): NoveltyFigures | undefined {
  const values = novelty(bank.kernel, bank.shape, other.kernel, other.shape, other.inactive);
  const filters = [...values].flatMap((value, filter) =>
    bank.inactive[filter] === 0 && !Number.isNaN(value) ? [{ filter, novelty: value }] : [],
  );
  if (filters.length === 0) return undefined;
  return { median: median(filters.map((filter) => filter.novelty)), filters };
}
