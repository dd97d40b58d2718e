import type { Arm } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { TrainingBatch } from '../faces/batches.ts';
import type { FaceSet } from '../faces/face-set.ts';
import type { Checkpoint, SavedArm } from './checkpoint.ts';
import type { FaceEmbeddings } from './embed-faces.ts';
import type { ReactivationEvent, StartedArm } from './events.ts';
import type { ArmReading } from './telemetry.ts';

/** Steps that may be enqueued before the session waits for the first of them; no arm is further ahead of another. */
export const STEPS_AHEAD = 4;

/** The findings and the changes of a check of an arm's first layer. */
export type Check = Omit<ReactivationEvent, 'type' | 'runId' | 'arm' | 'step'>;

/** The networks that a run asks for. */
export interface ArmOrder {
  readonly arms: readonly Arm[];
  readonly run: RunConfig;
  /** People trained on. */
  readonly identities: number;
  /** Where they resume. */
  readonly from?: Checkpoint | undefined;
}

/**
 * Builds the networks of a run. @throws NetworkStateError, or RunFailure of another thread, where the checkpoint is of
 * another run
 */
export type OpenArms = (order: ArmOrder) => Promise<TrainedArms>;

/**
 * The networks of a run's arms, on this thread (`local-arms.ts`) or on others (`threads/threaded-arms.ts`). Commands
 * run in the order of the calls, so a reading is of the weights after every step enqueued before it.
 */
export interface TrainedArms {
  /** In the order of the arms. */
  readonly started: readonly StartedArm[];
  /** Enqueues step `step` (0, 1, 2, ...) of every arm. */
  trainStep(batch: TrainingBatch, step: number, run: RunConfig): void;
  /** Resolves when another step may be enqueued: see STEPS_AHEAD. To be called where nothing is read after a step. */
  keepUp(step: number): Promise<void>;
  /** One reading for each of these arms, in their order; it waits for the device. */
  read(arms: readonly string[], withKernels: boolean): Promise<ArmReading[]>;
  /** One CRAFT check of an arm after `step` finished steps. */
  check(arm: string, step: number, run: RunConfig): Promise<Check>;
  /** Embeddings of the chosen images by every arm, in the order of the arms. */
  embed(faces: Pick<FaceSet, 'images' | 'size'>, indices: Int32Array): Promise<FaceEmbeddings[]>;
  /** The part of every arm of a checkpoint, in their order. */
  saved(): Promise<SavedArm[]>;
  /** Memory the tensors take on their devices, in bytes. */
  bytes(): number;
  /** Frees the networks. */
  dispose(): void;
}
