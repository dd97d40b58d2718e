import type { Arm } from '../config/arm.ts';
import type { Problem } from '../config/problem.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { AccuracyDifference } from '../record/accuracy-difference.ts';
import type { ReactivationEntry, SwitchEntry } from '../record/history-events.ts';
import type { Checkpoint } from './checkpoint.ts';

interface EventBase {
  readonly runId: string;
  /** Steps finished when the event happened. */
  readonly step: number;
}

interface ArmEventBase extends EventBase {
  readonly arm: string;
}

/** An arm as it starts. */
export interface StartedArm extends Arm {
  /** First kernel's shape [k, k, channels, filters]. */
  readonly kernelShape: readonly [number, number, number, number];
  readonly parameters: number;
}

export interface StartedEvent extends EventBase {
  readonly type: 'started';
  readonly arms: readonly StartedArm[];
  readonly engine: EngineInfo;
  readonly totalSteps: number;
  /** Identities and images that are trained on, and pairs that are verified. */
  readonly data: {
    readonly identities: number;
    readonly images: number;
    readonly pairs: number;
    /** How many of the pairs are different, where some are repeated. */
    readonly distinct?: number;
  };
}

/** The first steps build and compile kernels; the clock for speed and ETA starts after them. */
export interface CompilingEvent extends EventBase {
  readonly type: 'compiling';
}

export interface ProgressEvent extends ArmEventBase {
  readonly type: 'progress';
  /** Mean over the batch of the last step. */
  readonly loss: number;
  /** Share of the batch whose right person scored highest, before the margin. */
  readonly accuracy: number;
  readonly learningRate: number;
  /** Images trained on a second, by all arms together. */
  readonly imagesPerSecond: number;
  /** Median time of a step of all arms together, in milliseconds. */
  readonly stepMs: number;
  readonly deviceBytes: number;
}

/** The first layer of an arm at a step; arrays are [filters]. */
export interface FiltersEvent extends ArmEventBase {
  readonly type: 'filters';
  readonly norms: Float32Array<ArrayBuffer>;
  readonly maxAbs: Float32Array<ArrayBuffer>;
  /** Norm with the batch norm after it folded in: |gamma| / sqrt(var + eps) * norm. */
  readonly foldedNorms: Float32Array<ArrayBuffer>;
  /** 1 where the run's criterion calls the filter inactive. */
  readonly inactive: Uint8Array<ArrayBuffer>;
  /** Inactive share by the run's criterion and by the scale-free one. */
  readonly inactiveShare: number;
  readonly relativeInactiveShare: number;
  /** The use of each filter by the next layer, and the share of filters that it hardly uses. */
  readonly contributions: Float32Array<ArrayBuffer>;
  readonly unusedShare: number;
  /** [k, k, channels, filters], at a lower rate. */
  readonly kernel?: Float32Array<ArrayBuffer>;
  /** [3, filters], with the kernel: the layers behind it in each channel (craft/response.ts). */
  readonly channels?: Float32Array<ArrayBuffer>;
}

export type ReactivationEvent = EventBase & ReactivationEntry;

export type CraftSwitchedEvent = EventBase & SwitchEntry;

export interface VerificationEvent extends ArmEventBase {
  readonly type: 'verification';
  /** Share of held-out pairs judged rightly, ten folds, best threshold of the other nine. */
  readonly accuracy: number;
  /** Population deviation over the folds. */
  readonly deviation: number;
  readonly pairs: number;
  /** This arm minus the run's first one, on the same pairs; missing for the first. */
  readonly difference?: AccuracyDifference;
  /** At the last step of the run: the arm's squared distances, the answers, and whom both sides show; [pairs] each. */
  readonly scores?: {
    readonly distances: Float64Array<ArrayBuffer>;
    readonly same: Uint8Array<ArrayBuffer>;
    readonly identities: { readonly left: Int32Array<ArrayBuffer>; readonly right: Int32Array<ArrayBuffer> };
  };
}

/** The state to resume from after `step` steps; its arrays are the consumer's. */
export interface CheckpointEvent extends EventBase {
  readonly type: 'checkpoint';
  readonly checkpoint: Checkpoint;
}

export interface PausedEvent extends EventBase {
  readonly type: 'paused';
}

export interface ResumedEvent extends EventBase {
  readonly type: 'resumed';
}

export interface FinishedEvent extends EventBase {
  readonly type: 'finished';
  /** `stopped` when the user ended the run before its last step. */
  readonly outcome: 'completed' | 'stopped';
}

export const FAILURE_CODES = [
  'loss-not-finite',
  'out-of-memory',
  'device-lost',
  'worker-lost',
  'backend-unavailable',
  'bad-faces',
  'bad-config',
  'internal',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** An error a person can read: the cause and the remedy. */
export interface Failure extends Problem<FailureCode> {
  /** The message of the browser or the library, for a bug report. */
  readonly technical?: string;
}

export interface FailedEvent extends EventBase {
  readonly type: 'failed';
  readonly failure: Failure;
}

export type RunEvent =
  | StartedEvent
  | CompilingEvent
  | ProgressEvent
  | FiltersEvent
  | ReactivationEvent
  | CraftSwitchedEvent
  | VerificationEvent
  | CheckpointEvent
  | PausedEvent
  | ResumedEvent
  | FinishedEvent
  | FailedEvent;

/** The events of a run but its checkpoints, which are handed over. */
export type ToldEvent = Exclude<RunEvent, CheckpointEvent>;
