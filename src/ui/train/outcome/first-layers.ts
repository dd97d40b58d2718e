import type { RunRecord } from '../../../client/run-record.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../../../config/run-config.ts';
import type { KernelShape } from '../../../craft/filter-bank.ts';
import { median } from '../../../craft/filter-bank.ts';
import { novelty } from '../../../craft/novelty.ts';
import type { ArmName } from '../../../record/arm.ts';

/** The first layer of an arm at a step. */
export interface FirstLayer {
  readonly step: number;
  /** [k, k, channels, filters], copied. */
  readonly kernel: Float32Array;
  readonly shape: KernelShape;
  /** [filters], 1 where inactive. */
  readonly inactive: Uint8Array;
}

/** The kept part of a run that ended, so that runs of other seeds can be compared with it. */
export interface FinalLayers {
  readonly runId: string;
  readonly config: RunConfig;
  readonly step: number;
  readonly standard: FirstLayer;
  readonly craft: FirstLayer | undefined;
  /** Filters of the CRAFT arm that were re-activated at least once. */
  readonly reactivated: readonly number[];
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
export function firstLayer(run: RunRecord, arm: ArmName, step?: number): FirstLayer | undefined {
  const record = run.arms[arm];
  const read = record?.layerAt(step)?.kernelStep ?? -1;
  const view = read < 0 ? undefined : record?.layerAt(read);
  const shape = record?.kernelShape;
  if (view?.kernel === undefined || shape === undefined) return undefined;
  return { step: read, kernel: view.kernel.slice(), shape, inactive: Uint8Array.from(view.inactive) };
}

/** Filters of the CRAFT arm that were re-activated up to `step`, each once, rising. */
export function reactivatedFilters(run: RunRecord, step = Number.POSITIVE_INFINITY): readonly number[] {
  const found = new Set<number>();
  for (const event of run.events) {
    if (event.type === 'reactivation' && event.step <= step) for (const filter of event.filters) found.add(filter);
  }
  return [...found].sort((a, b) => a - b);
}

/** The part to keep of a run that reached its last step; undefined for any other, and without a standard arm. */
export function finalLayers(run: RunRecord): FinalLayers | undefined {
  if (run.phase !== 'finished' || run.outcome !== 'completed') return undefined;
  const standard = firstLayer(run, 'standard');
  if (standard === undefined) return undefined;
  return {
    runId: run.runId,
    config: run.config,
    step: standard.step,
    standard,
    craft: firstLayer(run, 'craft'),
    reactivated: reactivatedFilters(run),
  };
}

/** Whether two runs are controls of each other: trained alike, from another seed. */
export function differInSeedOnly(a: RunConfig, b: RunConfig): boolean {
  const trains = CONFIG_KEYS.filter((key) => ['faces', 'network', 'recipe'].includes(fieldOf(key).group));
  return a.seed !== b.seed && trains.every((key) => a[key] === b[key]);
}

/** Novelty of the active filters of `bank` against those of `other`; undefined where `bank` has none. */
export function noveltyFigures(bank: FirstLayer, other: FirstLayer): NoveltyFigures | undefined {
  const values = novelty(bank.kernel, bank.shape, other.kernel, other.shape, other.inactive);
  const filters = [...values].flatMap((value, filter) =>
    bank.inactive[filter] === 0 && !Number.isNaN(value) ? [{ filter, novelty: value }] : [],
  );
  if (filters.length === 0) return undefined;
  return { median: median(filters.map((told) => told.novelty)), filters };
}
