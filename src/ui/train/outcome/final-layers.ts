import type { RunRecord } from '../../../client/run-record.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../../../config/run-config.ts';
import { type FirstLayer, firstLayer, reactivatedFilters } from '../../../record/first-layer.ts';

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
