import { type Arm, armsOf } from '../config/arm.ts';
import { nextTask } from '../config/next-task.ts';
import { learningRateAt } from '../config/rates.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import type { Engine } from '../network/backend.ts';
import { filterReport } from '../network/first-layer-use.ts';
import { ArmSettings } from './arm-settings.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointClock } from './checkpoint-clock.ts';
import { type TrainingData, trainingData } from './data.ts';
import type { CheckpointEvent, RunEvent, StartedEvent } from './events.ts';
import { describeFailure, lossLost } from './failure.ts';
import { Gate } from './gate.ts';
import { openLocally } from './local-arms.ts';
import { Pace } from './pace.ts';
import type { ArmReading } from './telemetry.ts';
import { armsOfCheckpoint, assertArms } from './trained-arm.ts';
import type { OpenArms, TrainedArms } from './trained-arms.ts';
import { compareOnPairs, verifiedImages } from './verify-pairs.ts';

export interface SessionOptions {
  readonly runId: string;
  readonly config: RunConfig;
  /** Instead of those that the config names. */
  readonly arms?: readonly Arm[];
  readonly faces: FaceSet;
  /** Resolves once these images of the faces are drawn; gives nothing where they are. Without, all are. */
  readonly ready?: ((images: Int32Array) => Promise<void> | undefined) | undefined;
  readonly engine: Engine;
  /** Where the arms train; without, on this thread. */
  readonly openArms?: OpenArms;
  /** Pause, step, stop and requests for a checkpoint; without, one that starts open. */
  readonly gate?: Gate;
  /** The checkpoint to resume from; of a run with the same config, but for the settings that may change in mid-run. */
  readonly from?: Checkpoint;
  /** Yield checkpoints unasked: every `checkpointEvery` seconds, when held, and at the end. */
  readonly checkpoints?: boolean;
}

/**
 * One run: its arms, trained step by step on the same batches. It knows nothing of workers or the DOM; `run()` yields
 * all that happens as events.
 */
export class Session {
  readonly #runId: string;
  readonly #faces: FaceSet;
  readonly #ready: SessionOptions['ready'];
  readonly #engine: Engine;
  readonly #openArms: OpenArms;
  /** Acts at step boundaries, which an event acknowledges; `ask` has `run()` yield a checkpoint there. */
  readonly gate: Gate;
  readonly #pace = new Pace();
  #from: Checkpoint | undefined;
  readonly #clock: CheckpointClock | undefined;
  #config: RunConfig;
  readonly #wanted: readonly Arm[];
  #arms: readonly ArmSettings[] = [];
  #networks: TrainedArms | undefined;
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
    this.#ready = options.ready;
    this.#engine = options.engine;
    this.#openArms = options.openArms ?? openLocally(options.engine);
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
    return { config: this.#config, step: this.#step, arms: (await this.#networks?.saved()) ?? [] };
  }

