import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type Arm, armsOf } from '../config/arm.ts';
import { learningRateAt } from '../config/rates.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { facesToBatch } from '../kernels/operations.ts';
import type { Engine } from '../network/backend.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointClock } from './checkpoint-clock.ts';
import { type TrainingData, trainingData } from './data.ts';
import type { CheckpointEvent, RunEvent, StartedEvent } from './events.ts';
import { describeFailure, RunFailure } from './failure.ts';
import { Gate } from './gate.ts';
import { Pace } from './pace.ts';
import { nextTask } from './task.ts';
import { type ArmReading, filterReport, readTelemetry } from './telemetry.ts';
import { armsOfCheckpoint, type TrainedArm, trainedArms } from './trained-arm.ts';
import { accuracyDifference, type PairsResult, verifyPairs } from './verify-pairs.ts';

/** Steps that may be queued on the device before the loop waits for it. */
const STEPS_AHEAD = 4;

export interface SessionOptions {
  readonly runId: string;
  readonly config: RunConfig;
  /** Instead of those that the config names. */
  readonly arms?: readonly Arm[];
  readonly faces: FaceSet;
  readonly engine: Engine;
  /** Pause, step, stop and requests for a checkpoint; without, one that starts open. */
  readonly gate?: Gate;
  /** The checkpoint to resume from; of a run with the same config, but for the settings that may change in mid-run. */
  readonly from?: Checkpoint;
  /** Yield checkpoints unasked: every `checkpointEvery` seconds, when held, and at the end. */
  readonly checkpoints?: boolean;
}

/**
 * One run: its arms, trained step by step on the same batches. It knows nothing of workers or the DOM; `run()` tells
 * all that happens as events.
 */
export class Session {
  readonly #runId: string;
  readonly #faces: FaceSet;
  readonly #engine: Engine;
  /** Acts at step boundaries, which an event acknowledges; `ask` has `run()` yield a checkpoint there. */
  readonly gate: Gate;
  readonly #pace = new Pace();
  #from: Checkpoint | undefined;
  readonly #clock: CheckpointClock | undefined;
  #config: RunConfig;
  readonly #wanted: readonly Arm[];
  #arms: readonly TrainedArm[] = [];
  /** Steps finished, and how many of them in this session. */
  #step: number;
  #trained = 0;
  /** The step at the last report, and at the last one with kernels. */
  #reported = -1;
  #kernelReported = -1;
  /** The step of the last checkpoint, or of the one the run resumed from. */
  #checkpointed: number;

  constructor(options: SessionOptions) {
    this.#runId = options.runId;
    this.#faces = options.faces;
    this.#engine = options.engine;
    this.#config = options.config;
    this.#wanted = options.arms ?? armsOfCheckpoint(options.from) ?? armsOf(options.config);
    this.gate = options.gate ?? new Gate(false);
    this.#from = options.from;
    this.#clock = options.checkpoints ? new CheckpointClock() : undefined;
    this.#step = options.from?.step ?? 0;
    this.#checkpointed = this.#step;
  }

  get stepsFinished(): number {
    return this.#step;
  }

  /** Takes over the settings that may change in mid-run; the others stay as the run began. */
  applyLiveSettings(config: RunConfig): void {
    const live = CONFIG_KEYS.filter((key) => fieldOf(key).live).map((key) => [key, config[key]]);
    this.#config = { ...this.#config, ...Object.fromEntries(live) };
  }

