import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import type { StepThreads } from '../threads.ts';
import type { TeamMemory } from '../wasm/team-memory.ts';
import { typescriptThread } from './typescript-thread.ts';

/** Threads that share training steps, as worker threads that end with the process. */
export const NODE_STEP_THREADS: StepThreads = {
  start: (memory, lane) => {
    startTeamThread(memory, lane);
  },
  readModule: async () => {
    const path = createRequire(import.meta.url).resolve(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    );
    return new Uint8Array(await readFile(path));
  },
};

/** Member number `lane` of a team; it sends "ready" once it takes chunks. */
export function startTeamThread(memory: TeamMemory, lane: number): Worker {
  const worker = typescriptThread(new URL('./team-thread.ts', import.meta.url), { memory, lane });
  // It never comes back to its event loop, and holds no process up.
  worker.unref();
  // Without it the others do its part.
  worker.on('error', () => {});
  return worker;
}
