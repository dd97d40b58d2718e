/*
 * How a step grows with the batch, the image, the first layer and the body, on WebAssembly in Node:
 *   npx tsx bench/growth.ts [--backend wasm|webgpu] [--steps N]
 * Each row is N32 with one thing changed. Writes bench/results/growth.json and the docs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../src/config/average.ts';
import type { RunConfig } from '../src/config/run-config.ts';
import { writeDocs } from './docs.ts';
import { observeMachine } from './machine.ts';
import { n32, writeWorkload } from './networks.ts';
import type { GrowthResult, GrowthRow } from './results.ts';
import { nodePlace } from './runtimes/node.ts';

/** A row takes about this long, at least three steps. */
const SLOT_MS = 1500;

const SWEEPS: readonly (readonly [GrowthRow['sweep'], readonly Partial<RunConfig>[]])[] = [
  ['batch', [8, 16, 32, 64, 128, 256].map((batchSize) => ({ batchSize }))],
  ['image', [16, 32, 48, 64, 80, 96, 112].map((imageSize) => ({ imageSize }))],
  ['filters', [8, 16, 24, 32, 48, 64].map((filters) => ({ filters }))],
  ['width', [8, 16, 32, 48, 64].map((width) => ({ width }))],
  ['body', (['plain', 'iresnet10', 'iresnet18', 'iresnet34'] as const).map((body) => ({ body }))],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { backend: { type: 'string', default: 'wasm' }, steps: { type: 'string', default: '40' } },
  });
  const backend = values.backend === 'webgpu' ? 'webgpu' : 'wasm';
  const machine = observeMachine(`npx tsx bench/growth.ts ${process.argv.slice(2).join(' ')}`.trim());
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const rows: GrowthRow[] = [];
  for (const [sweep, changes] of SWEEPS) {
    for (const change of changes) {
      const [value = ''] = Object.values(change).map(String);
      const { gflop } = writeWorkload(folder, n32(change, `${sweep}-${value}`));
      const ms = await stepTimes(backend, join(folder, `${sweep}-${value}`), Number(values.steps));
      const row = { sweep, value, gflop, medianMs: median(ms), minMs: Math.min(...ms), samples: ms.length };
      rows.push(row);
      console.log(
        `${sweep} ${value}: ${row.medianMs.toFixed(1)} ms (least ${row.minMs.toFixed(1)}), ${((1000 * gflop) / row.minMs).toFixed(1)} GFLOP/s`,
      );
    }
  }
  rmSync(folder, { recursive: true });
  const result: GrowthResult = { machine: machine.finish(), backend, rows };
  writeFileSync(
    fileURLToPath(new URL('results/growth.json', import.meta.url)),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
  writeDocs();
}

/** Steps after the first three, in a process of its own, so that nothing is left over from the row before. */
async function stepTimes(backend: 'wasm' | 'webgpu', workload: string, most: number): Promise<readonly number[]> {
  const place = nodePlace();
  const opened = await place.ask({ type: 'open', engine: 'ours', backend, workload });
  if (opened.type === 'failed') throw new Error(opened.reason);
  const warm = await place.ask({ type: 'step', count: 3 });
  if (warm.type !== 'stepped') throw new Error('The first steps failed.');
  const expected = warm.ms[2] ?? SLOT_MS;
  const count = Math.max(3, Math.min(most, Math.round(SLOT_MS / expected)));
  const answer = await place.ask({ type: 'step', count });
  await place.close();
  if (answer.type !== 'stepped') throw new Error('A step failed.');
  return answer.ms;
}

await main();
process.exit(0);
