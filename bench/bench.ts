/*
 * How fast a training step is, ours beside the other engines, on the same weights and the same batch:
 *   npm run bench -- [--quick] [--json FILE] [--large] [--all] [--networks N32,small] [--engines ours,pytorch] [--rounds N]
 *                    [--threads N|auto]
 * Quick measures N32 alone within five minutes. Without --quick the result is also written to bench/results/engines.json,
 * and docs/benchmarks.md and docs/data/benchmarks.md are made anew. --large adds the presets that want a graphics card; --all lets the slow peers
 * run in Node, too. PyTorch and ours on WebAssembly run on one thread and on --threads of them (auto: the cores).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readThreads } from '../src/cli/arm-threads.ts';
import { runCommand } from '../src/cli/command.ts';
import { figures, writeDocs } from './docs.ts';
import { observeMachine } from './machine.ts';
import { type Measured, measure } from './measure.ts';
import { networkNamed } from './networks.ts';
import { participantsFor } from './participants.ts';
import type { BenchResult } from './results.ts';
import { ChromiumBench } from './runtimes/chromium.ts';
import { benchTable, ceilingTable } from './table.ts';

const USAGE = `npm run bench -- [--quick] [--json FILE] [--large] [--all] [--networks N32,small] [--engines ours,pytorch]
                 [--rounds N] [--threads N|auto]`;
const QUICK_MS = 285_000;
const RESULT = fileURLToPath(new URL('results/engines.json', import.meta.url));

async function main(): Promise<void> {
  const started = performance.now();
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      large: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      networks: { type: 'string' },
      engines: { type: 'string' },
      rounds: { type: 'string' },
      threads: { type: 'string' },
    },
  });
  const engines = values.engines?.split(',');
  const threads = readThreads(values.threads);
  const machine = observeMachine(`npm run bench -- ${process.argv.slice(2).join(' ')}`.trim());
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const chromium = await ChromiumBench.open(folder);
  const participants = participantsFor({
    all: values.all,
    cuda: process.platform === 'linux',
    threads,
    cores: availableParallelism(),
  }).filter(({ engine }) => engines === undefined || engine === 'ceiling' || engines.includes(engine));
  try {
    const names = values.networks?.split(',') ?? networkNames(values.quick, values.large);
    const parts: Measured[] = [];
    for (const name of names) {
      parts.push(
        await measure(networkNamed(name), participants, {
          chromium,
          folder,
          rounds: Number(values.rounds ?? (values.quick ? 2 : 6)),
          until: values.quick ? started + QUICK_MS : Number.POSITIVE_INFINITY,
        }),
      );
      const result: BenchResult = {
        machine: machine.finish(chromium === undefined ? {} : { chromium: chromium.version }),
        ceilings: parts.flatMap(({ ceilings }) => [...ceilings]),
        rows: parts.flatMap(({ rows }) => [...rows]),
        skipped: [...new Set(parts.flatMap(({ skipped }) => skipped))],
      };
      // After every network, as the next one may take long.
      save(result, [values.json, values.quick || engines !== undefined ? undefined : RESULT]);
      if (parts.length === names.length) report(result, started);
    }
  } finally {
    await chromium?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function networkNames(quick: boolean, large: boolean): string[] {
  if (quick) return ['N32'];
  return large ? ['N32', 'small', 'quick', 'insightface', 'paper'] : ['N32', 'small'];
}

function save(result: BenchResult, files: readonly (string | undefined)[]): void {
  for (const file of files.filter((one) => one !== undefined)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  if (files.includes(RESULT)) writeDocs();
}

function report(result: BenchResult, started: number): void {
  console.log(`\n${benchTable(result.rows)}\n\n${ceilingTable(result.ceilings)}\n\n${figures(result)}`);
  for (const line of result.skipped) console.log(`Skipped: ${line}`);
  const { cores, processor, loadBefore, loadAfter } = result.machine;
  console.log(
    `${cores} cores, ${processor}; load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after; ${Math.round((performance.now() - started) / 1000)} s`,
  );
}

runCommand(async () => {
  await main();
  process.exit(0);
}, USAGE);
