import { expect, test } from 'vitest';
import { layerResponses } from './layer-responses.ts';

const face = { size: 1, values: Float32Array.of(1, 0.5, -0.5) };
const plain = { name: 'conv', shape: [1, 1, 3, 1], kernel: Float32Array.of(1, 1, 1) } as const;
const batchNorm = { name: 'bn', gamma: [2], movingVariance: [4], epsilon: 0 };
const valuesOf = (layer: Parameters<typeof layerResponses>[0]) => [...(layerResponses(layer, face)?.maps.values ?? [])];

test('without a batch norm it is the convolution', () => {
  expect(valuesOf(plain)).toEqual([1]);
  expect(layerResponses(plain, face)?.batchNorm).toBe('none');
});

test('a batch norm is folded in whole, and by its scale alone where nothing else was read', () => {
  const whole = { ...plain, batchNorm: { ...batchNorm, centre: { beta: [0.25], movingMean: [0.5] } } };
  expect(valuesOf(whole)).toEqual([0.75]);
  expect(layerResponses(whole, face)?.batchNorm).toBe('whole');
  expect(layerResponses({ ...plain, batchNorm }, face)?.batchNorm).toBe('scale');
});

test('a negative sum stays negative: no activation is applied', () => {
  expect(valuesOf({ ...plain, kernel: Float32Array.of(-1, -1, -1) })).toEqual([-1]);
});

test('a layer of one channel sees the brightness, and one of other channels nothing', () => {
  const grey = { name: 'conv', shape: [1, 1, 1, 1], kernel: Float32Array.of(1) } as const;
  expect(valuesOf(grey)[0]).toBeCloseTo(0.299 + 0.587 / 2 - 0.114 / 2, 6);
  const deep = { name: 'conv', shape: [1, 1, 2, 1], kernel: Float32Array.of(1, 1) } as const;
  expect(layerResponses(deep, face)).toBeUndefined();
});
