/*
 * Where a step's time goes, operation by operation, ours beside the peers, in Chromium:
 *   npx tsx bench/profile.ts [--network N32] [--rounds N] [--engines "ours webgpu,tfjs webgpu,jax-js webgpu,ours wasm,tfjs wasm"]
 * On WebGPU every dispatch is timed by the device, on WebAssembly every kernel by the clock. The engines take turns.
 * Writes bench/results/profile.json and the docs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDocs } from './docs.ts';
import type { Operation } from './engines/operations.ts';
import type { Backend } from './engines/training-engine.ts';
import { observeMachine } from './machine.ts';
import { networkNamed, writeWorkload } from './networks.ts';
import { type Profile, profileSchema } from './results.ts';
import { ChromiumBench } from './runtimes/chromium.ts';
import type { Answer, Place } from './runtimes/messages.ts';

const FILE = fileURLToPath(new URL('results/profile.json', import.meta.url));
const ENGINES = ['ours', 'tfjs', 'jax-js'] as const;
const EVERYBODY = 'ours webgpu,tfjs webgpu,jax-js webgpu,ours wasm,tfjs wasm';

interface Profiled {
  readonly engine: (typeof ENGINES)[number];
  readonly backend: Backend;
  readonly place: Place;
  readonly adapter: string;
  readonly steps: (readonly Operation[])[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'N32' },
      rounds: { type: 'string', default: '3' },
      engines: { type: 'string', default: EVERYBODY },
    },
  });
  const machine = observeMachine(`npx tsx bench/profile.ts ${process.argv.slice(2).join(' ')}`.trim());
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const chromium = await ChromiumBench.open(folder);
  if (chromium === undefined) throw new Error('There is no Chromium here; set CHROME_PATH to one.');
  try {
    const { name } = writeWorkload(join(folder, 'workloads'), networkNamed(values.network));
    const profiled: Profiled[] = [];
    for (const named of values.engines.split(',')) profiled.push(await open(chromium, named, name));
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const { place, steps } of profiled) {
        const answer = await place.ask({ type: 'profile' });
        if (answer.type !== 'profiled') throw new Error(reasonOf(answer));
        steps.push(answer.operations);
      }
    }
    const result: Profile = {
      machine: machine.finish({ chromium: chromium.version }),
      network: name,
      engines: profiled.map(({ engine, backend, adapter, steps }) => ({
        engine,
        backend,
        adapter,
        steps: steps.length,
        operations: meanOf(steps),
      })),
    };
    writeFileSync(FILE, `${JSON.stringify(profileSchema.parse(result), undefined, 2)}\n`);
    writeDocs();
    for (const { engine, backend, operations } of result.engines) {
      console.log(`\n${engine} ${backend}`);
      for (const { name, count, ms } of operations.slice(0, 12))
        console.log(`  ${name}: ${count} x, ${ms.toFixed(2)} ms`);
    }
  } finally {
    await chromium.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An engine with two steps behind it, so that everything is compiled. */
async function open(chromium: ChromiumBench, named: string, network: string): Promise<Profiled> {
  const [name = '', backend = ''] = named.trim().split(' ');
  const engine = ENGINES.find((one) => one === name);
  if (engine === undefined || (backend !== 'webgpu' && backend !== 'wasm')) {
    throw new Error(`"${named}" is not profiled; name engines as in "${EVERYBODY}".`);
  }
  const place = chromium.place(named);
  const opened = await place.ask({ type: 'open', engine, backend, workload: `/workloads/${network}` });
  if (opened.type !== 'opened') throw new Error(reasonOf(opened));
  const stepped = await place.ask({ type: 'step', count: 2 });
  if (stepped.type !== 'stepped') throw new Error(reasonOf(stepped));
  return { engine, backend, place, adapter: opened.adapter, steps: [] };
}

/** By name, the mean over steps, longest first. */
function meanOf(steps: readonly (readonly Operation[])[]): Operation[] {
  const sums = new Map<string, Operation>();
  for (const { name, count, ms } of steps.flat()) {
    const before = sums.get(name) ?? { name, count: 0, ms: 0 };
    sums.set(name, { name, count: before.count + count / steps.length, ms: before.ms + ms / steps.length });
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms);
}

function reasonOf(answer: Answer): string {
  return answer.type === 'failed' ? answer.reason : `answered "${answer.type}"`;
}

await main();
process.exit(0);
