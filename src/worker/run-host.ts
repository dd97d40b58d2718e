import type { RunConfig } from '../config/run-config.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { RunEvent } from '../training/events.ts';
import { describeFailure, deviceLost } from '../training/failure.ts';
import { Session } from '../training/session.ts';
import type { FaceLibrary } from './face-library.ts';
import type { Message } from './protocol.ts';
import { WASM_FILES } from './wasm-files.ts';

/** A run from the wish to start it until its last event. */
interface Run {
  readonly runId: string;
  config: RunConfig;
  /** How its gate is to stand at the first step; once the session is there, the session knows. */
  gate: 'running' | 'paused' | 'single-step';
  stopped: boolean;
  session?: Session;
  /** Nothing of it is on the way on the device: it is paused or finished. */
  held: boolean;
  /** While its networks are read; it neither goes on nor ends before. */
  reading: Promise<void> | undefined;
  ended: Promise<void>;
}

/** The run of this worker, one at a time: opens the engine, gets the faces, trains, and passes every event on. */
export class RunHost {
  readonly #faces: FaceLibrary;
  readonly #post: (message: Message) => void;
  #run: Run | undefined;
  #engine: { readonly preference: RunConfig['backend']; readonly opened: Promise<Engine> } | undefined;

  constructor(faces: FaceLibrary, post: (message: Message) => void) {
    this.#faces = faces;
    this.#post = post;
  }

  /** Opens the engine and names it to the page. */
  async probe(preference: RunConfig['backend']): Promise<void> {
    try {
      const { info } = await this.#open(preference);
      this.#post({ type: 'engine', engine: info });
    } catch (error) {
      this.#post({ type: 'engine-failed', failure: describeFailure(error) });
    }
  }

  /** Ends the run there is, and starts another. */
  async start(runId: string, config: RunConfig, paused: boolean): Promise<void> {
    const previous = this.#run;
    const gate = paused ? 'paused' : 'running';
    const run: Run = { runId, config, gate, stopped: false, held: false, reading: undefined, ended: Promise.resolve() };
    this.#run = run;
    run.ended = this.#train(run, previous);
    await run.ended;
  }

  pause(): void {
    this.#setGate('paused');
  }

  resume(): void {
    this.#setGate('running');
  }

  /** One step, then held. */
  step(): void {
    this.#setGate('single-step');
  }

  stop(): void {
    if (this.#run === undefined) return;
    this.#run.stopped = true;
    this.#run.session?.stop();
  }

  applyLiveSettings(config: RunConfig): void {
    if (this.#run === undefined) return;
    this.#run.config = config;
    this.#run.session?.applyLiveSettings(config);
  }

  /** What the networks of a paused or finished run have come to; undefined where there is none. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    const run = this.#run;
    while (run?.reading) await run.reading;
    if (run?.session === undefined || !run.held) return undefined;
    const checkpoint = run.session.checkpoint();
    const done = () => {
      run.reading = undefined;
    };
    run.reading = checkpoint.then(done, done);
    return checkpoint;
  }

  /** Tells the session, or keeps it for the session that is still being prepared. */
  #setGate(gate: Run['gate']): void {
    const run = this.#run;
    if (run === undefined) return;
    run.gate = gate;
    const apply = () => {
      // A single step is trained without an event before it.
      if (run.gate !== 'paused') run.held = false;
      if (run.session) applyGate(run.session, run.gate);
    };
    if (run.reading === undefined) apply();
    else void run.reading.then(apply);
  }

  async #train(run: Run, previous: Run | undefined): Promise<void> {
    const moment = { runId: run.runId, step: 0 };
    try {
      if (previous) await this.#end(previous);
      const engine = await this.#open(run.config.backend);
      this.#post({ type: 'engine', engine: engine.info });
      const faces = await this.#faces.facesFor(
        run.config,
        (done, total) => this.#post({ type: 'preparing-faces', runId: run.runId, done, total }),
        () => run.stopped,
      );
      run.session = new Session({ runId: run.runId, config: run.config, faces, engine });
      applyGate(run.session, run.gate);
      const { session } = run;
      // A lost device may leave a read pending for ever, so the run is told to have failed, not asked.
      void engine.failed.then((technical) => {
        if (this.#run !== run) return;
        const failure = deviceLost(session.stepsFinished, technical);
        this.#post({ type: 'run-event', event: { ...moment, step: session.stepsFinished, type: 'failed', failure } });
      });
      if (run.stopped) run.session.stop();
      for await (const event of run.session.run()) {
        run.held = event.type === 'paused' || event.type === 'finished';
        await run.reading;
        this.#post({ type: 'run-event', event });
      }
    } catch (error) {
      const event: RunEvent = run.stopped
        ? { ...moment, type: 'finished', outcome: 'stopped' }
        : { ...moment, type: 'failed', failure: describeFailure(error) };
      this.#post({ type: 'run-event', event });
    }
  }

  async #end(run: Run): Promise<void> {
    run.stopped = true;
    run.session?.stop();
    await run.ended;
    await run.reading;
    run.session?.dispose();
  }

  async #open(preference: RunConfig['backend']): Promise<Engine> {
    if (this.#engine?.preference !== preference) {
      this.#engine = { preference, opened: openEngine({ preference, wasmFiles: WASM_FILES }) };
    }
    try {
      return await this.#engine.opened;
    } catch (error) {
      this.#engine = undefined;
      throw error;
    }
  }
}

function applyGate(session: Session, gate: Run['gate']): void {
  if (gate === 'paused') session.pause();
  else if (gate === 'single-step') session.step();
  else session.resume();
}
