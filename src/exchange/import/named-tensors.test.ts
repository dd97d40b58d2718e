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

  const made = (name: string, shape: readonly number[], type = 'F32'): NamedTensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { name, shape, type, floats: () => new Float32Array(count).fill(1) };
  };
  const later = made('layer.conv.weight', [8, 16, 3, 3]);

  it.each([
    [
      'LoRA beside its frozen weight',
      [
        made('m.conv1.base_layer.weight', [16, 3, 3, 3]),
        made('m.conv1.lora_A.default.weight', [4, 3, 3, 3]),
        made('m.conv1.lora_B.default.weight', [16, 4, 1, 1]),
        later,
      ],
      /"m.conv1.weight", cannot be read: its numbers are computed from base_layer, lora_A, lora_B/,
    ],
    [
      'LoRA alone',
      [made('m.conv1.lora_A.weight', [4, 3, 3, 3]), made('m.conv1.lora_B.weight', [16, 4, 1, 1])],
      /computed from lora_A, lora_B/,
    ],
    [
      'LoRA beside a weight of its own name',
      [made('conv1.weight', [16, 3, 3, 3]), made('conv1.lora_A', [12, 9]), made('conv1.lora_B', [48, 12]), later],
      /"conv1.weight", cannot be read/,
    ],
    [
      'a kernel for volumes',
      [made('conv1.weight', [16, 3, 1, 3, 3]), later],
      /"conv1.weight", cannot be read: its kernel is \[16, 3, 1, 3, 3\], not one for 2-D images/,
    ],
    ['a kernel for lines of three channels', [made('conv1.weight', [16, 3, 5]), later], /\[16, 3, 5\]/],
  ])('refuses %s and judges no other layer', (_, list, words) => {
    expect(() => convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered: true })).toThrow(words);
  });

  it.each(['stem.weight', 'conv1.weight', 'net.input_layer.0.weight'])(
    'finds %s, for images of one channel, among depthwise convolutions sorted by name',
    (entrance) => {
      const blocks = [0, 1].map((block) => made(`net.blocks.${block}.dw.weight`, [16, 1, 3, 3]));
      const list = [...blocks, made(entrance, [16, 1, 3, 3])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { convolutions, first } = convolutionsByName(list, SETTINGS);
      expect(convolutions[first]?.name).toBe(entrance);
    },
  );

  it('gives a convolution of Keras 2 its own batch norm, not the next in the alphabet', () => {
    const layer = (name: string) => [
      made(`${name}_bn/${name}_bn/gamma:0`, [16]),
      made(`${name}_bn/${name}_bn/moving_variance:0`, [16]),
      made(`${name}_conv/${name}_conv/kernel:0`, [3, 3, name === 'a' ? 3 : 16, 16]),
    ];
    const list = [...layer('a'), ...layer('b')];
    const { convolutions } = convolutionsByName(list, { ...SETTINGS, layout: 'HWIO', sorted: true });
    expect(convolutions.map(({ batchNorm }) => batchNorm?.name)).toEqual(['a_bn/a_bn', 'b_bn/b_bn']);
  });

  it('takes no second half of a separable convolution for the first layer', () => {
    const list = [
      made('layers/separable_conv2d/vars/0', [3, 3, 3, 1]),
      made('layers/separable_conv2d/vars/1', [1, 1, 3, 8]),
    ];
    const { convolutions, first } = convolutionsByName(list, { ...SETTINGS, layout: 'HWIO', sorted: true });
    expect(convolutions[first]?.shape).toEqual([3, 3, 1, 3]);
  });

  it('knows depthwise kernels by the numbers of Keras 3', () => {
    const list = [made('layers/depthwise_conv2d/vars/0', [3, 3, 3, 4]), made('layers/conv2d/vars/0', [1, 1, 12, 6])];
    const { convolutions, first } = convolutionsByName(list, { ...SETTINGS, layout: 'HWIO', ordered: true });
    expect(convolutions[first]?.shape).toEqual([3, 3, 1, 12]);
  });
});
