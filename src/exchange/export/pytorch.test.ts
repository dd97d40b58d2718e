import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stream } from '../../config/random.ts';
import { learningRateAt, weightDecayAt } from '../../config/rates.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import { CRITERIA, foldingFactors, judgeActivity, measureActivity } from '../../craft/activity.ts';
import { inspectLayer } from '../../craft/inspection.ts';
import { reactivate, strongSet } from '../../craft/reactivation.ts';
import { STRATEGIES } from '../../craft/strategies.ts';
import { checkSteps } from '../../craft/testing/check-steps.ts';
import { floatsOf } from '../../formats/element-types.ts';
import { readSafetensors } from '../../formats/safetensors.ts';
import { architectureOf } from '../../network/architecture.ts';
import { openEngine } from '../../network/backend.ts';
import { FaceNetwork } from '../../network/face-network.ts';
import { recipeOf } from '../../network/recipe.ts';
import { pytorch } from '../../network/testing/pytorch.ts';
import { readModel } from '../import/read-model.ts';
import { bundleOnDisk } from '../pytorch/node/bundle-on-disk.ts';
import { embeddingsOf } from '../testing/engine.ts';
import { FILTER_BANKS } from '../testing/filter-banks.ts';
import { noiseFaces, plane, SMALL_FACES, writeSmallFaces } from '../testing/small-faces.ts';
import { largestDifference, smallConfig, testImages, trainedNetwork } from '../testing/trained.ts';
import { exportFaces } from './face-arrays.ts';
import { exportPyTorch } from './pytorch.ts';
import { fromPyTorch } from './pytorch-layout.ts';
import type { TrainedNetwork } from './trained-network.ts';

const CLASSES = 10;
const IMAGES = 8;
const RECIPE = { warmupSteps: 2, learningRate: 0.05, weightDecay: 0.005, scale: 16 } as const;
const CASES: Readonly<Record<string, RunConfig>> = {
  plain: smallConfig(RECIPE),
  // Every setting that changes between the three steps, and batch norm without decay.
  wide: smallConfig({
    ...RECIPE,
    kernelSize: '7',
    head: 'cosface',
    imageSize: 21,
    clipNorm: 0.5,
    steps: 4,
    schedule: 'step',
    warmupSteps: 0,
    dropsAt: '25 50',
    decayBatchNorm: false,
    weightDecay: 0.1,
    weightDecaySchedule: 'change',
    laterWeightDecay: 0.02,
  }),
  iresnet18: smallConfig({
    ...RECIPE,
    body: 'iresnet18',
    schedule: 'polynomial',
    warmupSteps: 0,
    arcfaceGradient: 'literal',
  }),
};

const numbers = z.array(z.number());
const resultSchema = z.object({
  choices: z.object({
    defaults: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
    criteria: z.array(z.string()),
    strategies: z.array(z.string()),
  }),
  networks: z.record(z.string(), z.object({ embeddings: numbers, rates: numbers, losses: numbers })),
  faces: z.record(z.string(), z.object({ classes: z.number(), labels: numbers, pixels: numbers })),
  banks: z.array(
    z.object({
      inactive: numbers,
      threshold: z.number(),
      strong: numbers,
      filters: numbers,
      donors: numbers,
      left: z.number(),
      norms: numbers,
      checks: numbers,
    }),
  ),
});

