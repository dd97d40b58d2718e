import { armsOf } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { allArms, type StepTime } from '../config/step-cost.ts';
import { threadsOf } from '../config/thread-plan.ts';
import type { Engine, EngineInfo } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { compileKernels } from '../training/compile-kernels.ts';
import type { CheckpointEvent, ToldEvent } from '../training/events.ts';
import { describeFailure, engineFailure } from '../training/failure.ts';
import { Gate } from '../training/gate.ts';
import { Session } from '../training/session.ts';
import { openOnThreads } from '../training/threads/threaded-arms.ts';
import { armsOfCheckpoint } from '../training/trained-arm.ts';
import type { AdapterMemory } from './adapter-memory.ts';
import type { ArmPool } from './arm-pool.ts';
import { EngineSlot, type OpenEngine, type WantedEngine } from './engine-slot.ts';
import { explainedFailure } from './explained-failure.ts';
import type { FaceLibrary } from './face-library.ts';
import type { HostedRun } from './hosted-run.ts';
import type { CheckpointFailure, Command, Message } from './protocol.ts';
import { type Rest, StepTimer } from './step-timer.ts';

type StartCommand = Extract<Command, { type: 'start' }>;

/** The answer to a request for a checkpoint where there is none. */
const NO_RUN: CheckpointFailure = {
  code: 'no-run',
  message: 'There is no trained network here: no run has started, or it has failed.',
  hint: 'Press Train, then try again.',
};

/** Without a pool, all arms train one after the other on this thread. */
const ALONE = { plan: { arms: 1, each: 1 }, threads: [] } as const;

/** The run of this worker, one at a time: opens the engine, gets the faces, trains, and passes every event on. */
export class RunHost {
  readonly #faces: Pick<FaceLibrary, 'facesFor' | 'whileStill'>;
  readonly #post: (message: Message) => void;
  readonly #engine: EngineSlot;
  readonly #timer: StepTimer;
  readonly #pool: ArmPool | undefined;
  #run: HostedRun | undefined;

  /** `times` remembers how long steps take here, `rest` is had before one is timed; without a `pool` all arms train on this thread. */
  constructor(
    faces: Pick<FaceLibrary, 'facesFor' | 'whileStill'>,
    post: (message: Message) => void,
    open: OpenEngine,
    {
      times,
      pool,
      rest,
    }: { readonly times?: AdapterMemory<StepTime>; readonly pool?: ArmPool; readonly rest?: Rest } = {},
  ) {
    this.#faces = faces;
    this.#pool = pool;
    this.#post = post;
    this.#timer = new StepTimer(post, { memory: times, rest, still: (work) => faces.whileStill(work) });
    this.#engine = new EngineSlot(open, (technical) => this.#engineFailed(technical));
  }

  /** Opens the engine, names it to the page, and starts the threads that a run of so many arms will take. */
  async probe(preference: RunConfig['backend'], arms: number): Promise<void> {
    try {
      // Its tensors would be lost to another engine.
      await this.#timer.stop();
      const info = this.#announced(await this.#engine.open({ backend: preference }));
      this.#post({ type: 'engine', engine: info });
      this.#pool?.prepare(info, arms);
    } catch (error) {
      this.#post({ type: 'engine-failed', failure: describeFailure(error) });
    }
  }

  /**
   * Times a training step of each config, all on one engine, and posts the times: on the threads of a run, or on so many of
   * them. Does nothing while a run has not
   * ended, and on emulated hardware, whose first step takes a minute; a run that starts has it end.
   */
  async timeSteps(configs: readonly RunConfig[], threads?: number): Promise<void> {
    const [first] = configs;
    const busy = () => this.#run?.phase === 'under-way';
    if (first === undefined || busy()) return;
    // Without an engine there is nothing to time; the probe has reported the reason.
    const engine = await this.#engine.open(first).catch(() => undefined);
    if (engine === undefined || engine.info.software || busy()) return;
    const announced = this.#announced(engine);
    const info = threads === undefined ? announced : { ...announced, threads };
    await this.#timer.time({ info, setThreads: engine.setThreads }, configs);
  }

