import { parentPort, workerData } from 'node:worker_threads';
import { serve } from '../wasm/team-member.ts';
import type { TeamMemory } from '../wasm/team-memory.ts';

/* A worker thread that shares the training steps of another. */
const { memory, lane }: { readonly memory: TeamMemory; readonly lane: number } = workerData;
void serve(memory, lane, () => parentPort?.postMessage('ready'));
