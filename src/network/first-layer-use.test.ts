import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { architectureOf } from './architecture.ts';
import { FIRST_NORM, initialFirstLayer, savedFirstLayer } from './first-layer.ts';
import { firstLayerUse } from './first-layer-use.ts';
import type { NetworkState } from './network-state.ts';
import { initialValues, KERNEL_NAME, parametersOf } from './parameters.ts';

const CONFIG = { ...DEFAULT_CONFIG, filters: 8, width: 8, imageSize: 16 };
const ARCHITECTURE = architectureOf(CONFIG, 4);

/** A fresh network. */
function fresh(): Map<string, { shape: readonly number[]; values: Float32Array<ArrayBuffer> }> {
  return new Map(
    parametersOf(ARCHITECTURE).map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, 1) }]),
  );
}

const use = (state: NetworkState) => firstLayerUse(state, ARCHITECTURE, CONFIG);

test('a filter without weights is inactive, one without listeners unused', () => {
  const state = fresh();
  expect(use(state)).toEqual({ filters: 8, inactive: [], unused: 0 });
  // Filter 2 has no weights; nobody listens to filter 5, and the scale of filter 2 is zero.
  state.get(KERNEL_NAME)?.values.forEach((_, at, values) => {
    if (at % 8 === 2) values[at] = 0.001;
  });
  state.get(`${FIRST_NORM}.weight`)?.values.set([0], 2);
  state.get('body.0.conv.weight')?.values.forEach((_, at, values) => {
    if (Math.floor(at / 8) % 8 === 5) values[at] = 0;
  });
  expect(use(state)).toEqual({ filters: 8, inactive: [2], unused: 2 });
});

test('a saved network responds with its own first layer, or not at all where a part of that is missing', () => {
  const state = fresh();
  const { kernel, channels } = initialFirstLayer(ARCHITECTURE, 1);
  expect(savedFirstLayer(state, ARCHITECTURE)).toEqual({ kernel, channels, shape: [3, 3, 3, 8] });
  state.delete(`${FIRST_NORM}.running_mean`);
  expect(savedFirstLayer(state, ARCHITECTURE)).toBeUndefined();
});

test('a network that lacks a tensor is not counted', () => {
  const state = fresh();
  state.delete('body.0.conv.weight');
  expect(use(state)).toBeUndefined();
});
