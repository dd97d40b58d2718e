/* A thread of fuzz-models.ts: reads damaged files of one kind, and writes into shared memory how far it is. */

import { parentPort, workerData } from 'node:worker_threads';
import { ModelProblem } from '../../src/exchange/model-problem.ts';
import { damagedBatch, FUZZ_BATCH, MODEL_FUZZ } from '../../src/exchange/testing/model-fuzz.ts';
import { FormatProblem } from '../../src/formats/problem.ts';
import { FuzzProgress, type FuzzWork } from './fuzz-progress.ts';

const { name, seed, from, to, shared }: FuzzWork = workerData;
const target = MODEL_FUZZ.find((one) => one.name === name);
if (target === undefined) throw new Error(`There is no kind "${name}".`);
const progress = new FuzzProgress(shared);
const atRest = process.memoryUsage.rss();

for (let batch = Math.floor(from / FUZZ_BATCH); batch * FUZZ_BATCH < to; batch++) {
  let index = batch * FUZZ_BATCH - 1;
  for (const { name: file, bytes } of damagedBatch(target, seed, batch)) {
    index++;
    if (index < from || index >= to) continue;
    progress.index = index;
    const started = process.cpuUsage();
    try {
      await target.read(bytes, file);
      progress.read++;
    } catch (error) {
      progress.refused++;
      const known = error instanceof ModelProblem || error instanceof FormatProblem;
      // The library of HDF5 has to be loaded anew.
      if (known && /was stopped by a damaged file/.test(error.message)) {
        progress.refused--;
        parentPort?.postMessage({ index, stopped: true });
        process.exit();
      }
      if (!known)
        parentPort?.postMessage({ index, fault: error instanceof Error ? (error.stack ?? error.message) : '' });
    }
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    if (ms > progress.slowestMs) {
      progress.slowestMs = ms;
      progress.slowest = index;
    }
  }
  progress.peak = Math.max(progress.peak, process.memoryUsage.rss() - atRest);
}
progress.index = to;
