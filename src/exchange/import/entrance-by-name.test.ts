import { describe, expect, it } from 'vitest';
import { BY_NAME, entranceOf, filled, LATER, made, NETWORK } from '../testing/named-kernels.ts';
import { convolutionsByName } from './named-tensors.ts';

describe('the first layer by name', () => {
  it('names the branch of one pixel beside the first layer, as RepVGG has it', () => {
    const list = [made('stem.conv_1x1.weight', [16, 3, 1, 1]), made('stem.conv_kxk.weight', [16, 3, 3, 3]), LATER];
    const { convolutions, first, alsoFirst } = convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered: true });
    expect([convolutions[first]?.name, alsoFirst]).toEqual(['stem.conv_kxk.weight', ['stem.conv_1x1.weight']]);
  });

  it('takes no buffer for the first layer', () => {
    const blocks = made('dw.weight', [16, 1, 3, 3]);
    const list = [made('haar', [4, 1, 2, 2]), made('conv1.weight', [16, 12, 3, 3]), blocks];
    const { convolutions, first } = convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered: true });
    expect(convolutions[first]?.name).toBe('conv1.weight');
  });

  it.each(['stn.fc.0', 'localization.0', 'net.loc_net.0', 'conv1.offset_conv', 'decoder.4'])(
    'takes %s, which is beside the way of the image, for no first layer, and names it',
    (aside) => {
      const list = [made(`${aside}.weight`, [8, 3, 7, 7]), made('net.layer.conv1.weight', [16, 3, 3, 3]), LATER];
      for (const ordered of [true, false]) {
        const found = convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered });
        expect(found.convolutions[found.first]?.name).toBe('net.layer.conv1.weight');
        expect(found.alsoFirst).toEqual([`${aside}.weight`]);
      }
    },
  );

  it.each([2, 5, 6, 12])(
    'finds the first layer for %d channels among depthwise convolutions under any name',
    (channels) => {
      const blocks = [
        made('features.1.conv.0.0.weight', [32, 1, 3, 3]),
        made('features.2.conv.0.0.weight', [16, 1, 3, 3]),
      ];
      const list = [
        made('features.0.0.weight', [32, channels, 3, 3]),
        made('features.1.conv.1.weight', [16, 32, 1, 1]),
      ];
      for (const ordered of [true, false]) {
        const sorted = [...list, ...blocks].toSorted((a, b) => (a.name < b.name ? -1 : 1));
        expect(entranceOf(sorted, ordered)).toEqual(['features.0.0.weight', undefined]);
      }
    },
  );

  it('a grey first layer stays the first, with a branch of one pixel and an attention of two channels', () => {
    const branches = [made('rbr_1x1.weight', [16, 1, 1, 1]), made('rbr_dense.weight', [16, 1, 3, 3])];
    expect(entranceOf([...branches, LATER], true)[0]).toBe('rbr_dense.weight');
    const attention = [
      made('attention.weight', [1, 2, 7, 7]),
      made('attention.bias', [1]),
      made('net.blocks.0.conv.weight', [64, 1, 3, 3]),
    ];
    expect(entranceOf(attention, false)[0]).toBe('net.blocks.0.conv.weight');
  });

  it('judges no layer within a network that takes transformed colours, in order or not', () => {
    const list = [
      made('dct.conv.weight', [24, 64, 1, 1]),
      made('stages.0.0.attention.conv.weight', [1, 2, 7, 7]),
      made('stages.0.0.attention.conv.bias', [1]),
      made('stages.0.1.pos.proj.weight', [24, 1, 3, 3]),
      made('stages.1.0.conv.weight', [48, 24, 1, 1]),
      made('stages.1.1.pos.proj.weight', [48, 1, 3, 3]),
    ];
    expect(() => entranceOf(list, true)).toThrow(/"dct.conv.weight", but it takes 64 channels/);
    const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(() => entranceOf(sorted, false)).toThrow(/"dct.conv.weight", but it takes 64 channels/);
    // The file makes the channels that the highest layer takes.
    const inner = [made('dct.conv.weight', [24, 48, 1, 1]), ...sorted.slice(1)];
    expect(() => entranceOf(inner, false)).toThrow(/"stages.0.1.pos.proj.weight", but it may be a depthwise one/);
    // A layer of one filter alone is still the first.
    expect(entranceOf([made('conv1.weight', [1, 3, 3, 3])], true)[0]).toBe('conv1.weight');
  });

  it('names no buffer of three channels as a convolution that takes the image', () => {
    const list = [made('mean', [1, 3, 1, 1]), ...NETWORK];
    expect(convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered: true }).alsoFirst).toEqual([]);
  });

  it('takes no fixed blur for the first layer', () => {
    const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);
    const grey = [filled('blur.weight', [1, 1, 3, 3], binomial), made('conv1.weight', [16, 1, 3, 3]), LATER];
    expect(entranceOf(grey, true)).toEqual(['conv1.weight', undefined]);
    const colours = filled('blur.weight', [3, 1, 3, 3], [...binomial, ...binomial, ...binomial]);
    expect(entranceOf([colours, ...NETWORK], true)).toEqual(['conv1.weight', undefined]);
    expect(() => entranceOf([colours], true)).toThrow(/"blur.weight", but it is a fixed blur/);
  });

  it.each(['stem.weight', 'conv1.weight', 'net.input_layer.0.weight'])(
    'finds %s, for images of one channel, among depthwise convolutions sorted by name',
    (entrance) => {
      const blocks = [0, 1].map((block) => made(`net.blocks.${block}.dw.weight`, [16, 1, 3, 3]));
      const list = [...blocks, made(entrance, [16, 1, 3, 3])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { convolutions, first } = convolutionsByName(list, BY_NAME);
      expect(convolutions[first]?.name).toBe(entrance);
    },
  );

  it('takes no second half of a separable convolution for the first layer', () => {
    const list = [
      made('layers/separable_conv2d/vars/0', [3, 3, 3, 1]),
      made('layers/separable_conv2d/vars/1', [1, 1, 3, 8]),
    ];
    const { convolutions, first } = convolutionsByName(list, { ...BY_NAME, layout: 'HWIO', sorted: true });
    expect(convolutions[first]?.shape).toEqual([3, 3, 1, 3]);
  });
});
