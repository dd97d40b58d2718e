import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { stream } from '../config/random.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { describeOn, TEST_BACKENDS } from '../kernels/testing/describe-on.ts';
import { numbers } from '../kernels/testing/evaluate.ts';
import { architectureOf } from './architecture.ts';
import { dropFeatures } from './dropout.ts';
import { FaceNetwork, type StepSettings } from './face-network.ts';
import type { NetworkState } from './network-state.ts';
import { KERNEL_NAME } from './parameters.ts';
import { recipeOf } from './recipe.ts';
import { openForTests } from './testing/open-for-tests.ts';

const CONFIG: RunConfig = {
  ...DEFAULT_CONFIG,
  ...({ imageSize: 16, filters: 8, width: 8, embeddingSize: 16, weightDecay: 0.05, momentum: 0.9 } as const),
};
const RATE = 0.1;
/** A channel of the first layer that gets no gradient, since it has no way forward and gets nothing back. */
const DEAF = 2;

function networkOf(change: Partial<RunConfig> = {}): FaceNetwork {
  const config = { ...CONFIG, ...change };
  return FaceNetwork.create(architectureOf(config, 6), recipeOf(config), 3);
}

/** Trains `count` steps; `settings` are those of step 0, 1, 2, ... */
async function trained(network: FaceNetwork, count: number, settings: (step: number) => StepSettings) {
  const images = tensor4d(numbers(4 * 16 * 16 * 3, 'images'), [4, 16, 16, 3]);
  const labels = tensor1d([0, 1, 2, 3], 'int32');
  for (let step = 0; step < count; step++) network.trainStep({ images, labels }, RATE, settings(step));
  images.dispose();
  labels.dispose();
  return network.exportState();
}

/** With the deaf channel: the next layer has no weights for it, and its PReLU gives 0 to all that is negative. */
function deafened(state: NetworkState): NetworkState {
  const changed = new Map([...state].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]));
  const valuesOf = (name: string) => changed.get(name)?.values ?? expect.fail(name);
  valuesOf('stem.bn.weight')[DEAF] = 0.5;
  valuesOf('stem.bn.bias')[DEAF] = -100;
  valuesOf('stem.prelu.weight')[DEAF] = 0;
  const next = valuesOf('body.0.conv.weight');
  for (let at = 0; at < next.length; at++) if (Math.floor(at / 8) % 8 === DEAF) next[at] = 0;
  return changed;
}

const deafOf = (state: NetworkState) => ({
  weight: state.get(KERNEL_NAME)?.values[DEAF] ?? Number.NaN,
  scale: state.get('stem.bn.weight')?.values[DEAF] ?? Number.NaN,
  shift: state.get('stem.bn.bias')?.values[DEAF] ?? Number.NaN,
});

/** The value to which a weight shrinks without a gradient, by torch.optim.SGD's formula in doubles. */
function shrunk(decays: readonly number[]): number {
  let [weight, velocity] = [1, 0];
  for (const decay of decays) {
    velocity = 0.9 * velocity + decay * weight;
    weight -= RATE * velocity;
  }
  return weight;
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    describe('a weight without a gradient', () => {
      test.each([true, false])('shrinks by the formula; batch norm too: %s', async (decayBatchNorm) => {
        await openForTests(name);
        const network = networkOf({ decayBatchNorm });
        network.importState(deafened(await network.exportState()));
        const before = deafOf(await network.exportState());
        const after = deafOf(await trained(network, 6, () => ({})));
        const rest = shrunk(Array.from({ length: 6 }, () => 0.05));
        expect(rest).toBeLessThan(0.95);
        expect(after.weight / before.weight).toBeCloseTo(rest, 5);
        expect(after.scale / before.scale).toBeCloseTo(decayBatchNorm ? rest : 1, 5);
        expect(after.shift / before.shift).toBeCloseTo(decayBatchNorm ? rest : 1, 5);
        network.dispose();
      });

      test('shrinks by the decay of each step', async () => {
        await openForTests(name);
        const network = networkOf();
        network.importState(deafened(await network.exportState()));
        const before = deafOf(await network.exportState());
        const decays = [0.05, 0.05, 0.05, 0.001, 0.001, 0.001];
        const after = deafOf(await trained(network, 6, (step) => ({ weightDecay: decays[step] ?? 0 })));
        expect(after.weight / before.weight).toBeCloseTo(shrunk(decays), 5);
        network.dispose();
      });
    });

    test('dropout: features that are left out change nothing behind them', async () => {
      await openForTests(name);
      const still = { weightDecay: 0 };
      const plain = await trained(networkOf(), 1, () => still);
      const change = async (dropout: StepSettings['dropout']) => {
        const network = networkOf();
        const state = await trained(network, 1, () => ({ ...still, dropout }));
        network.dispose();
        return state;
      };
      const x = tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
      const draws = [0.1, 0.5, 0.2, 0.9];
      const scaled = dropFeatures(x, { share: 0.5, uniform: () => draws.shift() ?? 0 });
      expect([...(await scaled.data())]).toEqual([0, 4, 0, 8]);
      x.dispose();
      scaled.dispose();
      const dropped = await change({ share: 0.5, uniform: stream(1, 'mask') });
      expect(await change({ share: 0.5, uniform: stream(1, 'mask') })).toEqual(dropped);
      expect(await change({ share: 0.5, uniform: stream(2, 'mask') })).not.toEqual(dropped);
      // Nothing is left out, and nothing scaled.
      expect(await change({ share: 0, uniform: stream(1, 'mask') })).toEqual(plain);
      // One feature of each image is kept: only its column of the embedding's weights moves.
      const features = 2 * 2 * 16;
      let drawn = 0;
      const one = await change({ share: 0.9, uniform: () => (drawn++ % features === 5 ? 0.95 : 0) });
      const first = (await networkOf().exportState()).get('embedding.weight')?.values ?? expect.fail('no weights');
      const moved = one.get('embedding.weight')?.values ?? expect.fail('no weights');
      const columns = new Set([...moved.keys()].filter((at) => moved[at] !== first[at]).map((at) => at % features));
      expect([...columns]).toEqual([5]);
    });
  });
}
