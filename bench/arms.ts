/*
 * How much faster Small trains on several threads than on one, in one process, in turns: both arms on threads of their own,
 * or one arm whose steps the threads share.
 *   npx tsx bench/arms.ts [--arms 2|1] [--threads N] [--pairs 20] [--steps 60] [--json FILE] [--save]
 * Prints the median milliseconds of a step of all arms, and of the ratios of neighbouring blocks the median and the middle
 * half. --save writes them to bench/results/threads.json, and the table of docs/benchmarks.md with its model of more cores.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { armPlaces, readThreads } from '../src/cli/arm-threads.ts';
import { median } from '../src/config/average.ts';
import { withPreset } from '../src/config/presets.ts';
import type { RunConfig } from '../src/config/run-config.ts';
import type { FaceSet } from '../src/faces/face-set.ts';
import { population, populationOf } from '../src/faces/synthetic/population.ts';
import { NODE_STEP_THREADS } from '../src/kernels/node/step-threads.ts';
import { type Engine, openEngine } from '../src/network/backend.ts';
import { Session } from '../src/training/session.ts';
import type { OpenArms } from '../src/training/trained-arms.ts';
import { writeDocs } from './docs.ts';
import { observeMachine } from './machine.ts';
import { type ThreadsPart, threadsSchema } from './results.ts';
import { measuredRatio, modelledRatio } from './thread-model.ts';

const FILE = fileURLToPath(new URL('results/threads.json', import.meta.url));

/** Steps before the clock starts. */
const WARM_UP = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      arms: { type: 'string', default: '2' },
      threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      pairs: { type: 'string', default: '20' },
      steps: { type: 'string', default: '60' },
      json: { type: 'string' },
      save: { type: 'boolean', default: false },
    },
  });
  const steps = Number(values.steps);
  const arms = values.arms === '1' ? 1 : 2;
  const machine = observeMachine(`npx tsx bench/arms.ts ${process.argv.slice(2).join(' ')}`.trim());
  const config: RunConfig = {
    ...withPreset('small'),
    backend: 'wasm',
    arms: arms === 1 ? 'craft' : 'both',
    identities: 64,
    imagesPerIdentity: 8,
    steps: WARM_UP + steps,
    verifyEvery: 0,
    verifyPairs: 20,
  };
  const engine = await openEngine({ preference: 'wasm', stepThreads: NODE_STEP_THREADS });
  const places = armPlaces(engine, arms, readThreads(values.threads));
  const faces = await population(populationOf(config));
  const onOne = () => {
    engine.setThreads(1);
    return stepMs(config, engine, faces);
  };
  const onSeveral = () => {
    if (places.openArms === undefined) engine.setThreads(places.threads);
    return stepMs(config, engine, faces, places.openArms);
  };
  const one: number[] = [];
  const several: number[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    // A B B A, so that a machine that grows slower favours neither.
    if (pair % 2 === 0) one.push(await onOne());
    several.push(await onSeveral());
    if (pair % 2 === 1) one.push(await onOne());
  }
  await places.close();
  const part: ThreadsPart = {
    machine: machine.finish(),
    threads: places.threads,
    steps,
    oneMs: one,
    severalMs: several,
  };
  const ratio = measuredRatio(part);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ arms, ratio, ...part }, undefined, 2)}\n`);
  if (values.save) save(arms === 1 ? { one: part } : { both: part });
  const { loadBefore, loadAfter } = part.machine;
  console.log(
    `${arms === 1 ? 'One arm' : 'Both arms'} of Small, ms a step: 1 thread ${median(one).toFixed(1)}, ${places.threads} threads ${median(several).toFixed(1)}`,
  );
  const modelled = [4, 8].map((cores) => `${cores}: ${modelledRatio(cores, part).median.toFixed(2)}`);
  if (arms === 1 && places.threads > 1 && ratio.median < 1)
    console.log(`A model, not measured: ratio by Amdahl's law on ${modelled.join(', ')}`);
  console.log(
    `Ratio ${ratio.median.toFixed(3)}, middle half ${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}, ${several.length} pairs of blocks of ${steps} steps; load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after`,
  );
}

/** Beside the other part, which may be of another day. */
function save(part: object): void {
  const before: object = existsSync(FILE) ? threadsSchema.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : {};
  writeFileSync(FILE, `${JSON.stringify(threadsSchema.parse({ ...before, ...part }), undefined, 2)}\n`);
  writeDocs();
}

/** Milliseconds of a step of all arms, by the clock: threads are there to shorten it. */
async function stepMs(config: RunConfig, engine: Engine, faces: FaceSet, openArms?: OpenArms): Promise<number> {
  const session = new Session({
    runId: 'arms',
    config,
    faces,
    engine,
    ...(openArms === undefined ? {} : { openArms }),
  });
  let since = 0;
  let until = 0;
  for await (const event of session.run()) {
    if (event.type === 'failed') throw new Error(event.failure.message);
    if (event.type === 'progress' && event.step === WARM_UP) since = performance.now();
    if (event.type === 'progress' && event.step === config.steps) until = performance.now();
  }
  session.dispose();
  return (until - since) / (config.steps - WARM_UP);
}

await main();
process.exit(0);