  /** Frees the networks; the session cannot run again. */
  dispose(): void {
    this.#networks?.dispose();
    this.#networks = undefined;
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
    const networks = await this.#build(data);
    yield this.#started(networks, data);
    yield* this.#report(networks, true);
    while (this.#step < steps) {
      if (this.#clock?.due(this.#config.checkpointEvery)) yield* this.#takeCheckpoint();
      const held = this.gate.held;
      if (held) {
        yield* this.#report(networks, true);
        // First, so that a run that says it is paused loses nothing with its worker.
        yield* this.#lastCheckpoint();
        yield { ...this.#moment(), type: 'paused' };
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
      yield* this.#trainStep(networks, data);
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

  /** Builds the arms from the same seed. @throws RunFailure `bad-config` where these cannot be the arms of a run */
  async #build({ identities }: TrainingData): Promise<TrainedArms> {
    const from = this.#from;
    assertArms(this.#wanted, from);
    // It may be as large as the networks.
    this.#from = undefined;
    // A switch after the checkpoint is reported again, at its new step.
    this.#arms = this.#wanted.map((arm) => new ArmSettings(arm, from?.config ?? this.#config));
    this.#networks = await this.#openArms({ arms: this.#wanted, run: this.#config, identities, from });
    return this.#networks;
  }

  #started({ started }: TrainedArms, { identities, images, pairs }: TrainingData): StartedEvent {
    const count = pairs.same.length;
    return {
      ...this.#moment(),
      type: 'started',
      arms: started,
      engine: this.#engine.info,
      totalSteps: this.#config.steps,
      data: { identities, images, pairs: count, ...(pairs.distinct < count ? { distinct: pairs.distinct } : {}) },
    };
  }

  /** One step of every arm on the same batch, then everything due after it. */
  async *#trainStep(networks: TrainedArms, data: TrainingData): AsyncGenerator<RunEvent> {
    const { steps, telemetryEvery, verifyEvery } = this.#config;
    if (!(await this.#have(data.batches.imagesAt(this.#step)))) return;
    networks.trainStep(data.batches.at(this.#step), this.#step, this.#config);
    this.#step++;
    this.#trained++;

    // On the CPU engines a step never leaves the thread: without this a pause would never arrive.
    await nextTask();
    const last = this.#step === steps;
    const reportDue = this.#trained === 1 || last || this.#step % telemetryEvery === 0;
    if (reportDue) yield* this.#report(networks, last);
    else await networks.keepUp(this.#step);
    yield* this.#check(networks);
    if (last || (verifyEvery > 0 && this.#step % verifyEvery === 0)) yield* this.#verify(networks, data);
  }

  /** Loss and filters of every arm; a step is reported once, unless its kernels are still missing. */
  async *#report(networks: TrainedArms, withKernels: boolean): AsyncGenerator<RunEvent> {
    const { kernelEvery } = this.#config;
    const step = this.#step;
    const kernels = withKernels || step - this.#kernelReported >= kernelEvery;
    if (this.#reported === step && (!kernels || this.#kernelReported === step)) return;
    const names = this.#arms.map(({ name }) => name);
    const readings = await networks.read(names, kernels);
    this.#pace.mark(step);
    this.#reported = step;
    if (kernels) this.#kernelReported = step;
    for (const [index, arm] of this.#arms.entries()) {
      const reading = readings[index];
      if (reading !== undefined) yield* this.#reportArm(arm, reading, networks.bytes());
    }
  }

  *#reportArm(arm: ArmSettings, reading: ArmReading, deviceBytes: number): Generator<RunEvent> {
    const moment = { ...this.#moment(), arm: arm.name };
    const config = arm.of(this.#config);
    const { stepMs } = this.#pace;
    // A clamp on the device can turn a NaN back into a number; the weights still show it.
    if (![reading.loss, ...reading.activity.norms].every(Number.isFinite)) throw lossLost(this.#step, config);
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
        deviceBytes,
      };
    }
    yield { ...moment, type: 'filters', ...filterReport(reading, config) };
  }

  /** Checks the first layer of every arm whose schedule has a check here. */
  async *#check(networks: TrainedArms): AsyncGenerator<RunEvent> {
    for (const arm of this.#arms) {
      if (!arm.isDue(this.#step, this.#config)) continue;
      const moment = { ...this.#moment(), arm: arm.name };
      const check = await networks.check(arm.name, this.#step, this.#config);
      this.#pace.rest();
      yield { ...moment, type: 'reactivation', ...check };
      if (check.filters.length === 0) continue;
      // The walls show the new filters now, not at the next tick.
      const [reading] = await networks.read([arm.name], true);
      if (reading) yield { ...moment, type: 'filters', ...filterReport(reading, arm.of(this.#config)) };
    }
  }

  *#switchCraft(): Generator<RunEvent> {
    for (const arm of this.#arms) {
      if (!arm.switchCraft(this.#config)) continue;
      const { craft } = arm.of(this.#config);
      yield { ...this.#moment(), type: 'craft-switched', arm: arm.name, enabled: craft };
    }
  }

  async *#verify(networks: TrainedArms, { faces, pairs }: TrainingData): AsyncGenerator<RunEvent> {
    if (pairs.same.length === 0) return;
    const images = verifiedImages(pairs);
    if (!(await this.#have(images))) return;
    const embeddings = await networks.embed(faces, images);
    const results = compareOnPairs(embeddings, images, faces, pairs, this.#step === this.#config.steps);
    for (const [index, { name }] of this.#arms.entries()) {
      const result = results[index];
      if (result !== undefined) yield { ...this.#moment(), type: 'verification', arm: name, ...result };
    }
    this.#pace.rest();
  }

  /** Waits for images that are still drawn; the time is none of training's. Whether they came: a stopped run's may not. */
  async #have(images: Int32Array): Promise<boolean> {
    try {
      const ready = this.#ready?.(images);
      if (ready !== undefined) this.#pace.rest();
      await ready;
      return true;
    } catch (error) {
      if (!this.gate.stopped) throw error;
      return false;
    }
  }

  #moment() {
    return { runId: this.#runId, step: this.#step };
  }
}
