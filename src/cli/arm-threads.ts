import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { EngineInfo } from '../network/backend.ts';
import { ArmThread } from '../training/threads/arm-thread.ts';
import { openOnThreads, threadsFor } from '../training/threads/threaded-arms.ts';
import type { OpenArms } from '../training/trained-arms.ts';
import { UsageError } from './arguments.ts';
import { typescriptThread } from './typescript-thread.ts';

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

/** Threads for the arms of a run, at most `most` of them, as `threadsFor` has it; a single one is the caller's. */
export function armPlaces(engine: Pick<EngineInfo, 'backend'>, arms: number, most: number): ArmPlaces {
  const count = threadsFor(engine, arms, most);
  if (count === 1) return { threads: 1, openArms: undefined, close: async () => {} };
  const started = Array.from({ length: count }, startThread);
  return {
    threads: count,
    openArms: openOnThreads(started.map(({ thread }) => thread)),
    close: async () => {
      await Promise.all(started.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(): { readonly worker: Worker; readonly thread: ArmThread } {
  const worker = typescriptThread(new URL('./arm-thread.ts', import.meta.url));
  const thread = new ArmThread((command) => worker.postMessage(command));
  worker.on('message', (answer) => thread.receive(answer));
  worker.on('error', (error) => thread.lost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => thread.lost(`it ended with code ${code}`));
  thread.ask({ type: 'open' }, 'opened').catch(() => {});
  return { worker, thread };
}
