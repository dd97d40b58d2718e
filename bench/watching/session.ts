import { withPreset } from '../../src/config/presets.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { population } from '../../src/faces/synthetic/population.ts';
import { architectureOf } from '../../src/network/architecture.ts';
import { openEngine } from '../../src/network/backend.ts';
import { FaceNetwork } from '../../src/network/face-network.ts';
import { recipeOf } from '../../src/network/recipe.ts';
import { Arm } from '../../src/training/arm.ts';
import { Session } from '../../src/training/session.ts';
import { filterReport, readTelemetry } from '../../src/training/telemetry.ts';
import { median, type WatchingResult } from '../results.ts';

/** Two checks fall into a block, as often as in a run of 2,400 steps. */
const STEPS = 240;
const EVERY_STEPS = 120;
const BLOCKS = [
  'unwatched',
  'watched',
  'unwatched',
  'unwatched',
  'watched',
  'watched',
  'unwatched',
  'unwatched',
  'watched',
] as const;

const BASE: RunConfig = {
  ...withPreset('small'),
  backend: 'wasm',
  identities: 64,
  imagesPerIdentity: 8,
  steps: STEPS,
  verifyEvery: 0,
  verifyPairs: 20,
  checkEvery: (100 * EVERY_STEPS) / STEPS,
  stopAt: 100,
};

const CONFIGS: Readonly<Record<(typeof BLOCKS)[number], RunConfig>> = {
  watched: BASE,
  unwatched: { ...BASE, telemetryEvery: 1000, kernelEvery: 10_000, craft: false },
};

/**
 * Both arms of Small with telemetry and checks at the default rate, and with neither, in alternating blocks. Processor
 * time, as the clock tells more of the machine's other users than of a two per cent difference.
 */
export async function measureSession(): Promise<NonNullable<WatchingResult['session']>> {
  const engine = await openEngine({ preference: 'wasm' });
  const { seed, identities, imagesPerIdentity, imageSize: size, region } = BASE;
  const faces = await population({ seed, identities, imagesPerIdentity, size, region, variation: 'lfw' });
  const times = { watched: [] as number[], unwatched: [] as number[] };
  for (const [index, block] of BLOCKS.entries()) {
    const session = new Session({ runId: block, config: CONFIGS[block], faces, engine });
    let used = process.cpuUsage();
    for await (const event of session.run()) {
      if (event.type === 'failed') throw new Error(event.failure.message);
      if (event.type === 'compiling') used = process.cpuUsage();
    }
    // The first block only warms up.
    if (index > 0) times[block].push(processorMs(used) / STEPS);
    session.dispose();
  }
  return { steps: STEPS, watchedMs: times.watched, unwatchedMs: times.unwatched, ...(await callByCall()) };
}

/** The medians of what watching calls, on two idle arms. */
async function callByCall(): Promise<{ tickMs: number; tickWithKernelsMs: number; checkMs: number }> {
  const architecture = architectureOf(BASE, 51);
  const arms = (['standard', 'craft'] as const).map(
    (name) => new Arm(name, FaceNetwork.create(architecture, recipeOf(BASE), 1)),
  );
  const tick = (kernels: boolean) => async () => {
    for (const reading of await readTelemetry(arms, kernels)) filterReport(reading, BASE);
  };
  const [, craft] = arms;
  const result = {
    tickMs: await medianOf(tick(false)),
    tickWithKernelsMs: await medianOf(tick(true)),
    checkMs: await medianOf(async () => {
      await craft?.check(EVERY_STEPS, { ...BASE, criterion: 'relativeNorm', rho: 0.9 });
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

function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
