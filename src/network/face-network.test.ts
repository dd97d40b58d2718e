import { backend, memory, tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { channelUse } from '../craft/contribution.ts';
import { describeOn, TEST_BACKENDS } from '../kernels/testing/describe-on.ts';
import { expectClose, numbers } from '../kernels/testing/evaluate.ts';
import { type ArchitectureSettings, architectureOf, firstLayerConsumers } from './architecture.ts';
import { FaceNetwork, type NetworkBatch } from './face-network.ts';
import { NetworkStateError } from './network-state.ts';
import { recipeOf } from './recipe.ts';
import { openForTests } from './testing/open-for-tests.ts';

const CONFIG: RunConfig = { ...DEFAULT_CONFIG, imageSize: 16, filters: 8, width: 8, embeddingSize: 16 };
const BODIES = ['plain', 'iresnet10'] as const;
const BATCH = 4;
const CLASSES = 6;

function networkOf(settings: Partial<ArchitectureSettings> = {}, seed = 3): FaceNetwork {
  const config = { ...CONFIG, ...settings };
  return FaceNetwork.create(architectureOf(config, CLASSES), recipeOf(config), seed);
}

/** A batch of its own for every step. */
function batchOf(step: number): NetworkBatch {
  return {
    images: tensor4d(numbers(BATCH * 16 * 16 * 3, `images ${step}`), [BATCH, 16, 16, 3]),
    labels: tensor1d(
      Array.from({ length: BATCH }, (_, index) => (index + step) % CLASSES),
      'int32',
    ),
  };
}

function train(networks: readonly FaceNetwork[], from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const batch = batchOf(step);
    for (const network of networks) network.trainStep(batch, 0.05);
    batch.images.dispose();
    batch.labels.dispose();
  }
}

