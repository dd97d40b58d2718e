import { expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { convolutionsOf } from './compute-graph.ts';
import { layersNodes } from './keras-layers.ts';

/** A network of one layer and a convolution behind it. */
function firstBehind(kind: string): string | undefined {
  const layer = (class_name: string, name: string) => ({ class_name, name, config: { name } });
  const topology = {
    class_name: 'Sequential',
    config: [layer('InputLayer', 'image'), layer(kind, 'ahead'), layer('Conv2D', 'conv')],
  };
  const kernel = { name: 'kernel', shape: [3, 3, 3, 2], type: 'float32', floats: () => new Float32Array(54).fill(1) };
  const nodes = layersNodes(topology, () => new Map([['kernel', kernel]])) ?? [];
  const { convolutions, first } = convolutionsOf(nodes, new Budget(1e6));
  return convolutions[first]?.name;
}

it.each([
  'RandomFlip',
  'RandomColorJitter',
  'RandomErasing',
  'RandAugment',
  'AutoContrast',
  'Resize',
  'RGBToGrayscale',
])('the image passes %s on its way to the first layer', (kind) => expect(firstBehind(kind)).toBe('conv'));

it.each(['Lambda', 'AffineTransform', 'RandomConvolutions'])('%s may be the first layer', (kind) => {
  expect(() => firstBehind(kind)).toThrow(/"ahead"/);
});
