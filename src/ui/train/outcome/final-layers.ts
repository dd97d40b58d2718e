import type { RunRecord } from '../../../client/run-record.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../../../config/run-config.ts';
import type { ArchivedFaces } from '../../../exchange/run-archive.ts';
import { type FirstLayer, firstLayer, reactivatedFilters } from '../../../record/first-layer.ts';
import type { MeasuredRun } from '../../../record/measured-run.ts';

/** The settings of a run and the user's own faces that it was trained on. */
export interface TrainedAlike {
  readonly config: RunConfig;
  readonly faces?: ArchivedFaces | undefined;
}

/** The kept part of a run that ended, so that runs of other seeds can be compared with it. */
export interface FinalLayers extends TrainedAlike {
  readonly runId: string;
  readonly step: number;
  readonly standard: FirstLayer;
  /** Undefined too where CRAFT was switched in mid-run: its settings say nothing about such an arm. */
  readonly craft: FirstLayer | undefined;
  /** Filters of the CRAFT arm that were re-activated at least once. */
  readonly reactivated: readonly number[];
}

/**
 * The part to keep of a run that reached its last step; undefined for any other, without a standard arm, and for a run that
 * began with weights of a file, which repeats no other with another seed.
 */
export function finalLayers(run: RunRecord): FinalLayers | undefined {
  if (run.phase !== 'finished' || run.outcome !== 'completed' || run.weights !== undefined) return undefined;
  return layersOf(run.runId, run, run.faces);
}

/** The first layers of a measured run at its last reading; undefined without a standard arm. */
export function layersOf(runId: string, run: MeasuredRun, faces: ArchivedFaces | undefined): FinalLayers | undefined {
  const standard = firstLayer(run, 'standard');
  if (standard === undefined) return undefined;
  return {
    runId,
    config: run.config,
    faces,
    step: standard.step,
    standard,
    craft: run.events.some(({ type }) => type === 'craft-switched') ? undefined : firstLayer(run, 'craft'),
    reactivated: reactivatedFilters(run),
  };
}

/** Whether two runs are controls of each other: their standard arms trained alike, on the same faces, from another seed. */
export function differInSeedOnly(a: TrainedAlike, b: TrainedAlike): boolean {
  return (
    a.config.seed !== b.config.seed &&
    sameSettings(a.config, b.config, ['faces', 'network', 'recipe']) &&
    a.faces?.name === b.faces?.name &&
    a.faces?.identities === b.faces?.identities &&
    a.faces?.images === b.faces?.images
  );
}

/** A run as a repetition of another: with other settings of CRAFT it has a standard arm to compare with, and no CRAFT arm. */
export function asRepetition(run: FinalLayers, of: TrainedAlike): FinalLayers {
  return sameSettings(run.config, of.config, ['craft']) ? run : { ...run, craft: undefined, reactivated: [] };
}

function sameSettings(a: RunConfig, b: RunConfig, groups: readonly string[]): boolean {
  return CONFIG_KEYS.every((key) => a[key] === b[key] || !groups.includes(fieldOf(key).group));
}
