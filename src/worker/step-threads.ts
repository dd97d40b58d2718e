import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { StepThreads } from '../kernels/threads.ts';
import type { EngineRole } from './engine.worker.ts';
import { STARTS_WORKERS } from './nested-workers.ts';

/** Threads that share the training steps of this worker, as workers that it starts. */
export const PAGE_STEP_THREADS: StepThreads | undefined = STARTS_WORKERS
  ? {
      start: (memory, lane) => {
        // By its own address, which names the script of all workers with an engine: a build does not know it before.
        // It never answers, and its address says so.
        const address = new URL('#member', self.location.href);
        const worker = new Worker(address, { type: 'module', name: 'member' satisfies EngineRole });
        // Without it the others do its part.
        worker.onerror = (event) => event.preventDefault();
        worker.postMessage({ memory, lane });
      },
      readModule: async () => {
        const response = await fetch(simd);
        if (!response.ok) throw new Error(`${simd} was answered with ${response.status}.`);
        return new Uint8Array(await response.arrayBuffer());
      },
    }
  : undefined;