async function telemetryOf(network: FaceNetwork, options?: { readonly kernel: boolean }): Promise<Float32Array> {
  const packed = network.telemetry(options);
  const values = new Float32Array(await packed.data());
  packed.dispose();
  return values;
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    // Shaders of an IResNet compile for half a minute; pytorch-parity.test.ts holds its steps on WebGPU to PyTorch's.
    describe.each(name === 'webgpu' ? (['plain'] as const) : BODIES)('a network with a %s body', (body) => {
      test('two of one seed that share their batches stay bit for bit the same, and one of another seed does not', async () => {
        await openForTests(name);
        const [standard, craft, other] = [networkOf({ body }), networkOf({ body }), networkOf({ body }, 4)];
        train([standard, craft, other], 0, 3);
        const state = await standard.exportState();
        expect(await craft.exportState()).toEqual(state);
        expect(await telemetryOf(craft)).toEqual(await telemetryOf(standard));
        expect(await other.exportState()).not.toEqual(state);
        for (const network of [standard, craft, other]) network.dispose();
      });

      test('resumes from an exported state as if it had never stopped', async () => {
        await openForTests(name);
        const [through, stopped, resumed] = [networkOf({ body }), networkOf({ body }), networkOf({ body }, 99)];
        train([through], 0, 3);
        train([stopped], 0, 2);
        resumed.importState(await stopped.exportState());
        train([resumed], 2, 3);
        expect(await resumed.exportState()).toEqual(await through.exportState());
        for (const network of [through, stopped, resumed]) network.dispose();
      });

      test('steps leave no tensors behind, and dispose leaves none at all', async () => {
        await openForTests(name);
        const before = { tensors: memory().numTensors, data: backend().numDataIds() };
        const network = networkOf({ body });
        train([network], 0, 1);
        await telemetryOf(network);
        const after = { tensors: memory().numTensors, data: backend().numDataIds() };
        train([network], 1, 4);
        await telemetryOf(network);
        expect({ tensors: memory().numTensors, data: backend().numDataIds() }).toEqual(after);
        network.dispose();
        expect({ tensors: memory().numTensors, data: backend().numDataIds() }).toEqual(before);
      });
    });

    test('the first layer is read and written to the last bit, and changes nothing else', async () => {
      await openForTests(name);
      const [network, twin] = [networkOf(), networkOf()];
      train([network, twin], 0, 2);
      const layer = await network.readFirstLayer();
      expect(layer.kernel.length).toBe(3 * 3 * 3 * 8);
      expect(layer.momentum.kernel.some((value) => value !== 0)).toBe(true);
      network.writeFirstLayer(layer);
      expect(await network.exportState()).toEqual(await twin.exportState());

      const doubled = { ...layer, kernel: layer.kernel.map((value) => 2 * value), gamma: layer.gamma.fill(3) };
      network.writeFirstLayer(doubled);
      expect(await network.readFirstLayer()).toEqual(doubled);
      const changed = [...(await twin.exportState())].filter(([key]) => !/^stem\.(conv|bn)\.weight$/.test(key));
      const state = await network.exportState();
      for (const [key, tensor] of changed) expect(state.get(key), key).toEqual(tensor);
      network.dispose();
      twin.dispose();
    });

    test.each(BODIES)('telemetry packs loss, accuracy, measures of each filter and the kernel: %s', async (body) => {
      await openForTests(name);
      const network = networkOf({ body });
      train([network], 0, 2);
      const values = await telemetryOf(network, { kernel: true });
      const { kernel, gamma, beta, movingMean, movingVariance, slope } = await network.readFirstLayer();
      const filters = Array.from({ length: 8 }, (_, f) => kernel.filter((_, index) => index % 8 === f));
      const norms = filters.map((filter) => Math.hypot(...filter));
      const folded = norms.map(
        (norm, f) => (Math.abs(gamma[f] ?? 0) / Math.sqrt((movingVariance[f] ?? 0) + 1e-5)) * norm,
      );
      expect(values[0]).toBeGreaterThan(0);
      expect([0, 0.25, 0.5, 0.75, 1]).toContain(values[1]);
      expectClose(values.subarray(2, 10), norms, 1e-5);
      expectClose(
        values.subarray(10, 18),
        filters.map((filter) => Math.max(...filter.map(Math.abs))),
        0,
      );
      expectClose(values.subarray(18, 26), folded, 1e-5);
      const state = await network.exportState();
      const consumers = firstLayerConsumers(network.architecture).map((consumer) => {
        const { shape, values: weights } = state.get(consumer) ?? expect.fail(`no ${consumer}`);
        const [height = 0, width = 0, channels = 0, outputs = 0] = shape;
        return { kernel: weights, shape: [height, width, channels, outputs] } as const;
      });
      expect(consumers).toHaveLength(body === 'plain' ? 1 : 2);
      expectClose(values.subarray(26, 34), channelUse(gamma, consumers).contributions, 1e-5);
      const behind = 34 + kernel.length;
      expect(values.subarray(34, behind)).toEqual(kernel);
      const follows = [gamma, beta, movingMean, movingVariance, slope].flatMap((part) => [...part]);
      expect([...values.subarray(behind)]).toEqual(follows);
      network.dispose();
    });

    test('an embedding does not depend on the images beside it', async () => {
      await openForTests(name);
      const network = networkOf();
      train([network], 0, 2);
      const pixels = numbers(2 * 16 * 16 * 3, 'two images');
      const [both, alone] = [tensor4d(pixels, [2, 16, 16, 3]), tensor4d(pixels.slice(0, 16 * 16 * 3), [1, 16, 16, 3])];
      const [ofBoth, ofOne] = [network.embed(both), network.embed(alone)];
      expectClose(await ofOne.data(), (await ofBoth.data()).subarray(0, 16), 1e-5);
      for (const tensor of [both, alone, ofBoth, ofOne]) tensor.dispose();
      network.dispose();
    });

    test('a loss falls on a batch that is repeated', async () => {
      await openForTests(name);
      const network = networkOf();
      const batch = batchOf(0);
      network.trainStep(batch, 0.05);
      const [first = 0] = await telemetryOf(network);
      for (let step = 0; step < 4; step++) network.trainStep(batch, 0.05);
      const [last = 0] = await telemetryOf(network);
      expect(last).toBeLessThan(first / 2);
      network.dispose();
    });
  });
}

await describeOn('cpu', () => {
  test('a state of another network is refused with the tensor named, and changes nothing', async () => {
    await openForTests('cpu');
    const [small, large] = [networkOf(), networkOf({ width: 16 })];
    const before = await small.exportState();
    const foreign = await large.exportState();
    expect(() => small.importState(foreign)).toThrow(NetworkStateError);
    expect(() => small.importState(foreign)).toThrow('"body.0.conv.weight" is [3,3,8,16]');
    expect(() => small.importState(new Map())).toThrow('has no "stem.conv.weight"');
    expect(await small.exportState()).toEqual(before);
    const layer = await small.readFirstLayer();
    expect(() => small.writeFirstLayer({ ...layer, gamma: new Float32Array(7) })).toThrow('has 8 numbers, not 7');
    small.dispose();
    large.dispose();
  });

  test('a disposed network says so', async () => {
    await openForTests('cpu');
    const network = networkOf();
    network.dispose();
    expect(() => network.telemetry()).toThrow('disposed');
  });

  test('class centres and the exported arrays are copies: changing them changes no network', async () => {
    await openForTests('cpu');
    const network = networkOf();
    const state = await network.exportState();
    state.get('head.weight')?.values.fill(9);
    expect((await network.exportState()).get('head.weight')?.values[0]).not.toBe(9);
    const layer = await network.readFirstLayer();
    network.writeFirstLayer(layer);
    layer.kernel.fill(9);
    expect((await network.readFirstLayer()).kernel[0]).not.toBe(9);
    network.dispose();
  });
});
