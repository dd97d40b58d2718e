/*
 * Measures a machine with a graphics card within eight minutes. It builds nothing and opens no browser:
 *   npx tsx bench/hardware.ts [--json hardware.json] [--seconds 480] [--all] [--tiny]
 * A training step of every network, ours on Dawn with few and with many invocations (bench/table.ts has the columns), PyTorch eager
 * on CUDA where there is one, with --all the peers that run in Node too; then one full run of Quick look and 200 steps of
 * Paper scale. The file is written after every part, and names the parts for which no time was left. --tiny tries the script out.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { probeAdapter } from '../src/network/adapter.ts';
import { observeMachine } from './machine.ts';
import { measure } from './measure.ts';
import { networkNamed } from './networks.ts';
import { hardwareParticipants } from './participants.ts';
import type { Ceiling, Machine, Row } from './results.ts';
import { benchTable, ceilingTable } from './table.ts';

/** The smallest first, as the time may end. */
const NETWORKS = ['N32', 'quick', 'paper', 'insightface', 'small'];

/** When the networks' steps and the run of Quick look end at the latest, as shares of the time. */
const UNTIL = { steps: 0.45, quick: 0.75, paper: 0.97 } as const;

/** In milliseconds: so long a run that is asked to stop may take to save. */
const TO_SAVE = 10_000;

const TINY = ['--image-size', '16', '--filters', '8', '--width', '8', '--embedding-size', '16', '--batch-size', '8'];

/** A run of `npm run train`. */
interface TrainedRun {
  readonly flags: string;
  readonly seconds: number;
  /** Whether its time was up before its end. */
  readonly cut: boolean;
  /** Its run.json, or its last messages where there is none. */
  readonly report: unknown;
}

interface HardwareResult {
  readonly machine: Machine;
  readonly adapter: string;
  readonly rows: readonly Row[];
  readonly ceilings: readonly Ceiling[];
  readonly runs: Readonly<Record<string, TrainedRun>>;
  readonly skipped: readonly string[];
}

async function main(): Promise<void> {
  const began = performance.now();
  const { values } = parseArgs({
    options: {
      json: { type: 'string', default: 'hardware.json' },
      seconds: { type: 'string', default: '480' },
      all: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
    },
  });
  const all = 1000 * Number(values.seconds);
  const machine = observeMachine(`npx tsx bench/hardware.ts ${process.argv.slice(2).join(' ')}`.trim());
  const missing = await installWebGpu();
  if (missing !== undefined) throw new Error(missing);
  const probe = await probeAdapter();
  if (!probe.ok) throw new Error(`There is no WebGPU adapter (${probe.technical}).`);
  console.log(`Adapter: ${probe.name}`);
  const folder = mkdtempSync(join(tmpdir(), 'hardware-'));
  const [rows, ceilings, skipped]: [Row[], Ceiling[], string[]] = [[], [], []];
  const runs: Record<string, TrainedRun> = {};
  const save = () => {
    const result: HardwareResult = { machine: machine.finish(), adapter: probe.name, rows, ceilings, runs, skipped };
    writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  };
  try {
    const participants = hardwareParticipants(values.all);
    for (const name of values.tiny ? ['N32'] : NETWORKS) {
      const until = began + UNTIL.steps * all;
      if (performance.now() > until) {
        skipped.push(`${name}: no time was left`);
        continue;
      }
      const part = await measure(networkNamed(name), participants, {
        chromium: undefined,
        folder,
        rounds: values.tiny ? 1 : 3,
        until,
      });
      rows.push(...part.rows);
      ceilings.push(...part.ceilings);
      skipped.push(...part.skipped);
      save();
    }
    const people = ['--identities', '12', '--images-per-identity', '4'];
    const quick = ['--preset', 'quick', ...(values.tiny ? [...TINY, ...people, '--steps', '6'] : [])];
    runs.quick = await train(quick, folder, began + UNTIL.quick * all);
    save();
    // As many people as the preset has, of whom few images are drawn: they cost time, and no step.
    const few = ['--images-per-identity', '2', '--verify-every', '0', '--end-at', '200'];
    const paper = [
      '--preset',
      'paper',
      ...(values.tiny ? [...TINY, ...people, '--body', 'plain', '--end-at', '4'] : few),
    ];
    runs.paper = await train(paper, folder, began + UNTIL.paper * all);
    save();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${benchTable(rows)}\n\n${ceilingTable(ceilings)}`);
  for (const line of skipped) console.log(`Skipped: ${line}`);
  for (const [name, { seconds, cut }] of Object.entries(runs)) {
    console.log(`${name}: ${seconds.toFixed(0)} s${cut ? ', cut short' : ''}`);
  }
  console.log(`${Math.round((performance.now() - began) / 1000)} s in all; ${values.json} has everything.`);
}

/** Trains on WebGPU in a process of its own; asked to stop, it saves its state. */
async function train(flags: readonly string[], folder: string, until: number): Promise<TrainedRun> {
  const began = performance.now();
  const json = join(folder, 'run.json');
  rmSync(json, { force: true });
  const command = ['--import', 'tsx', 'src/cli/train.ts', ...flags, '--backend', 'webgpu', '--json', json];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  let cut = false;
  const left = Math.max(0, until - began);
  const asked = setTimeout(() => {
    cut = true;
    child.kill('SIGINT');
  }, left);
  const killed = setTimeout(() => child.kill('SIGKILL'), left + TO_SAVE);
  const [code] = await once(child, 'exit');
  clearTimeout(asked);
  clearTimeout(killed);
  const report: unknown = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : said.slice(-2000);
  if (code !== 0) console.log(`train ${flags.join(' ')} ended with ${code}: ${said.slice(-500)}`);
  return { flags: flags.join(' '), seconds: (performance.now() - began) / 1000, cut, report };
}

await main();
process.exit(0);
