/*
 * Damages small files of every kind of model and reads them as the page does:
 * npx tsx bench/evidence/fuzz-models.ts [FILES, 30000] [KIND, all whose names begin with it] [SEED, 1]
 *
 * Each kind has a thread. One that takes more than five seconds of processor time for a file is ended, and its file
 * counts as a hang; the next thread begins behind it. A file that hangs or ends its thread is read again by a new thread,
 * as the page reads each model in a worker of its own: the HDF5 library keeps traces of the damaged files before. Files
 * that do so alone as well, or throw anything but a refusal, are written to runs/fuzz.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { damagedBatch, FUZZ_BATCH, MODEL_FUZZ, type ModelFuzz } from '../../src/exchange/testing/model-fuzz.ts';
import { FuzzProgress, type FuzzWork } from './fuzz-progress.ts';

const HANG_MS = 5000;
const POLL_MS = 250;
/** Of a kind with more faults than this the rest is left. */
const MOST_FAULTS = 20;
const OUT = 'runs/fuzz';

const [, , count = '30000', wanted = '', seed = '1'] = process.argv;

/** How a thread ended. */
type End = { readonly kind: 'done' | 'stopped' | 'hang' } | { readonly kind: 'crash'; readonly why: string };

/** The thread in one file: a loader of TypeScript takes longer to import a reader again than the reader for a file. */
async function builtThread(): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    // The folder of the seeds, which only their module asks for.
    define: { 'import.meta.dirname': JSON.stringify(resolve('src/exchange/testing')) },
    build: {
      ssr: resolve('bench/evidence/fuzz-models-thread.ts'),
      outDir: join(OUT, 'thread'),
      rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'thread.mjs' } },
    },
  });
  return resolve(OUT, 'thread/thread.mjs');
}

async function readAll(target: ModelFuzz, files: number): Promise<void> {
  const shared = FuzzProgress.memory();
  const progress = new FuzzProgress(shared);
  const started = performance.now();
  const faults: string[] = [];
  const fault = (kind: string, index: number, why: string) => {
    faults.push(`${kind} at ${index}: ${why}`);
    save(target, index, kind);
    console.log(`  ${target.name}, ${kind} at ${index}: ${why.split('\n').slice(0, 4).join(' | ')}`);
  };
  const read = (from: number, to: number) =>
    oneThread({ name: target.name, seed: Number(seed), from, to, shared }, progress, (at, why) =>
      fault('error', at, why),
    );
  let restarts = 0;
  let afterOthers = 0;
  for (let from = 0; from < files && faults.length < MOST_FAULTS; ) {
    let end = await read(from, files);
    if (end.kind === 'done') break;
    const { index } = progress;
    if (end.kind !== 'stopped') {
      end = await read(index, index + 1);
      if (end.kind === 'done') afterOthers++;
    }
    if (end.kind === 'hang') fault('hang', index, `over ${HANG_MS} ms`);
    if (end.kind === 'crash') fault('crash', index, end.why);
    if (end.kind === 'stopped') restarts++;
    // A thread that refuses to read on has not read the file yet.
    from = end.kind === 'stopped' ? index : index + 1;
  }
  const seconds = (performance.now() - started) / 1000;
  const done = progress.read + progress.refused;
  console.log(
    `${target.name}: ${done} files, ${progress.read} read, ${progress.refused} refused, ${faults.length} faults, ` +
      `slowest ${progress.slowestMs.toFixed(0)} ms (${progress.slowest}), ${(progress.peak / 1e6).toFixed(0)} MB more, ` +
      `${(done / seconds).toFixed(0)} files/s` +
      (restarts === 0 ? '' : `, library loaded anew ${restarts} times`) +
      (afterOthers === 0 ? '' : `, ${afterOthers} at fault only after others`),
  );
  if (faults.length > 0) process.exitCode = 1;
}

function oneThread(work: FuzzWork, progress: FuzzProgress, fault: (index: number, why: string) => void): Promise<End> {
  const thread = new Worker(script, { workerData: work, execArgv: [] });
  return new Promise((done) => {
    let end: End = { kind: 'done' };
    let last = -1;
    let since = process.cpuUsage();
    const watch = setInterval(() => {
      if (progress.index !== last) {
        last = progress.index;
        since = process.cpuUsage();
        return;
      }
      const { user, system } = process.cpuUsage(since);
      if ((user + system) / 1000 < HANG_MS) return;
      end = { kind: 'hang' };
      void thread.terminate();
    }, POLL_MS);
    thread.on('message', (message: { index: number; stopped?: true; fault?: string }) => {
      if (message.stopped) end = { kind: 'stopped' };
      else fault(message.index, message.fault ?? '');
    });
    thread.on('error', (error: unknown) => {
      end = { kind: 'crash', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    });
    thread.on('exit', () => {
      clearInterval(watch);
      done(end);
    });
  });
}

function save(target: ModelFuzz, index: number, kind: string): void {
  const batch = Math.floor(index / FUZZ_BATCH);
  const damaged = [...damagedBatch(target, Number(seed), batch)][index % FUZZ_BATCH];
  if (damaged === undefined) return;
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${kind}-${target.name.replace(/\W+/g, '-')}-${index}-${damaged.name}`), damaged.bytes);
}

const script = await builtThread();
for (const target of MODEL_FUZZ.filter(({ name }) => name.startsWith(wanted))) await readAll(target, Number(count));
