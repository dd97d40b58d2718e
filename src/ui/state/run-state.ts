import type { StoreApi } from 'zustand/vanilla';
import type { FacesState } from '../../client/faces-state.ts';
import type { PageRun } from '../../client/page-run.ts';
import type { ResumeChange } from '../../client/recovery.ts';
import type { RunRecord } from '../../client/run-record.ts';
import type { PresetId } from '../../config/presets.ts';
import type { ConfigNotice } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Failure } from '../../training/events.ts';
import type { ImportFailure, ImportFile } from '../../worker/protocol.ts';

/** A first kernel and its shape [k, k, channels, filters]. */
export interface FirstKernel {
  readonly kernel: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** [3, filters], the layers behind it in each channel (craft/response.ts). */
  readonly channels: Float32Array;
}

/** Everything the panels show. */
export interface RunState {
  /** The settings in the rail, for the next run. */
  readonly config: RunConfig;
  /** Whether a link or the user chose the settings; until then the page follows the engine. */
  readonly chosen: boolean;
  /** The preset the settings follow, if any. */
  readonly preset: PresetId | undefined;
  /** The engine that will train, once it is known. */
  readonly engine: EngineInfo | undefined;
  readonly engineFailure: Failure | undefined;
  /** The first filters of a run with these settings, [k, k, channels, filters], to show before it starts. */
  readonly preview: FirstKernel | undefined;
  /** The run on the page, and its record: the same objects for its whole life, so draw by `version`. */
  readonly pageRun: PageRun | undefined;
  readonly run: RunRecord | undefined;
  /** Grows whenever the run has something new to draw, at most ten times a second. */
  readonly version: number;
  readonly faces: FacesState;
  readonly linkNotices: readonly ConfigNotice[];
}

/** Everything a panel can ask for. */
export interface RunActions {
  /** Starts a run, or resumes the paused one; asks first where the run would take long. */
  train(): void;
  /** Starts a run, however long it takes. */
  trainAnyway(): void;
  pause(): void;
  /** Train, pause or resume, by the phase of the run. */
  toggle(): void;
  /** One step, then paused; starts a paused run if there is none. */
  step(): void;
  /** Ends the run and starts another with settings of its own; those for the next run stay as they are. */
  trainWith(config: RunConfig): void;
  /** Ends the run and goes back to step 0. */
  reset(): void;
  /**
   * Shows a run from a file or from storage in place of the one there is, which ends; it rests until `train` or `step`.
   */
  openRun(run: RunRecord, notices: readonly ConfigNotice[]): void;
  setConfig(change: Partial<RunConfig>): void;
  choosePreset(id: PresetId): void;
  /** Settings from a link or a file, read already. */
  openConfig(config: RunConfig, notices: readonly ConfigNotice[]): void;
  dismissLinkNotices(): void;
  importFaces(name: string, files: readonly ImportFile[]): void;
  cancelImport(): void;
  /** Shows why dropped files never reached the worker. */
  refuseFaces(failure: ImportFailure): void;
  dismissImportFailure(): void;
  useSyntheticFaces(): void;
  /** Resumes the failed run from its last checkpoint, in a fresh worker, with other settings if given. */
  resumeFailed(change?: ResumeChange): void;
  dismissInterruption(): void;
  /** Looks for an engine again. */
  probe(): void;
  /** Throws the worker away after it was lost, and looks for an engine again. */
  restartEngine(): void;
}

/** State and actions: all a panel sees of the run. */
export interface RunStore extends StoreApi<RunState> {
  readonly actions: RunActions;
}
