import { describe, expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { toPyTorch } from '../export/pytorch-layout.ts';
import { architectureOfNetwork } from '../export/trained-network.ts';
import { smallConfig, trainedNetwork } from '../testing/trained.ts';
import type { NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

const trained = trainedNetwork(smallConfig({ body: 'iresnet10' }));
const tensors = [...toPyTorch(trained.state, architectureOfNetwork(trained))].map(
  ([name, { shape, data }]): NamedTensor => ({ name, shape, type: 'F32', floats: () => new Float32Array(data) }),
);
const SETTINGS = { budget: new Budget(1e7) } as const;

describe('tensors by name', () => {
  it.each([
    ['in the order of the model', tensors],
    ['sorted by name, as Python writes safetensors', tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))],
  ])('%s: every convolution gets the batch norm behind it', (_, list) => {
    const { convolutions, first } = convolutionsByName(list, SETTINGS);
    const norms = new Map(convolutions.map(({ name, batchNorm }) => [name, batchNorm?.name]));
    expect(norms.get('stem.conv.weight')).toBe('stem.bn');
    for (const block of [0, 1, 2, 3]) {
      // bn1 comes before conv1.
      expect(norms.get(`body.${block}.conv1.weight`)).toBe(`body.${block}.bn2`);
      expect(norms.get(`body.${block}.conv2.weight`)).toBe(`body.${block}.bn3`);
      expect(norms.get(`body.${block}.downsample.0.weight`)).toBe(`body.${block}.downsample.1`);
    }
    expect(convolutions[first]?.name).toBe('stem.conv.weight');
  });

  it('finds the order of axes by shapes and leaves an optimiser out', () => {
    const tensor = (name: string, shape: readonly number[]): NamedTensor => ({
      name,
      shape,
      type: 'F32',
      floats: () => new Float32Array(shape.reduce((count, size) => count * size, 1)),
    });
    const { convolutions } = convolutionsByName(
      [
        tensor('first/kernel', [3, 3, 3, 16]),
        tensor('second/kernel', [1, 1, 16, 24]),
        tensor('first/kernel/Momentum', [3, 3, 3, 16]),
      ],
      SETTINGS,
    );
    expect(convolutions.map(({ shape }) => shape)).toEqual([
      [3, 3, 3, 16],
      [1, 1, 16, 24],
    ]);
  });
});