describe.skipIf(pytorch.command === undefined)(`the PyTorch bundle${pytorch.skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  let results: z.infer<typeof resultSchema> = {
    networks: {},
    banks: [],
    faces: {},
    choices: { defaults: {}, criteria: [], strategies: [] },
  };
  afterAll(() => {
    for (const path of [folder, `${folder}.faces`]) rmSync(path, { recursive: true });
  });

  beforeAll(async () => {
    await writeSmallFaces(`${folder}.faces`);
    for (const [name, config] of Object.entries(CASES)) {
      unpack(exportPyTorch(trainedNetwork(config, CLASSES), 'test', bundleOnDisk()), join(folder, name));
      writeFileSync(join(folder, name, 'images.bin'), testImages(IMAGES, config.imageSize));
    }
    writeFileSync(join(folder, 'banks.json'), JSON.stringify(FILTER_BANKS));
    const script = fileURLToPath(new URL('../testing/parity.py', import.meta.url));
    pytorch.run([script, folder]);
    results = resultSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')));
  });

  it.each(Object.keys(CASES))('%s: the same embeddings, and the same losses in three steps', async (name) => {
    const config = CASES[name] ?? expect.fail('no config');
    const result = results.networks[name] ?? expect.fail('PyTorch gave no result');
    const trained = trainedNetwork(config, CLASSES);
    const images = testImages(IMAGES, config.imageSize);
    const difference = largestDifference(result.embeddings, await embeddingsOf(trained, images));
    expect(difference).toBeLessThan(1e-4);
    const losses = await lossesOf(trained, images);
    const apart = largestDifference(result.losses, losses);
    expect(apart).toBeLessThan(1e-3);
    expect(result.rates).toEqual([0, 1, 2].map((step) => learningRateAt(step, config)));
    if (process.env.EXCHANGE_REPORT === '1')
      console.log('PyTorch', name, difference.toExponential(1), 'losses', apart.toExponential(1));
  });

  it('craft.py judges, chooses the strong and re-activates as src/craft does', () => {
    for (const [index, { settings, filters, gamma, variance }] of FILTER_BANKS.entries()) {
      const found = results.banks[index] ?? expect.fail('PyTorch gave no result');
      const kernel = Float32Array.from({ length: 27 * 16 }, (_, i) => filters[i % 16]?.[Math.floor(i / 16)] ?? 0);
      const batchNorm = { gamma, movingVariance: variance, epsilon: 1e-5 };
      const here = reactivate(kernel, [3, 3, 3, 16], settings, stream(1, 'draw'), batchNorm);
      const activity = measureActivity(kernel, [3, 3, 3, 16], foldingFactors(16, batchNorm));
      expect(found.inactive).toEqual(here.inactive);
      expect(found.threshold).toBeCloseTo(judgeActivity(activity, settings).threshold, 6);
      expect(found.strong).toEqual(strongSet(activity.norms, here.active, settings.strongShare));
      expect([found.filters, found.donors]).toEqual([here.filters, here.donors]);
      expect(found.checks).toEqual(checkSteps(173, settings));
      if (!settings.criterion.startsWith('folded')) expect(found.left).toBe(0);
      const norms = measureActivity(here.kernel, [3, 3, 3, 16], foldingFactors(16)).norms;
      for (const [filter, norm] of found.norms.entries()) {
        // Norms of new filters are matched, so random numbers do not show in them; `gaussian` keeps its own.
        const compared =
          !here.filters.includes(filter) || (settings.strategy !== 'gaussian' && !here.rescaled.includes(filter));
        if (compared) expect(norm).toBeCloseTo(norms[filter] ?? Number.NaN, 5);
      }
    }
  });

  it('craft.py has the same defaults, criteria and strategies', () => {
    const { defaults, criteria, strategies } = results.choices;
    expect(Object.keys(defaults)).toHaveLength(12);
    expect(DEFAULT_CONFIG).toMatchObject(defaults);
    expect([criteria, strategies]).toEqual([CRITERIA, STRATEGIES]);
  });

  it('faces.py reads a folder, a .rec and an .npz alike', () => {
    const expected = {
      classes: 2,
      labels: SMALL_FACES.map(({ label }) => label),
      pixels: SMALL_FACES.flatMap(({ pixels }) => [0, 1, 2].flatMap((channel) => plane(pixels, channel))),
    };
    expect(Object.keys(results.faces)).toHaveLength(3);
    for (const found of Object.values(results.faces)) {
      expect({ ...found, pixels: [] }).toEqual({ ...expected, pixels: [] });
      expect(largestDifference(found.pixels, expected.pixels)).toBeLessThan(1e-6);
    }
  });

  it('torchrun with two processes re-activates the same filters on both and writes a bundle that opens here', async () => {
    const config = smallConfig({
      ...RECIPE,
      learningRate: 0.001,
      batchSize: 8,
      steps: 6,
      checkEvery: 33,
      stopAt: 100,
      weightDecay: 0.0005,
    });
    const trained = trainedNetwork(config, CLASSES);
    const kernel = trained.state.get('stem.conv.weight')?.values ?? expect.fail('no kernel');
    const scale = trained.state.get('stem.bn.weight')?.values ?? expect.fail('no scale');
    // Filters 1 and 5 are dead, and their scales with them: else the first steps alone would bring them back.
    const dead = [1, 5];
    for (const filter of dead) {
      for (let i = filter; i < kernel.length; i += 8) kernel[i] = 1e-4 * (kernel[i] ?? 0);
      scale[filter] = 1e-5;
    }
    const bundle = join(folder, 'torchrun');
    unpack(exportPyTorch({ ...trained, step: 0 }, 'test', bundleOnDisk()), bundle);
    const faces = noiseFaces(config.imageSize, CLASSES);
    writeFileSync(join(bundle, 'faces.npz'), exportFaces(faces, Int32Array.from(faces.labels.keys()), faces.labels));

    // Debian's torch 1.13 on Python 3.11 cannot read its own default of --redirects and --tee.
    const logs = ['--redirects', '1', '--tee', '1', '--log_dir', join(folder, 'logs')];
    const launch = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node', '2', ...logs];
    pytorch.run([...launch, 'train.py', '--faces', 'faces.npz', '--out', 'out'], { cwd: bundle });
    const events = readFileSync(join(bundle, 'out/events.csv'), 'utf8').trim().split('\n');
    // train.py compares the ranks' first layers itself and fails where they differ; the last column says how many it
    // saw.
    expect(events).toEqual(['step,strategy,filter,ranks', '2,blend,1,2', '2,blend,5,2']);
    const bytes = readFileSync(join(bundle, 'out/model.safetensors'));
    const model = await readModel([{ name: 'model.safetensors', bytes }]);
    const first = model.convolutions[model.first] ?? expect.fail('no first layer');
    expect(first.shape).toEqual([3, 3, 3, 8]);
    expect(inspectLayer(first).raw.nearZero).toEqual([]);
    const tensors = new Map(
      [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
        name,
        { shape: tensor.shape, data: floatsOf(tensor) ?? new Float32Array(0) },
      ]),
    );
    const state = fromPyTorch(tensors, architectureOf(config, CLASSES)) ?? expect.fail('does not fit');
    expect(state.get('stem.conv.weight')?.values).toEqual(first.kernel);
    const metrics = readFileSync(join(bundle, 'out/metrics.csv'), 'utf8').trim().split('\n');
    expect(metrics[0]).toBe('step,loss,learning_rate,inactive,unused');
    const [, loss, , inactive, unused] = (metrics.at(-1) ?? '').split(',').map(Number);
    expect(loss).toBeGreaterThan(0);
    expect(inactive).toBe(0);
    expect(unused).toBeLessThan(8);
  });
});

function unpack(zip: Uint8Array, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(zip))) writeFileSync(join(folder, name), content);
}

async function lossesOf({ config, state }: TrainedNetwork, images: Float32Array): Promise<number[]> {
  await openEngine({ preference: 'cpu' });
  const network = FaceNetwork.create(architectureOf(config, CLASSES), recipeOf(config), config.seed);
  // PyTorch's momentum starts at zero.
  const fresh = new Map(
    [...state].map(([name, { shape, values }]) => [
      name,
      { shape, values: name.endsWith('.momentum_buffer') ? new Float32Array(values.length) : values },
    ]),
  );
  network.importState(fresh);
  const size = config.imageSize;
  const batch = {
    images: tensor4d(images, [IMAGES, size, size, 3]),
    labels: tensor1d(
      Array.from({ length: IMAGES }, (_, index) => (index * 3) % CLASSES),
      'int32',
    ),
  };
  const losses: number[] = [];
  for (const step of [0, 1, 2]) {
    network.trainStep(batch, learningRateAt(step, config), { weightDecay: weightDecayAt(step, config) });
    const packed = network.telemetry();
    losses.push((await packed.data<'float32'>())[0] ?? Number.NaN);
    packed.dispose();
  }
  batch.images.dispose();
  batch.labels.dispose();
  network.dispose();
  return losses;
}
