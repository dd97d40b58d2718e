import type { EngineInfo } from '../network/backend.ts';
import { ArmThread } from '../training/threads/arm-thread.ts';
import type { ArmCommand } from '../training/threads/protocol.ts';
import { threadsFor } from '../training/threads/threaded-arms.ts';

/** Starts a thread; `thread()` receives its answers and its end. */
export type StartThread = (thread: () => ArmThread) => (command: ArmCommand) => void;

/** The threads on which this worker trains arms: started once, and kept from run to run. */
export class ArmPool {
  /** One where the browser has refused threads. */
  #cores: number;
  readonly #start: StartThread;
  readonly #threads: { readonly thread: ArmThread; readonly opened: Promise<boolean> }[] = [];
  /** The threads of the run there is. */
  #inUse: readonly ArmThread[] = [];

  constructor(cores: number, start: StartThread) {
    this.#cores = cores;
    this.#start = start;
  }

  /** At most so many threads train on this engine, however many arms a run has. */
  most(engine: EngineInfo): number {
    return threadsFor(engine, Number.POSITIVE_INFINITY, this.#cores);
  }

  /** Starts the threads that a run of so many arms will take. */
  prepare(engine: EngineInfo, arms: number): void {
    this.#grow(threadsFor(engine, arms, this.#cores));
  }

  /**
   * The threads for a run, whose engines are open; none where one thread is enough, or where the browser refuses them:
   * the arms then train in this worker.
   */
  async take(engine: EngineInfo, arms: number): Promise<readonly ArmThread[]> {
    const count = threadsFor(engine, arms, this.#cores);
    this.#inUse = [];
    this.#grow(count);
    if (count === 1) return [];
    const taken = this.#threads.slice(0, count);
    const opened = await Promise.all(taken.map((one) => one.opened));
    if (!opened.every(Boolean)) {
      this.#cores = 1;
      return [];
    }
    this.#inUse = taken.map(({ thread }) => thread);
    return this.#inUse;
  }

  /** Resolves once every thread of the run has been heard from, never where one of them hangs. */
  async heard(): Promise<void> {
    await Promise.all(this.#inUse.map((thread) => thread.heard()));
  }

  #grow(count: number): void {
    while (count > 1 && this.#threads.length < count) {
      const post = this.#start(() => thread);
      const thread: ArmThread = new ArmThread(post);
      const opened = thread.ask({ type: 'open' }, 'opened').then(
        () => true,
        () => false,
      );
      this.#threads.push({ thread, opened });
    }
  }
}
