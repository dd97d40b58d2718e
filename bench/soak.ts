/*
 * A long run of the smallest network in the page, both arms, with telemetry every step, a checkpoint every second, and
 * the run kept in the browser's storage; memory and storage are measured every thousand steps:
 *   npx tsx bench/soak.ts [wasm|webgpu] [STEPS, 10000 without]
 * Writes the figures into docs/reliability.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import type { RunConfig } from '../src/config/run-config.ts';
import { observeMachine } from './machine.ts';
import { type Heap, HeapProbe } from './soak/worker-heaps.ts';
import { linkOf, openPlayground, reachesStep, stepOf } from './watching/playground-page.ts';

const DOCS = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const EVERY = 1000;
const MEGABYTE = 1e6;

const SMALLEST: Partial<RunConfig> = {
  identities: 12,
  imagesPerIdentity: 6,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 4,
  arms: 'both',
  telemetryEvery: 1,
  kernelEvery: 25,
  verifyEvery: 0,
  verifyPairs: 20,
  checkpointEvery: 1,
  // Many filters are below this, so that checks have something to do.
  epsilon: 0.2,
};

/** The measurements at a step. */
interface Reading {
  readonly step: number;
  readonly page: Heap;
  readonly worker: Heap;
  readonly tensors: number;
  /** Of the engine: memory of tensors on WebAssembly, of the pools on WebGPU. */
  readonly engineBytes: number;
  readonly storedBytes: number;
}

async function main(): Promise<void> {
  const [backend = 'wasm', count = '10000'] = process.argv.slice(2);
  if (backend !== 'wasm' && backend !== 'webgpu') throw new Error(`There is no engine "${backend}": wasm or webgpu.`);
  const steps = Number(count);
  const machine = observeMachine(`npx tsx bench/soak.ts ${process.argv.slice(2).join(' ')}`.trim());
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const { page, address, close } = await openPlayground(folder);
  try {
    const probe = await HeapProbe.on(page);
    await page.goto(linkOf(address, { ...SMALLEST, backend, steps }));
    await page.getByTestId('run-toggle').first().click();
    const readings: Reading[] = [];
    for (let step = EVERY; step <= steps; step += EVERY) {
      await reachesStep(page, step);
      readings.push(await observe(page, probe));
      console.log(JSON.stringify(readings.at(-1)));
    }
    const adapter = await page.getByTestId('backend-badge').first().innerText();
    write(backend, adapter.replaceAll(/\s+/g, ' '), readings, machine.finish());
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function observe(page: Page, probe: HeapProbe): Promise<Reading> {
  const worker = page.workers().find((candidate) => candidate.url().includes('engine.worker'));
  if (worker === undefined) throw new Error('There is no training worker.');
  const engine = await worker.evaluate(() => {
    // tfjs keeps its engine there, so that several copies of it share one.
    const { _tfengine } = globalThis as unknown as { _tfengine: { memory(): Record<string, number> } };
    return _tfengine.memory();
  });
  return {
    step: await stepOf(page),
    page: await probe.page(),
    worker: await probe.worker('engine.worker'),
    tensors: engine.numTensors ?? 0,
    engineBytes: engine.numBytesAllocatedInGPU ?? engine.numBytes ?? 0,
    storedBytes: await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0),
  };
}

function write(
  backend: string,
  adapter: string,
  readings: readonly Reading[],
  { date, command, processor, loadBefore, loadAfter }: ReturnType<ReturnType<typeof observeMachine>['finish']>,
): void {
  const table = [
    '| step | page, objects | page, arrays | worker, objects | worker, arrays | tensors | engine | storage |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...readings.map(({ step, page, worker, tensors, engineBytes, storedBytes }) =>
      [
        '',
        step,
        mb(page.objects),
        mb(page.arrays),
        mb(worker.objects),
        mb(worker.arrays),
        tensors,
        mb(engineBytes),
        mb(storedBytes),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ];
  const text = [
    `\`${command}\` · ${adapter} · ${processor} · load ${loadBefore.toFixed(1)} to ${loadAfter.toFixed(1)} · ${date.slice(0, 10)}; in MB:`,
    '',
    ...table,
  ].join('\n');
  const [begin, end] = [`<!-- soak ${backend} -->`, `<!-- end of soak ${backend} -->`];
  const docs = readFileSync(DOCS, 'utf8');
  const [from, to] = [docs.indexOf(begin), docs.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place for ${backend}.`);
  writeFileSync(DOCS, `${docs.slice(0, from + begin.length)}\n\n${text}\n\n${docs.slice(to)}`);
}

function mb(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(2);
}

await main();
process.exit(0);
