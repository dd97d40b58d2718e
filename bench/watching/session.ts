import { CRAFT, STANDARD } from '../../src/config/arm.ts';
import { median } from '../../src/config/average.ts';
import { withPreset } from '../../src/config/presets.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import type { FaceSet } from '../../src/faces/face-set.ts';
import { population, populationOf } from '../../src/faces/synthetic/population.ts';
import { architectureOf } from '../../src/network/architecture.ts';
import { type Engine, openEngine } from '../../src/network/backend.ts';
import { FaceNetwork } from '../../src/network/face-network.ts';
import { filterReport } from '../../src/network/first-layer-use.ts';
import { recipeOf } from '../../src/network/recipe.ts';
import { Session } from '../../src/training/session.ts';
import { readTelemetry } from '../../src/training/telemetry.ts';
import { TrainedArm } from '../../src/training/trained-arm.ts';
import type { WatchingFigures } from '../results.ts';

/** One check falls into a block, as often as in a run of 2,400 steps. */
const STEPS = 120;
/** Neighbouring blocks make a pair; a block scatters by more than the difference, the median of many pairs does not. */
const PAIRS = 30;

const BASE: RunConfig = {
  ...withPreset('small'),
  backend: 'wasm',
  identities: 64,
  imagesPerIdentity: 8,
  steps: STEPS,
  verifyEvery: 0,
  verifyPairs: 20,
  checkEvery: 100,
  stopAt: 100,
};

type Block = 'watched' | 'unwatched';

const CONFIGS: Readonly<Record<Block, RunConfig>> = {
  watched: BASE,
  unwatched: { ...BASE, telemetryEvery: 1000, kernelEvery: 10_000, craft: false },
};

/**
 * Both arms of Small with telemetry and checks at the default rate, and with neither, in blocks A B B A. Processor
 * time, as the clock varies more with the machine's other users than by two per cent.
 */
export async function measureSession(): Promise<WatchingFigures<'session'>> {
  const engine = await openEngine({ preference: 'wasm' });
  const faces = await population(populationOf(BASE));
  const times: Record<Block, number[]> = { watched: [], unwatched: [] };
  await stepMs(CONFIGS.watched, engine, faces);
  for (let pair = 0; pair < PAIRS; pair++) {
    const order: readonly Block[] = pair % 2 === 0 ? ['watched', 'unwatched'] : ['unwatched', 'watched'];
    for (const block of order) times[block].push(await stepMs(CONFIGS[block], engine, faces));
  }
  return { steps: STEPS, watchedMs: times.watched, unwatchedMs: times.unwatched, ...(await callByCall()) };
}

/** Processor time of a step of a run with these settings, from its first step on. */
async function stepMs(config: RunConfig, engine: Engine, faces: FaceSet): Promise<number> {
  const session = new Session({ runId: 'watching', config, faces, engine });
  let used = process.cpuUsage();
  for await (const event of session.run()) {
    if (event.type === 'failed') throw new Error(event.failure.message);
    if (event.type === 'compiling') used = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(used);
  session.dispose();
  return (user + system) / 1000 / STEPS;
}

/** The medians of the calls of watching, on two idle arms. */
async function callByCall(): Promise<{ tickMs: number; tickWithKernelsMs: number; checkMs: number }> {
  const architecture = architectureOf(BASE, 51);
  const arms = [STANDARD, CRAFT].map((arm) => new TrainedArm(arm, FaceNetwork.create(architecture, recipeOf(BASE), 1)));
  const tick = (kernels: boolean) => async () => {
    for (const reading of await readTelemetry(arms, kernels)) filterReport(reading, BASE);
  };
  const [, craft] = arms;
  const result = {
    tickMs: await medianOf(tick(false)),
    tickWithKernelsMs: await medianOf(tick(true)),
    checkMs: await medianOf(async () => {
      await craft?.check(STEPS, { ...BASE, criterion: 'relativeNorm', rho: 0.9 });
    }),
  };
  for (const { network } of arms) network.dispose();
  return result;
}

async function medianOf(call: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 60; index++) {
    const start = performance.now();
    await call();
    if (index >= 10) times.push(performance.now() - start);
  }
  return median(times);
}
