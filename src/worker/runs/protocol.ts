import type { Problem } from '../../config/problem.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ExportedFile, ExportFormat } from '../../exchange/export/export-network.ts';
import type { ModelProblemCode } from '../../exchange/model-problem.ts';
import type { RunHistory } from '../../record/run-history.ts';
import type { Comparison, StudyAnalysis } from '../../study/analysis.ts';
import type { PackedRows } from '../../study/packed-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import type { StudyProblemCode } from '../../study/problem.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import type { ImportFile } from '../protocol.ts';
import type { KeepOutcome, KeptRun, ListedRun, OpenedRun } from './kept-run.ts';
import type { Keepsake } from './run-shelf.ts';
import type { StudyFiles } from './study-archive.ts';

/** A run to be written as one .zip. */
export interface PackOrder {
  readonly run: KeptRun;
  readonly history: RunHistory;
  readonly checkpoint: Checkpoint;
  /** Further files, by name. */
  readonly pictures: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** An arm to be written as a model. */
export interface NetworkOrder {
  readonly checkpoint: Checkpoint;
  readonly arm: string;
  readonly format: ExportFormat;
  /** For ONNX alone. */
  readonly batchNorm: 'folded' | 'kept';
}

/** A network that was trained here, to begin a run with: `file` of several models, `arm` of a run. */
export interface WeightsOrder {
  readonly files: readonly ImportFile[];
  readonly file: string;
  readonly arm: string;
}

/** A study to be written as one .zip. */
export interface StudyOrder extends StudyFiles {
  readonly plan: StudyPlan;
  /** Further files by their paths, such as its report and figures. */
  readonly others: ReadonlyMap<string, Uint8Array>;
}

/** A study on its way to the page. */
export interface PackedStudy extends Omit<StudyFiles, 'rows'> {
  readonly rows: PackedRows;
  /** That of files without a plan, as far as their rows give it; only where it was asked for. */
  readonly planOfRows?: StudyPlan | undefined;
}

/** Results to be judged. */
export interface JudgeOrder {
  readonly plan: StudyPlan;
  readonly rows: PackedRows;
}

/** A comparison whose seeds and people are to be resampled together. */
export interface ResampleOrder {
  readonly plan: StudyPlan;
  readonly comparison: Comparison;
  /** scores.npz of the cells that it compares, by their ids. */
  readonly scores: ReadonlyMap<string, Uint8Array>;
}

/** Page to a worker that keeps, reads or writes runs. */
export type RunsCommand =
  | ({ readonly type: 'pack' } & PackOrder)
  | ({ readonly type: 'write-network' } & NetworkOrder)
  | { readonly type: 'write-numbers'; readonly history: RunHistory; readonly step: number }
  /** Reads a run's .zip. */
  | { readonly type: 'open-file'; readonly file: File }
  | ({ readonly type: 'open-weights' } & WeightsOrder)
  /**
   * Reads the results of a study: its .zip, the files of its folder, or results.csv alone. `alone` asks for a plan of
   * the rows where the files have none.
   */
  | { readonly type: 'open-study'; readonly files: readonly ImportFile[]; readonly alone: boolean }
  /** Makes the statistics of results, which takes seconds of many seeds. */
  | ({ readonly type: 'judge' } & JudgeOrder)
  | ({ readonly type: 'resample' } & ResampleOrder)
  | ({ readonly type: 'pack-study' } & StudyOrder)
  | ({ readonly type: 'keep' } & Keepsake)
  /** Asks whether the worker lives. */
  | { readonly type: 'ping' }
  | { readonly type: 'list' }
  | { readonly type: 'load'; readonly runId: string }
  | { readonly type: 'load-history'; readonly runId: string }
  | { readonly type: 'change'; readonly runId: string; readonly change: Pick<KeptRun, 'name' | 'dismissed'> }
  | { readonly type: 'remove'; readonly runId: string };

/** Bytes that the browser says this page takes in all and may take; undefined where it does not say. */
export interface StorageUse {
  readonly used: number | undefined;
  readonly quota: number | undefined;
}

export type RunsAnswer =
  /** Not the last answer: so many of the files are read. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'file'; readonly file: ExportedFile }
  | { readonly type: 'opened'; readonly run: OpenedRun }
  | { readonly type: 'study'; readonly study: PackedStudy }
  | { readonly type: 'judged'; readonly analysis: StudyAnalysis }
  | { readonly type: 'resampled'; readonly interval: Interval | undefined }
  | { readonly type: 'kept'; readonly outcome: KeepOutcome }
  | { readonly type: 'listed'; readonly runs: readonly ListedRun[]; readonly storage: StorageUse }
  | { readonly type: 'history'; readonly history: RunHistory; readonly config: RunConfig }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly failure: RunFileFailure };

/**
 * Why a run or a study could not be written, read or found. `gone`: no longer kept; `storage-refused`: the browser gives no
 * storage; `worker-lost`: the worker died or hung; `cancelled`: the page ended it; `internal`: anything else.
 */
export type RunFileFailure = Problem<
  ModelProblemCode | StudyProblemCode | 'gone' | 'storage-refused' | 'worker-lost' | 'cancelled' | 'internal'
>;

/** A command on its way to the worker, and the answer on its way back. */
export type RunsRequest = { readonly requestId: number; readonly command: RunsCommand };
export type RunsReply = { readonly requestId: number; readonly answer: RunsAnswer };
