import { parentPort } from 'node:worker_threads';
import { NODE_STEP_THREADS } from '../kernels/node/step-threads.ts';
import { openEngine } from '../network/backend.ts';
import { ArmHost } from '../training/threads/arm-host.ts';

/* A worker thread of `arm-threads.ts`, which trains arms on WebAssembly. */
const host = new ArmHost(
  (answer) => parentPort?.postMessage(answer),
  () => openEngine({ preference: 'wasm', stepThreads: NODE_STEP_THREADS }),
);
parentPort?.on('message', (command) => host.receive(command));