  /** Ends the run there is, and starts another. */
  async start({ runId, config, arms, paused, from, engine }: StartCommand): Promise<void> {
    const previous = this.#run;
    const run: HostedRun = {
      runId,
      config,
      arms,
      gate: new Gate(paused),
      trains: false,
      phase: 'under-way',
      requests: [],
      reading: undefined,
      ended: Promise.resolve(),
    };
    this.#run = run;
    run.ended = this.#train(run, engine ?? config, from, previous);
    await run.ended;
  }

  /** Resolves once all threads of the run have been heard from, never where one of them hangs. */
  async heard(): Promise<void> {
    await this.#pool?.heard();
  }

  pause(): void {
    this.#run?.gate.pause();
  }

  resume(): void {
    this.#run?.gate.resume();
  }

  /** One step, then held. */
  step(): void {
    this.#run?.gate.step();
  }

  stop(): void {
    this.#run?.gate.stop();
  }

  applyLiveSettings(config: RunConfig): void {
    if (this.#run === undefined) return;
    this.#run.config = config;
    this.#run.session?.applyLiveSettings(config);
  }

  /** Sends the page a checkpoint of the next step boundary with the request's id, or why there is none. */
  async answerWithCheckpoint(requestId: string): Promise<void> {
    const run = this.#run;
    if (run?.session === undefined || run.phase === 'failed') return this.#refuse([requestId]);
    if (run.phase === 'under-way') {
      run.requests.push(requestId);
      run.gate.ask();
      return;
    }
    try {
      const checkpoint = await this.#readFinished(run, run.session);
      this.#post({ type: 'checkpoint', runId: run.runId, checkpoint, requestId });
    } catch (error) {
      const technical = error instanceof Error ? error.message : String(error);
      const message = `The networks could not be read: ${technical}`;
      const failure = { code: 'internal', message, hint: 'The last checkpoint is kept; reload the page.' } as const;
      this.#post({ type: 'checkpoint-failed', requestId, failure });
    }
  }

  async #train(
    run: HostedRun,
    wanted: WantedEngine,
    from: Checkpoint | undefined,
    previous: HostedRun | undefined,
  ): Promise<void> {
    const { runId } = run;
    const step = from?.step ?? 0;
    try {
      if (previous) await this.#end(previous);
      await this.#timer.stop();
      const opened = await this.#engine.open(wanted);
      const arms = run.arms ?? armsOfCheckpoint(from) ?? armsOf(run.config);
      const { plan, threads } = (await this.#pool?.take(this.#announced(opened), arms.length)) ?? ALONE;
      if (threads.length === 0) opened.setThreads(plan.each);
      const announced = this.#announced(opened);
      this.#post({ type: 'engine', engine: announced });
      const engine: Engine = { ...opened, info: { ...opened.info, threads: threadsOf(plan) } };
      const prepared = (done: number, total: number) => {
        if (!run.trains) this.#post({ type: 'preparing-faces', runId, done, total });
      };
      // The first step compiles the missing kernels and reports a failure.
      const compiled = compileKernels(run.config).catch(() => {});
      const drawn = this.#faces.facesFor(run.config, step, prepared, () => run.gate.stopped);
      // A lost device may leave its pipelines pending for ever.
      const { faces, ready } = await drawn.finally(() => Promise.race([compiled, engine.failed]));
      const session = new Session({
        runId,
        config: run.config,
        faces,
        ready,
        engine,
        gate: run.gate,
        checkpoints: true,
        ...(run.arms === undefined ? {} : { arms: run.arms }),
        ...(from === undefined ? {} : { from }),
        ...(threads.length === 0 ? {} : { openArms: openOnThreads(threads) }),
      });
      run.session = session;
      let stepMs = 0;
      for await (const event of session.run()) {
        if (event.type === 'progress') stepMs = event.stepMs;
        if (event.type === 'checkpoint') this.#hand(run, event);
        else if (event.type === 'failed') this.#report(run, await explainedFailure(event, engine, run.config));
        else this.#report(run, event);
      }
      await this.#answerLate(run, session);
      // The config does not hold the number of people of own faces, and custom arms may differ in cost.
      const plain = run.config.faces === 'synthetic' && run.arms === undefined;
      const together = allArms(1, arms.length, engine.info.threads);
      if (run.phase === 'finished' && plain && stepMs > 0)
        await this.#timer.learn(announced, run.config, stepMs / together);
    } catch (error) {
      // An error after the last event concerns only those who asked.
      if (run.phase === 'under-way') {
        const event = run.gate.stopped
          ? ({ type: 'finished', runId, step, outcome: 'stopped' } as const)
          : ({ type: 'failed', runId, step, failure: describeFailure(error) } as const);
        this.#report(run, event);
      }
      this.#giveUp(run);
    }
  }

  /** A lost device may leave a read pending for ever, so the host ends the run as failed and does not wait for it. */
  #engineFailed(technical: string): void {
    const run = this.#run;
    const step = run?.session?.stepsFinished ?? 0;
    if (run?.phase === 'under-way') {
      const failure = engineFailure(technical, { config: run.config, step });
      this.#report(run, { type: 'failed', runId: run.runId, step, failure });
    } else {
      this.#post({ type: 'engine-failed', failure: describeFailure(new Error(technical)) });
    }
  }

