import { type ThreadedEngine, type ThreadPlan, threadPlan } from '../config/thread-plan.ts';
import { ArmThread } from '../training/threads/arm-thread.ts';
import type { ArmCommand } from '../training/threads/protocol.ts';

/** Starts a thread; `thread()` receives its answers and its end. */
export type StartThread = (thread: () => ArmThread) => (command: ArmCommand) => void;

/** A thread, and how many share its steps. */
interface Pooled {
  readonly thread: ArmThread;
  readonly each: number;
  /** Whether its engine opened. */
  readonly opened: Promise<boolean>;
}

/** The threads on which this worker trains arms: started once, and kept from run to run. */
export class ArmPool {
  /** One where the browser has refused threads. */
  #cores: number;
  readonly #start: StartThread;
  readonly #threads: Pooled[] = [];
  /** The threads of the run there is. */
  #inUse: readonly ArmThread[] = [];

  constructor(cores: number, start: StartThread) {
    this.#cores = cores;
    this.#start = start;
  }

  /** At most so many threads train on this engine, all together. */
  most(engine: ThreadedEngine): number {
    return threadPlan(engine, Number.POSITIVE_INFINITY, this.#cores).arms;
  }

  /** Starts the threads that a run of so many arms will take. */
  prepare(engine: ThreadedEngine, arms: number): ThreadPlan {
    const plan = threadPlan(engine, arms, this.#cores);
    for (let index = 0; plan.arms > 1 && index < plan.arms; index++) this.#open(index, plan.each);
    return plan;
  }

  /**
   * The threads for a run, whose engines are open; none where one arm at a time is trained, or where the browser refuses
   * them: the arms then train in this worker.
   */
  async take(
    engine: ThreadedEngine,
    arms: number,
  ): Promise<{ readonly plan: ThreadPlan; readonly threads: readonly ArmThread[] }> {
    const plan = this.prepare(engine, arms);
    this.#inUse = [];
    if (plan.arms === 1) return { plan, threads: [] };
    const taken = this.#threads.slice(0, plan.arms);
    const opened = await Promise.all(taken.map((one) => one.opened));
    if (!opened.every(Boolean)) {
      this.#cores = 1;
      return this.take(engine, arms);
    }
    this.#inUse = taken.map(({ thread }) => thread);
    return { plan, threads: this.#inUse };
  }

  /** Resolves once every thread of the run has been heard from, never where one of them hangs. */
  async heard(): Promise<void> {
    await Promise.all(this.#inUse.map((thread) => thread.heard()));
  }

  #open(index: number, each: number): void {
    const there = this.#threads[index];
    if (there?.each === each) return;
    const thread = there?.thread ?? this.#begin();
    const opened = thread.ask({ type: 'open', threads: each }, 'opened').then(
      () => true,
      () => false,
    );
    this.#threads[index] = { thread, each, opened };
  }

  #begin(): ArmThread {
    const post = this.#start(() => thread);
    const thread: ArmThread = new ArmThread(post);
    return thread;
  }
}
