import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { RunConfig } from '../config/run-config.ts';
import type { TrainingBatch } from '../faces/batches.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { facesToBatch } from '../kernels/operations.ts';
import type { Engine } from '../network/backend.ts';
import type { SavedArm } from './checkpoint.ts';
import { embedFaces, type FaceEmbeddings } from './embed-faces.ts';
import type { StartedArm } from './events.ts';
import { type ArmReading, readTelemetry } from './telemetry.ts';
import { type TrainedArm, trainedArms } from './trained-arm.ts';
import { type ArmOrder, type Check, type OpenArms, STEPS_AHEAD, type TrainedArms } from './trained-arms.ts';

/** Arms that train on this thread, on its engine, one after the other. */
export function openLocally(engine: Pick<Engine, 'bytes'>): OpenArms {
  return async (order) => new LocalArms(order, engine);
}

/** The arms of a run on this thread's engine; a batch is put on the device once for all of them. */
class LocalArms implements TrainedArms {
  readonly started: readonly StartedArm[];
  readonly #arms: readonly TrainedArm[];
  readonly #engine: Pick<Engine, 'bytes'>;
  /** Of a step that failed: some arms may have done it, and the others not. */
  #failure: unknown;

  constructor(order: ArmOrder, engine: Pick<Engine, 'bytes'>) {
    this.#arms = trainedArms(order);
    this.#engine = engine;
    this.started = this.#arms.map(({ started }) => started);
  }

  trainStep({ packed, placement, labels, shape }: TrainingBatch, step: number, run: RunConfig): void {
    try {
      tidy(() => {
        const images = facesToBatch(tensor1d(packed, 'int32'), tensor2d(placement, [shape[0], 3], 'int32'), [...shape]);
        const batch = { images, labels: tensor1d(labels, 'int32') };
        for (const arm of this.#arms) arm.trainStep(batch, step, run);
      });
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async keepUp(step: number): Promise<void> {
    if (step % STEPS_AHEAD === 0) await readTelemetry(this.#arms, false);
  }

  read(arms: readonly string[], withKernels: boolean): Promise<ArmReading[]> {
    return readTelemetry(
      arms.map((name) => this.#named(name)),
      withKernels,
    );
  }

  check(arm: string, step: number, run: RunConfig): Promise<Check> {
    return this.#named(arm).check(step, run);
  }

  async embed(faces: Pick<FaceSet, 'images' | 'size'>, indices: Int32Array): Promise<FaceEmbeddings[]> {
    const embeddings: FaceEmbeddings[] = [];
    for (const { network } of this.#arms) embeddings.push(await embedFaces(network, faces, indices));
    return embeddings;
  }

  async saved(): Promise<SavedArm[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const saved: SavedArm[] = [];
    for (const arm of this.#arms) saved.push(await arm.saved());
    return saved;
  }

  bytes(): number {
    return this.#engine.bytes();
  }

  dispose(): void {
    for (const { network } of this.#arms) network.dispose();
  }

  #named(name: string): TrainedArm {
    const arm = this.#arms.find((one) => one.name === name);
    if (arm === undefined) throw new Error(`No arm "${name}" trains here.`);
    return arm;
  }
}
