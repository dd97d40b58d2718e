import { describe, expect, it } from 'vitest';
import { entranceOf, made } from '../testing/named-kernels.ts';
import type { NamedTensor } from './model-tensors.ts';

function sorted(list: readonly NamedTensor[]): readonly NamedTensor[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** MobileFaceNet's first layers, whose depthwise ones lie as high as the layer that takes the image. */
function faceNet(channels: number): readonly NamedTensor[] {
  return [
    made('conv1.conv.weight', [64, channels, 3, 3]),
    made('conv2_dw.conv.weight', [64, 1, 3, 3]),
    made('conv_23.conv.conv.weight', [128, 64, 1, 1]),
    made('conv_23.conv_dw.conv.weight', [128, 1, 3, 3]),
    made('conv_23.project.conv.weight', [64, 128, 1, 1]),
    made('conv_6_dw.conv.weight', [512, 1, 7, 7]),
  ];
}

/** Blocks whose names do not say which convolution is depthwise. */
function blocks(entrance: string, channels: number): readonly NamedTensor[] {
  const block = (number: number) => [
    made(`layers.${number}.conv1.weight`, [64, 1, 3, 3]),
    made(`layers.${number}.conv2.weight`, [128, 64, 1, 1]),
    made(`layers.${number}.conv3.weight`, [64, 128, 1, 1]),
  ];
  return [made(`${entrance}.weight`, [64, channels, 3, 3]), ...block(0), ...block(1), made('fc.weight', [512, 64])];
}

/** A transformer that cuts the image into patches for a dense layer, with a depthwise convolution in each block. */
function transformer(word: string, takes = 192): readonly NamedTensor[] {
  const block = (number: number) => [
    made(`blocks.${number}.qkv.weight`, [288, 96]),
    made(`blocks.${number}.proj.weight`, [96, 96]),
    made(`blocks.${number}.${word}.weight`, [96, 1, 3, 3]),
    made(`blocks.${number}.mlp.0.weight`, [384, 96]),
    made(`blocks.${number}.mlp.2.weight`, [96, 384]),
  ];
  return [made('patches.weight', [96, takes]), ...block(0), ...block(1), made('head.weight', [512, 96])];
}

describe('depthwise kernels in a file in no order', () => {
  it.each([1, 3, 4, 12, 48])('are not taken for the first layer of %d channels', (channels) => {
    for (const list of [faceNet(channels), blocks('body.conv1.conv', channels === 1 ? 3 : channels)]) {
      expect(entranceOf(sorted(list), false)).toEqual([list[0]?.name, undefined]);
    }
  });

  it.each([16, 27, 189])('nor where that takes %d channels, which are none of an image', (channels) => {
    const words = new RegExp(`conv1.conv.weight", but it takes ${channels} channels`);
    expect(() => entranceOf(sorted(faceNet(channels)), false)).toThrow(words);
    for (const entrance of ['conv1', 'stem.conv', 'net.conv1.conv']) {
      expect(() => entranceOf(sorted(blocks(entrance, channels)), false)).toThrow(`but it takes ${channels} channels`);
    }
  });

  it('leave a grey first layer the first, before bottlenecks, groups and halves', () => {
    const grey = made('features.0.filter.weight', [96, 1, 5, 5]);
    const halves = [grey, made('features.2.conv_a.filter.weight', [96, 48, 1, 1])];
    expect(entranceOf(halves, false)[0]).toBe(grey.name);
    const entrance = made('conv1.weight', [64, 1, 7, 7]);
    const bottlenecks = [
      entrance,
      made('layer1.0.conv1.weight', [128, 64, 1, 1]),
      made('layer1.0.conv2.weight', [128, 4, 3, 3]),
      made('layer1.0.conv3.weight', [256, 128, 1, 1]),
      made('layer1.1.conv1.weight', [64, 256, 1, 1]),
      made('fc.weight', [64, 256 * 49]),
    ];
    expect(entranceOf(sorted(bottlenecks), false)[0]).toBe(entrance.name);
    expect(entranceOf(blocks('conv1', 1), true)[0]).toBe('conv1.weight');
    expect(entranceOf(sorted(blocks('conv1', 1)), false)[0]).toBe('conv1.weight');
  });
});

describe('a network whose image goes through a dense layer', () => {
  it.each(['peg', 'conv', 'lepe', 'pos', 'cpe', 'get_v'])(
    'is refused for its depthwise %s, in order or not',
    (word) => {
      const words = `"blocks.0.${word}.weight", but it is depthwise with 96 channels`;
      // Also for patches of as many numbers as the dense layers in a block take or make.
      for (const list of [transformer(word), transformer(word, 384), transformer(word, 96)]) {
        expect(() => entranceOf(list, true)).toThrow(words);
        expect(() => entranceOf(sorted(list), false)).toThrow(words);
      }
    },
  );

  it.each([48, 192])('is refused for the depthwise one between two others, with %d numbers a patch', (takes) => {
    const block = (number: number) => [
      made(`blocks.${number}.attention.weight`, [192, 64]),
      made(`blocks.${number}.c1.weight`, [256, 64, 1, 1]),
      made(`blocks.${number}.c2.weight`, [256, 1, 3, 3]),
      made(`blocks.${number}.c3.weight`, [64, 256, 1, 1]),
    ];
    const list = [made('patch.weight', [64, takes]), ...block(0), ...block(1)];
    for (const ordered of [true, false]) {
      expect(() => entranceOf(ordered ? list : sorted(list), ordered)).toThrow('but it takes 64 channels');
    }
  });
});