  /** The engine as the page hears of it before a run: with the threads that a run may take. */
  #announced({ info, sharesSteps }: Engine): EngineInfo {
    const threads = this.#pool?.most(info) ?? 1;
    return { ...info, threads, ...(sharesSteps && this.#pool !== undefined ? { sharesSteps } : {}) };
  }

  #report(run: HostedRun, event: ToldEvent): void {
    // A lost device makes several calls fail; only the first is reported.
    if (run.phase === 'failed') return;
    if (event.type === 'progress') run.trains = true;
    if (event.type === 'finished') run.phase = 'finished';
    if (event.type === 'failed') {
      run.phase = 'failed';
      this.#giveUp(run);
    }
    this.#post({ type: 'run-event', event });
  }

  /** The page gets the arrays themselves, and a copy to store; every request but the first a copy. */
  #hand({ runId, requests }: HostedRun, { checkpoint }: CheckpointEvent): void {
    const [requestId, ...others] = requests.splice(0);
    for (const id of others) {
      this.#post({ type: 'checkpoint', runId, checkpoint: structuredClone(checkpoint), requestId: id });
    }
    const spare = structuredClone(checkpoint);
    this.#post({ type: 'checkpoint', runId, checkpoint, spare, ...(requestId === undefined ? {} : { requestId }) });
  }

  /** Answers requests that came after the last step boundary. */
  async #answerLate(run: HostedRun, session: Session): Promise<void> {
    if (run.phase !== 'finished' || run.requests.length === 0) return;
    const checkpoint = await this.#readFinished(run, session);
    this.#hand(run, { type: 'checkpoint', runId: run.runId, step: checkpoint.step, checkpoint });
  }

  async #readFinished(run: HostedRun, session: Session): Promise<Checkpoint> {
    await run.reading;
    const reading = session.checkpoint();
    run.reading = reading.catch(() => {});
    return reading;
  }

  /** No checkpoint will come of this run. */
  #giveUp(run: HostedRun): void {
    this.#refuse(run.requests.splice(0));
  }

  #refuse(requests: readonly string[]): void {
    for (const requestId of requests) this.#post({ type: 'checkpoint-failed', requestId, failure: NO_RUN });
  }

  async #end(run: HostedRun): Promise<void> {
    run.gate.stop();
    await run.ended;
    await run.reading;
    run.session?.dispose();
  }
}
