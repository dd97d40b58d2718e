import type { ConfigNotice } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ArchivedFaces, RunArchive } from '../../exchange/run-archive.ts';
import type { CraftSwitch } from '../../record/craft-switches.ts';
import type { RunHistory } from '../../record/run-history.ts';
import type { WeightsOrigin } from '../../record/weights-origin.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { StartedArm } from '../../training/events.ts';

/** Last figures of an arm; shares of 1. */
export interface ArmFigures {
  readonly inactiveShare: number;
  readonly loss?: number | undefined;
  readonly accuracy?: number | undefined;
}

/** How a run ended; `open` has steps to come. */
export type KeptEnd = 'open' | 'completed' | 'stopped' | 'failed';

/** A run in the list of runs, without its measurements. */
export interface KeptRun {
  readonly runId: string;
  /** The user's name for it. Text from outside. */
  readonly name?: string | undefined;
  readonly config: RunConfig;
  /** Steps finished. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly end: KeptEnd;
  readonly engine: RunArchive['engine'];
  readonly figures: Readonly<Record<string, ArmFigures>>;
  readonly faces?: ArchivedFaces | undefined;
  /** Where the first weights came from that were not drawn from the seed. */
  readonly weights?: WeightsOrigin | undefined;
  /** Where CRAFT was switched in mid-run. */
  readonly switches?: readonly CraftSwitch[] | undefined;
  /** The user has dismissed the offer to resume. */
  readonly dismissed?: boolean | undefined;
}

/** A kept run with the storage it takes, as the list shows it. */
export interface ListedRun extends KeptRun {
  readonly bytes: number;
  /** Whether a page has it open, this one or another. */
  readonly busy: boolean;
}

/** A run from a file or from storage, to be shown and resumed. */
export interface OpenedRun {
  readonly kept: KeptRun;
  readonly history: RunHistory;
  readonly checkpoint: Checkpoint;
  readonly arms: readonly StartedArm[];
  /** People trained on: one class each. */
  readonly classes: number;
  /** The changes made to its settings while they were read. */
  readonly notices: readonly ConfigNotice[];
}

/**
 * Whether a run was kept. Nothing was written where storage is `full` or `refused`, the worker was `lost`, or another
 * page has `taken` the run.
 */
export type KeepOutcome = 'kept' | 'full' | 'refused' | 'lost' | 'taken';
