/*
 * How much faster Small trains on several threads than on one, in one process, in turns: both arms on threads of their own,
 * or one arm whose steps the threads share.
 *   npx tsx bench/arms.ts [--arms 2|1] [--threads N] [--pairs 20] [--steps 60] [--json FILE]
 * Prints the median milliseconds of a step of all arms, and of the ratios of neighbouring blocks the median and the middle
 * half.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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
import { observeMachine } from './machine.ts';

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
  const ratios = several.map((ms, pair) => ms / (one[pair] ?? Number.NaN)).sort((a, b) => a - b);
  const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))] ?? Number.NaN;
  const result = {
    machine: machine.finish(),
    arms,
    threads: places.threads,
    steps,
    oneMs: one,
    severalMs: several,
    ratio: { median: median(ratios), low: at(0.25), high: at(0.75) },
  };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  const { loadBefore, loadAfter } = result.machine;
  console.log(
    `${arms === 1 ? 'One arm' : 'Both arms'} of Small, ms a step: 1 thread ${median(one).toFixed(1)}, ${places.threads} threads ${median(several).toFixed(1)}`,
  );
  // Amdahl's law through one thread and these: the share of the step that threads divide, and the rest.
  const divided = (1 - result.ratio.median) / (1 - 1 / places.threads);
  const modelled = [4, 8].map((threads) => `${threads}: ${(1 - divided + divided / threads).toFixed(2)}`);
  if (arms === 1 && places.threads > 1 && result.ratio.median < 1)
    console.log(`A model, not measured: ratio by Amdahl's law on ${modelled.join(', ')}`);
  console.log(
    `Ratio ${result.ratio.median.toFixed(3)}, middle half ${result.ratio.low.toFixed(3)} to ${result.ratio.high.toFixed(3)}, ${ratios.length} pairs of blocks of ${steps} steps; load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after`,
  );
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
