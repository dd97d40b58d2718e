import { expect, test } from 'vitest';
import { ScriptedClient } from '../../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import { type FirstLayer, firstLayer, noveltyFigures } from '../../../record/first-layer.ts';
import { createRunStore } from '../../state/run-store.ts';
import { differInSeedOnly, finalLayers } from './final-layers.ts';

const SHORT = { ...DEFAULT_CONFIG, steps: 200, telemetryEvery: 5, kernelEvery: 20 };

function trained(steps: number) {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: SHORT });
  store.actions.train();
  client.advance(steps);
  const { run } = store.getState();
  if (run === undefined) throw new Error('There is no run.');
  return run;
}

test('kernel and inactive flags are of one step', () => {
  const run = trained(133);
  const layer = firstLayer(run, 'craft', 90);
  const at = run.arms.craft?.layerAt(layer?.step);
  expect(layer?.step).toBe(80);
  expect([...(layer?.inactive ?? [])]).toEqual([...(at?.inactive ?? [])]);
});

test('only a run that went to its end is kept, with both arms and the re-activated filters', () => {
  expect(finalLayers(trained(150))).toBeUndefined();
  const kept = finalLayers(trained(200));
  expect([kept?.step, kept?.craft?.step]).toEqual([200, 200]);
  expect(kept?.reactivated.length).toBeGreaterThan(0);
});

test('a control is trained alike, from another seed; settings that do not change the standard arm may differ', () => {
  const other = { ...SHORT, seed: 2, arms: 'standard', craft: false, verifyEvery: 7 } as const;
  expect(differInSeedOnly({ config: SHORT }, { config: other })).toBe(true);
  expect(differInSeedOnly({ config: SHORT }, { config: SHORT })).toBe(false);
  expect(differInSeedOnly({ config: SHORT }, { config: { ...other, weightDecay: 0.001 } })).toBe(false);
  expect(differInSeedOnly({ config: SHORT }, { config: { ...other, identities: 100 } })).toBe(false);
});

/** Filters as columns of [1, 1, channels, filters]. */
function layer(filters: readonly (readonly number[])[], inactive: readonly number[]): FirstLayer {
  const channels = filters[0]?.length ?? 0;
  const kernel = new Float32Array(channels * filters.length);
  filters.forEach((weights, f) => {
    weights.forEach((weight, c) => {
      kernel[c * filters.length + f] = weight;
    });
  });
  return { step: 0, kernel, shape: [1, 1, channels, filters.length], inactive: Uint8Array.from(inactive) };
}

test('novelty counts active filters on both sides', () => {
  const bank = layer(
    [
      [2, 0],
      [0, 1],
      [0, 0],
    ],
    [0, 0, 1],
  );
  const other = layer(
    [
      [-1, 0],
      [0, 5],
    ],
    [0, 1],
  );
  // The first is the other's pattern with the sign turned; the second is only like a filter that is dead.
  expect(noveltyFigures(bank, other)).toEqual({
    median: 0.5,
    filters: [
      { filter: 0, novelty: 0 },
      { filter: 1, novelty: 1 },
    ],
  });
  expect(noveltyFigures(layer([[1, 0]], [1]), other)).toBeUndefined();
});
