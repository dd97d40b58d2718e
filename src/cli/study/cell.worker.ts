import { parentPort, workerData } from 'node:worker_threads';
import { NODE_STEP_THREADS } from '../../kernels/node/step-threads.ts';
import { openEngine } from '../../network/backend.ts';
import { CellTrainer } from './cell-trainer.ts';
import type { FromThread, ThreadData, ToThread } from './cell-worker-protocol.ts';
import { StudyData } from './study-data.ts';
import { onThreads } from './study-threads.ts';

const { study, out, backend, places, each }: ThreadData = workerData;
const stepThreads = each > 1 ? NODE_STEP_THREADS : undefined;
const trainer = openEngine({ preference: backend, stepThreads }).then(
  (engine) => new CellTrainer({ study, out, engine: onThreads(engine, each), data: new StudyData(places) }),
);

function post(message: FromThread): void {
  parentPort?.postMessage(message);
}

async function receive(message: ToThread): Promise<void> {
  try {
    const opened = await trainer;
    if (message.type === 'stop') opened.stop();
    else post({ type: 'ended', end: await opened.train(message.cell, message.faces) });
  } catch (error) {
    const known = error instanceof Error && 'hint' in error;
    const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
    post({ type: 'problem', message: text, hint: known ? String(error.hint) : '' });
  }
}

parentPort?.on('message', receive);
