import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { threadPlan, threadsOf } from '../config/thread-plan.ts';
import { typescriptThread } from '../kernels/node/typescript-thread.ts';
import type { Engine } from '../network/backend.ts';
import { ArmThread } from '../training/threads/arm-thread.ts';
import { openOnThreads } from '../training/threads/threaded-arms.ts';
import type { OpenArms } from '../training/trained-arms.ts';
import { UsageError } from './arguments.ts';

/** Where the arms of a run train in Node. */
export interface ArmPlaces {
  /** How many threads train, as the engine is named with it. */
  readonly threads: number;
  /** For `SessionOptions`; undefined where the arms train on this thread. */
  readonly openArms: OpenArms | undefined;
  /** Ends the threads, after the session was disposed. */
  close(): Promise<void>;
}

/**
 * The value of `--threads`: how many threads training may use, arms included; `auto` and no value are the cores there are.
 * @throws UsageError
 */
export function readThreads(text: string | undefined): number {
  if (text === undefined || text === 'auto') return availableParallelism();
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && text.trim() !== '') return threads;
  throw new UsageError(`--threads takes a whole number from 1 on, or auto, not "${text}".`);
}

/** Threads for the arms of a run, at most `most` in all, as `threadPlan` has it; arms that train one by one are the caller's. */
export function armPlaces(
  { info, sharesSteps, setThreads }: Pick<Engine, 'info' | 'sharesSteps' | 'setThreads'>,
  arms: number,
  most: number,
): ArmPlaces {
  const plan = threadPlan({ backend: info.backend, sharesSteps }, arms, most);
  if (plan.arms === 1) {
    setThreads(plan.each);
    return { threads: threadsOf(plan), openArms: undefined, close: async () => {} };
  }
  const started = Array.from({ length: plan.arms }, () => startThread(plan.each));
  return {
    threads: threadsOf(plan),
    openArms: openOnThreads(started.map(({ thread }) => thread)),
    close: async () => {
      await Promise.all(started.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(each: number): { readonly worker: Worker; readonly thread: ArmThread } {
  const worker = typescriptThread(new URL('./arm-thread.ts', import.meta.url));
  const thread = new ArmThread((command) => worker.postMessage(command));
  worker.on('message', (answer) => thread.receive(answer));
  worker.on('error', (error) => thread.lost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => thread.lost(`it ended with code ${code}`));
  thread.ask({ type: 'open', threads: each }, 'opened').catch(() => {});
  return { worker, thread };
}
