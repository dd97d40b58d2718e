import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { architectureOf } from '../network/architecture.ts';
import { openEngine } from '../network/backend.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { readModel } from './import/read-model.ts';
import { ModelProblem } from './model-problem.ts';
import { type RunArchive, readRunArchive, writeRunArchive } from './run-archive.ts';
import { smallConfig, testImages, trainedNetwork } from './testing/trained.ts';

const config = smallConfig({ seed: 5, learningRate: 0.07 });
const run: RunArchive = {
  config,
  step: 120,
  version: '0.1.0',
  engine: { backend: 'wasm', adapter: 'SIMD' },
  metrics: 'arm,step,loss\ncraft,120,1.5\n',
  events: 'step,arm\n',
  arms: [
    { name: 'standard', state: trainedNetwork({ ...config, seed: 6 }).state },
    { name: 'craft', state: trainedNetwork(config).state },
  ],
};
const archive = writeRunArchive(run);

/** The archive with some of its files replaced. */
function changed(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync({ ...unzipSync(archive), ...files }, { level: 0 });
}

describe('the archive of a run', () => {
  it('gives back config, step and every number of both arms, momentum included', () => {
    const { notices, ...back } = readRunArchive(archive);
    expect(notices).toEqual([]);
    expect(back).toEqual(run);
    expect(back.arms[1]?.state.get('stem.conv.weight.momentum_buffer')?.values.some((value) => value !== 0)).toBe(true);
  });

  it('lets training go on bit for bit', async () => {
    await openEngine({ preference: 'cpu' });
    const make = () => FaceNetwork.create(architectureOf(config, 10), recipeOf(config), config.seed);
    const size = config.imageSize;
    const batch = {
      images: tensor4d(testImages(4, size), [4, size, size, 3]),
      labels: tensor1d([0, 1, 2, 3], 'int32'),
    };
    const network = make();
    network.trainStep(batch, 0.1);
    const state = await network.exportState();
    const saved = readRunArchive(writeRunArchive({ ...run, arms: [{ name: 'craft', state }] }));
    const resumed = make();
    resumed.importState(saved.arms[0]?.state ?? expect.fail('no arm'));
    for (const one of [network, resumed]) one.trainStep(batch, 0.1);
    expect(await resumed.exportState()).toEqual(await network.exportState());
    for (const one of [network, resumed, batch.images, batch.labels]) one.dispose();
  });

  it('holds models that others open', () => {
    const names = Object.keys(unzipSync(archive));
    for (const arm of ['standard', 'craft']) {
      for (const file of ['model.json', 'weights.bin', 'model.safetensors']) expect(names).toContain(`${arm}/${file}`);
    }
    expect(readModel([{ name: 'run.zip', bytes: archive }]).format).toBe('tfjs-layers');
  });

  it('clamps settings from a file and says so', () => {
    const text = new TextDecoder().decode(unzipSync(archive)['run.json']);
    const edited = changed({ 'run.json': strToU8(text.replace('"learningRate": 0.07', '"learningRate": 1e9')) });
    const { config: clamped, notices } = readRunArchive(edited);
    expect(clamped.learningRate).toBe(2);
    expect(notices).toHaveLength(1);
  });

  it.each([
    ['no zip', new Uint8Array([1, 2, 3]), 'wrong-format'],
    ['another zip', zipSync({ 'a.txt': strToU8('a') }), 'not-a-model'],
    ['cut off', archive.subarray(0, archive.length / 2), 'wrong-format'],
    ['an arm without weights', changed({ 'craft/state.safetensors': new Uint8Array(0) }), 'empty-file'],
    [
      'another network than its settings',
      changed({
        'run.json': strToU8(
          new TextDecoder().decode(unzipSync(archive)['run.json']).replace('"filters": 8', '"filters": 16'),
        ),
      }),
      'inconsistent',
    ],
  ] as const)('refuses: %s', (_, bytes, code) => {
    expect(() => readRunArchive(bytes)).toThrow(ModelProblem);
    expect(() => readRunArchive(bytes)).toThrow(expect.objectContaining({ code }));
  });
});