  /**
   * The state to resume from. To be called between two events of `run()` or after its last, never while one is awaited:
   * `gate.ask()` is for that.
   */
  async checkpoint(): Promise<Checkpoint> {
    const arms: Checkpoint['arms'][number][] = [];
    for (const arm of this.#arms) arms.push(await arm.saved());
    return { config: this.#config, step: this.#step, arms };
  }

  /** Frees the networks; the session cannot run again. */
  dispose(): void {
    for (const arm of this.#arms) arm.network.dispose();
    this.#arms = [];
  }

  /** Trains to the end of the run, or until stopped. Ends with `finished` or `failed`; never throws. */
  async *run(): AsyncGenerator<RunEvent> {
    try {
      yield* this.#train();
    } catch (error) {
      yield {
        ...this.#moment(),
        type: 'failed',
        failure: describeFailure(error, { config: this.#config, step: this.#step }),
      };
    }
  }

  async *#train(): AsyncGenerator<RunEvent> {
    const { steps } = this.#config;
    const data = trainingData(this.#faces, this.#config);
    yield this.#start(data);
    yield* this.#report(true);
    while (this.#step < steps) {
      if (this.#clock?.due(this.#config.checkpointEvery)) yield* this.#takeCheckpoint();
      const held = this.gate.held;
      if (held) {
        yield* this.#report(true);
        yield { ...this.#moment(), type: 'paused' };
        yield* this.#lastCheckpoint();
        this.#pace.rest();
      }
      let decision = await this.gate.next();
      for (; decision === 'asked'; decision = await this.gate.next()) yield* this.#takeCheckpoint();
      if (decision === 'stop') {
        yield* this.#lastCheckpoint();
        yield { ...this.#moment(), type: 'finished', outcome: 'stopped' };
        return;
      }
      if (held && !this.gate.held) yield { ...this.#moment(), type: 'resumed' };
      if (this.#trained === 0) yield { ...this.#moment(), type: 'compiling' };
      yield* this.#switchCraft();
      yield* this.#trainStep(data);
    }
    yield* this.#lastCheckpoint();
    yield { ...this.#moment(), type: 'finished', outcome: 'completed' };
  }

  async *#takeCheckpoint(): AsyncGenerator<CheckpointEvent> {
    this.#clock?.begin();
    const checkpoint = await this.checkpoint();
    this.#checkpointed = this.#step;
    yield { ...this.#moment(), type: 'checkpoint', checkpoint };
    this.#clock?.end();
    this.#pace.rest();
  }

  /** Where the run rests, so that nothing of it can be lost; left out where nothing was trained since the last one. */
  async *#lastCheckpoint(): AsyncGenerator<CheckpointEvent> {
    if (this.#clock !== undefined && this.#checkpointed !== this.#step) yield* this.#takeCheckpoint();
  }

  /** Builds the arms from the same seed. */
  #start(data: TrainingData): StartedEvent {
    const config = this.#config;
    this.#arms = trainedArms(this.#wanted, config, data.identities, this.#from);
    // It may be as large as the networks.
    this.#from = undefined;
    return {
      ...this.#moment(),
      type: 'started',
      arms: this.#arms.map((arm) => arm.started),
      engine: this.#engine.info,
      totalSteps: config.steps,
      data: { identities: data.identities, images: data.images, pairs: data.pairs.same.length },
    };
  }

  /** One step of every arm on the same batch, then everything due after it. */
  async *#trainStep(data: TrainingData): AsyncGenerator<RunEvent> {
    const { steps, telemetryEvery, verifyEvery } = this.#config;
    const batch = data.batches.at(this.#step);
    const images = tidy(() =>
      facesToBatch(
        tensor1d(batch.packed, 'int32'),
        tensor2d(batch.placement, [batch.shape[0], 3], 'int32'),
        batch.shape,
      ),
    );
    const labels = tensor1d(batch.labels, 'int32');
    for (const arm of this.#arms) arm.trainStep({ images, labels }, this.#step, this.#config);
    images.dispose();
    labels.dispose();
    this.#step++;
    this.#trained++;

    // On the CPU engines a step never leaves the thread: without this a pause would never arrive.
    await nextTask();
    const last = this.#step === steps;
    const reportDue = this.#trained === 1 || last || this.#step % telemetryEvery === 0;
    if (reportDue) yield* this.#report(last);
    else if (this.#step % STEPS_AHEAD === 0) await readTelemetry(this.#arms, false);
    yield* this.#check();
    if (last || (verifyEvery > 0 && this.#step % verifyEvery === 0)) yield* this.#verify(data);
  }

  /** Loss and filters of every arm; a step is reported once, unless its kernels are still missing. */
  async *#report(withKernels: boolean): AsyncGenerator<RunEvent> {
    const { kernelEvery } = this.#config;
    const step = this.#step;
    const kernels = withKernels || step - this.#kernelReported >= kernelEvery;
    if (this.#reported === step && (!kernels || this.#kernelReported === step)) return;
    const readings = await readTelemetry(this.#arms, kernels);
    this.#pace.mark(step);
    this.#reported = step;
    if (kernels) this.#kernelReported = step;
    for (const [index, arm] of this.#arms.entries()) {
      const reading = readings[index];
      if (reading !== undefined) yield* this.#reportArm(arm, reading);
    }
  }

  *#reportArm(arm: TrainedArm, reading: ArmReading): Generator<RunEvent> {
    const moment = { ...this.#moment(), arm: arm.name };
    const config = arm.config(this.#config);
    const { stepMs } = this.#pace;
    // A clamp on the device can turn a NaN back into a number; the weights still tell.
    if (![reading.loss, ...reading.activity.norms].every(Number.isFinite)) throw this.#lossLost(config);
    // Before this session's first step there is no loss yet.
    if (this.#trained > 0) {
      yield {
        ...moment,
        type: 'progress',
        loss: reading.loss,
        accuracy: reading.accuracy,
        learningRate: learningRateAt(this.#step - 1, config),
        imagesPerSecond: stepMs === 0 ? 0 : (1000 * this.#arms.length * config.batchSize) / stepMs,
        stepMs,
        deviceBytes: this.#engine.bytes(),
      };
    }
    yield { ...moment, type: 'filters', ...filterReport(reading, config) };
  }

  /** Checks the first layer of every arm whose schedule has a check here. */
  async *#check(): AsyncGenerator<RunEvent> {
    for (const arm of this.#arms) {
      if (!arm.isDue(this.#step, this.#config)) continue;
      const moment = { ...this.#moment(), arm: arm.name };
      const check = await arm.check(this.#step, this.#config);
      this.#pace.rest();
      yield { ...moment, type: 'reactivation', ...check };
      if (check.filters.length === 0) continue;
      // The walls show the new filters now, not at the next tick.
      const [reading] = await readTelemetry([arm], true);
      if (reading) yield { ...moment, type: 'filters', ...filterReport(reading, arm.config(this.#config)) };
    }
  }

  *#switchCraft(): Generator<RunEvent> {
    for (const arm of this.#arms) {
      if (!arm.switchCraft(this.#config)) continue;
      const { craft } = arm.config(this.#config);
      yield { ...this.#moment(), type: 'craft-switched', arm: arm.name, enabled: craft };
    }
  }

  async *#verify(data: TrainingData): AsyncGenerator<RunEvent> {
    if (data.pairs.same.length === 0) return;
    let first: PairsResult | undefined;
    for (const arm of this.#arms) {
      const result = await verifyPairs(arm.network, data.faces, data.pairs);
      const { accuracy, deviation } = result;
      const difference = first && accuracyDifference(first, result, data.faces, data.pairs);
      first ??= result;
      yield {
        ...this.#moment(),
        type: 'verification',
        arm: arm.name,
        accuracy,
        deviation,
        pairs: data.pairs.same.length,
        ...(difference === undefined ? {} : { difference }),
      };
    }
    this.#pace.rest();
  }

  #moment() {
    return { runId: this.#runId, step: this.#step };
  }

  #lossLost({ learningRate }: RunConfig): RunFailure {
    return new RunFailure({
      code: 'loss-not-finite',
      message: `The loss is no longer a number at step ${this.#step}.`,
      hint: `Lower the learning rate, now ${learningRate}, then Reset.`,
    });
  }
}
