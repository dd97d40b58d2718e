import type { Arm } from '../config/arm.ts';
import type { Problem } from '../config/problem.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { StepTime } from '../config/step-cost.ts';
import type { FaceSet } from '../faces/face-set.ts';
import type { ImportFailureCode } from '../faces/import/import-error.ts';
import type { ImportSummary } from '../faces/import/imported-faces.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Failure, ToldEvent } from '../training/events.ts';

/** Page to worker. */
export type Command =
  /** Looks for an engine, so that the page can name it before the first run, which may have so many arms. */
  | { readonly type: 'probe'; readonly backend: RunConfig['backend']; readonly arms: number }
  /** Asks for the first-layer filters a run with this config would start from, to show before Train is pressed. */
  | { readonly type: 'preview'; readonly config: RunConfig }
  /**
   * Asks for the time of a training step of each config, all on one engine and on the threads of a run, or on so many; a run
   * that starts ends the measurement.
   */
  | { readonly type: 'time-steps'; readonly configs: readonly RunConfig[]; readonly threads?: number }
  /**
   * Ends the run there is and starts one, from step 0 or from a checkpoint of a run with this config but for the
   * settings that may change in mid-run.
   */
  | {
      readonly type: 'start';
      readonly runId: string;
      readonly config: RunConfig;
      /** Instead of those that the config names. */
      readonly arms?: readonly Arm[];
      readonly paused: boolean;
      readonly from?: Checkpoint;
      /** Instead of the config's, where a run must resume with its own, sums in the same order included. */
      readonly engine?: Pick<EngineInfo, 'backend' | 'variants'>;
    }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** One step, then paused again. */
  | { readonly type: 'step' }
  | { readonly type: 'stop' }
  /** Settings that may change in mid-run; see `live` in the config's fields. */
  | { readonly type: 'live-settings'; readonly config: RunConfig }
  /** Reads faces from dropped files, as many as the config allows; `name` names the dropped files. */
  | {
      readonly type: 'import-faces';
      readonly requestId: string;
      readonly name: string;
      readonly files: readonly ImportFile[];
      readonly config: RunConfig;
    }
  | { readonly type: 'cancel-import'; readonly requestId: string }
  /** Gives the faces that another worker has for a config, and the files of the user's own for a run that chooses others. */
  | {
      readonly type: 'use-faces';
      readonly config: RunConfig;
      readonly faces: FaceSet;
      readonly own?: { readonly name: string; readonly files: readonly ImportFile[] };
    }
  /** Asks which faces runs with this config train on; those that are drawn are drawn whole before the answer. */
  | { readonly type: 'describe-faces'; readonly requestId: string; readonly config: RunConfig }
  /** Asks for a study's files for a cluster; `plan` is the text of study.json, `files` are those of its evaluations. */
  | {
      readonly type: 'pack-study';
      readonly requestId: string;
      readonly plan: string;
      readonly files: readonly { readonly data: string; readonly files: readonly ImportFile[] }[];
    }
  | { readonly type: 'forget-faces' }
  /** Asks for a checkpoint at the next step boundary of the run, or of the finished one. */
  | { readonly type: 'request-checkpoint'; readonly requestId: string };

/** A study's files for a cluster as one .zip. */
export interface PackedStudy {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of which images its tests have no pairs, since they could not be read: a sentence for each test. */
  readonly unreadable: readonly string[];
}

/** A dropped file and its path in the dropped folder. */
export interface ImportFile {
  readonly path: string;
  readonly file: File;
}

/** The faces of a run, and the facts by which others are told apart. */
export interface DescribedFaces {
  readonly identities: number;
  readonly images: number;
  /** See `faceDigest`. */
  readonly digest: string | undefined;
  /** For other workers: without a copy where threads share memory. */
  readonly faces: FaceSet;
}

/** Why dropped files gave no faces. */
export type ImportFailure = Problem<ImportFailureCode | 'internal'>;

/**
 * Why a checkpoint was not taken. `no-run`: none is there, or it has not started or has failed; `internal`: anything
 * else.
 */
export type CheckpointFailure = Problem<'no-run' | 'internal'>;

/** The client's question to a silent worker, and the worker's answer between two tasks. */
export type Ping = { readonly type: 'ping' };
export type Pong = { readonly type: 'pong' };

/** Worker to page. */
export type Message =
  | { readonly type: 'engine'; readonly engine: EngineInfo }
  | { readonly type: 'engine-failed'; readonly failure: Failure }
  /** First kernel [k, k, channels, filters] of a run that has not started. */
  | {
      readonly type: 'preview';
      readonly kernel: Float32Array<ArrayBuffer>;
      readonly kernelShape: readonly [number, number, number, number];
      /** [3, filters], the layers behind it (craft/response.ts). */
      readonly channels: Float32Array<ArrayBuffer>;
    }
  /** The time of a step of one arm with this config, on this engine. */
  | {
      readonly type: 'step-time';
      readonly engine: EngineInfo;
      readonly config: RunConfig;
      readonly time: StepTime;
    }
  | { readonly type: 'preparing-faces'; readonly runId: string; readonly done: number; readonly total: number }
  | { readonly type: 'run-event'; readonly event: ToldEvent }
  /** Taken by time, where the run rests, or because of a request; then with the request's id. */
  | {
      readonly type: 'checkpoint';
      readonly runId: string;
      readonly checkpoint: Checkpoint;
      /** A second copy for storage: it moves to another worker, so that the page copies nothing. */
      readonly spare?: Checkpoint;
      readonly requestId?: string;
    }
  | { readonly type: 'checkpoint-failed'; readonly requestId: string; readonly failure: CheckpointFailure }
  | { readonly type: 'import-progress'; readonly requestId: string; readonly done: number; readonly total: number }
  | { readonly type: 'import-done'; readonly requestId: string; readonly summary: ImportSummary }
  | { readonly type: 'import-failed'; readonly requestId: string; readonly failure: ImportFailure }
  | { readonly type: 'import-cancelled'; readonly requestId: string }
  | { readonly type: 'faces-described'; readonly requestId: string; readonly faces: DescribedFaces }
  | ({ readonly type: 'study-packed'; readonly requestId: string } & PackedStudy)
  /** Faces could not be described, or a study not packed. */
  | { readonly type: 'study-failed'; readonly requestId: string; readonly failure: Problem };
