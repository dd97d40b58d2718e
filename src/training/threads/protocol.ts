import type { RunConfig } from '../../config/run-config.ts';
import type { TrainingBatch } from '../../faces/batches.ts';
import type { FaceSet } from '../../faces/face-set.ts';
import type { SavedArm } from '../checkpoint.ts';
import type { FaceEmbeddings } from '../embed-faces.ts';
import type { Failure, StartedArm } from '../events.ts';
import type { ArmReading } from '../telemetry.ts';
import type { ArmOrder, Check } from '../trained-arms.ts';

/** Commands to a thread that trains arms: see TrainedArms. Each is answered, in the order in which they were sent. */
export type ArmCommand =
  /** Opens the engine ahead of the first `build`; so many threads share its steps from then on. */
  | { readonly type: 'open'; readonly threads: number }
  /** Takes the place of the arms that were there. */
  | { readonly type: 'build'; readonly order: ArmOrder }
  | { readonly type: 'step'; readonly batch: TrainingBatch; readonly step: number; readonly run: RunConfig }
  | { readonly type: 'read'; readonly arms: readonly string[]; readonly withKernels: boolean }
  | { readonly type: 'check'; readonly arm: string; readonly step: number; readonly run: RunConfig }
  /** All images of these faces. */
  | { readonly type: 'embed'; readonly faces: Pick<FaceSet, 'images' | 'size'>; readonly count: number }
  | { readonly type: 'save' }
  /** Whether it lives. */
  | { readonly type: 'ping' }
  /** Frees the networks. */
  | { readonly type: 'clear' };

/** The answers, each to the command of the same name in the past. */
export type ArmAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'built'; readonly started: readonly StartedArm[] }
  | { readonly type: 'stepped' }
  | { readonly type: 'readings'; readonly readings: readonly ArmReading[]; readonly bytes: number }
  | { readonly type: 'checked'; readonly check: Check }
  | { readonly type: 'embedded'; readonly embeddings: readonly FaceEmbeddings[] }
  | { readonly type: 'saved'; readonly arms: readonly SavedArm[] }
  | { readonly type: 'pong' }
  | { readonly type: 'cleared' }
  /** Instead of any of them. */
  | { readonly type: 'failed'; readonly failure: Failure };
