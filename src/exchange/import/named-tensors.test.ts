import { describe, expect, it } from 'vitest';
import { BY_NAME, entranceOf, LATER, made, NETWORK } from '../testing/named-kernels.ts';
import type { Layout, NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

describe('tensors by name', () => {
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
      BY_NAME,
    );
    expect(convolutions.map(({ shape }) => shape)).toEqual([
      [3, 3, 3, 16],
      [1, 1, 16, 24],
    ]);
  });

  it.each<[string, readonly NamedTensor[], RegExp, Layout?]>([
    [
      'LoRA beside its frozen weight',
      [
        made('m.conv1.base_layer.weight', [16, 3, 3, 3]),
        made('m.conv1.lora_A.default.weight', [4, 3, 3, 3]),
        made('m.conv1.lora_B.default.weight', [16, 4, 1, 1]),
        LATER,
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
      [made('conv1.weight', [16, 3, 3, 3]), made('conv1.lora_A', [12, 9]), made('conv1.lora_B', [48, 12]), LATER],
      /"conv1.weight", cannot be read/,
    ],
    [
      'a kernel for volumes',
      [made('conv1.weight', [16, 3, 1, 3, 3]), LATER],
      /"conv1.weight", cannot be read: its kernel is \[16, 3, 1, 3, 3\], not one for 2-D images/,
    ],
    [
      'loralib, whose frozen weight has a module of its own',
      [
        made('m.conv1.lora_A', [6, 9]),
        made('m.conv1.lora_B', [48, 6]),
        made('m.conv1.conv.weight', [16, 3, 3, 3]),
        LATER,
      ],
      /"m.conv1.conv.weight", cannot be read: its numbers are computed from lora_A, lora_B/,
    ],
    [
      'a transposed convolution, by its bias',
      [made('up.weight', [3, 16, 4, 4]), made('up.bias', [16]), made('conv.weight', [8, 16, 3, 3])],
      /"up.weight", cannot be read: its bias has 16 numbers for 3 filters/,
    ],
    [
      'a transposed convolution, by its batch norm',
      [made('up.weight', [3, 16, 4, 4]), made('bn.weight', [16]), made('bn.running_var', [16]), LATER],
      /"up.weight", cannot be read: the batch norm behind it has 16 numbers for 3 filters/,
    ],
    [
      'a transposed convolution, by its class',
      [{ ...made('up.weight', [3, 3, 4, 4]), owner: 'torch.nn.modules.conv.ConvTranspose2d' }, LATER],
      /"up.weight", cannot be read: it is a transposed convolution/,
    ],
    [
      'a kernel that may be transposed, without a bias',
      [made('up.weight', [3, 16, 4, 4]), LATER],
      /it may be a transposed/,
    ],
    [
      'one of 3 × 3 channels, ahead of a convolution',
      [made('up.weight', [3, 3, 4, 4]), made('up.bias', [3]), made('conv.weight', [8, 3, 3, 3])],
      /"up.weight", cannot be read: with 3 channels in and out and no more in the file it may be a transposed/,
    ],
    ['a file whose convolutions take no image', [LATER], /"layer.conv.weight", but it takes 16 channels/],
    [
      'a spatial transformer alone',
      [made('stn.localization.0.weight', [8, 3, 7, 7]), made('stn.localization.0.bias', [8]), LATER],
      /"stn.localization.0.weight", but its name is that of a spatial transformer/,
    ],
    [
      'a kernel that is no weight, where no weight takes an image',
      [made('stem.filters', [16, 3, 3, 3]), LATER],
      /"stem.filters", but other kernels of the file are named weight/,
    ],
    [
      'depthwise convolutions alone',
      [made('block.dw.weight', [16, 1, 3, 3]), made('block.dw2.weight', [32, 1, 3, 3])],
      /"block.dw.weight", but it is depthwise with 16 channels/,
    ],
    [
      'numbered kernels of which two take an image',
      [made('0', [8, 3, 7, 7]), made('8', [16, 3, 3, 3])],
      /2 convolutions look as if they took an image, and none has a name/,
    ],
    [
      'kernels with names of their kind, of which two take an image',
      [made('layers/conv2d/vars/0', [7, 7, 3, 8]), made('layers/conv2d_1/vars/0', [3, 3, 3, 16])],
      /2 convolutions look as if they took an image, and none has a name/,
      'HWIO',
    ],
    ['a kernel for lines of three channels', [made('conv1.weight', [16, 3, 5]), LATER], /\[16, 3, 5\]/],
  ])('refuses %s and judges no other layer', (_, list, words, layout = 'OIHW') => {
    expect(() => convolutionsByName(list, { ...BY_NAME, layout, ordered: true })).toThrow(words);
  });

  it('a transposed kernel may hide the entrance where the file is in no order', () => {
    const sorted = [made('conv1.weight', [8, 3, 3, 3]), made('up.bias', [3]), made('up.weight', [3, 3, 4, 4])];
    expect(() => convolutionsByName(sorted, { ...BY_NAME, layout: 'OIHW' })).toThrow(/"up.weight", cannot be read/);
    // In the network's own order it comes later.
    const ordered = convolutionsByName(sorted, { ...BY_NAME, layout: 'OIHW', ordered: true });
    expect([ordered.convolutions[ordered.first]?.name, ordered.alsoFirst]).toEqual(['conv1.weight', ['up.weight']]);
  });

  it('knows a convolution that makes a picture by its bias, and by its class', () => {
    const picture = [made('conv1.weight', [16, 3, 3, 3]), made('out.weight', [3, 16, 3, 3]), made('out.bias', [3])];
    const { convolutions, unread } = convolutionsByName(picture, { ...BY_NAME, layout: 'OIHW', ordered: true });
    expect([convolutions.length, unread]).toEqual([2, []]);
    const learned = [{ ...made('colours.weight', [3, 3, 3, 3]), owner: 'torch.nn.modules.conv.Conv2d' }];
    const { first } = convolutionsByName(learned, { ...BY_NAME, layout: 'OIHW', ordered: true });
    expect(first).toBe(0);
  });

  it.each(['up.weight', 'conv2d_transpose/kernel', 'ConvTranspose_0/kernel'])(
    'keeps the transposed %s out of the list of layers',
    (name) => {
      const conv = name === 'up.weight' ? made('conv1.weight', [16, 3, 3, 3]) : made('conv2d/kernel', [3, 3, 3, 16]);
      const shape = name === 'up.weight' ? [16, 5, 4, 4] : [4, 4, 5, 16];
      const list = [conv, made(name, shape), made(name.replace(/(weight|kernel)$/, 'bias'), [5])];
      const { convolutions, unread } = convolutionsByName(list, { ...BY_NAME, ordered: true });
      expect([convolutions.map((one) => one.name), unread]).toEqual([[conv.name], [name]]);
    },
  );

  it('refuses a standardised weight with a gain', () => {
    const list = [made('stem.weight', [16, 3, 3, 3]), made('stem.gain', [16, 1, 1, 1]), LATER];
    expect(() => entranceOf(list, true)).toThrow(
      /"stem.weight", cannot be read: its numbers are computed from gain, weight/,
    );
    // A scale of another shape is a layer of its own.
    expect(entranceOf([...list.slice(0, 1), made('stem.gain', [16]), LATER], true)[0]).toBe('stem.weight');
  });

  it('knows depthwise kernels by the numbers of Keras 3', () => {
    const list = [made('layers/depthwise_conv2d/vars/0', [3, 3, 3, 4]), made('layers/conv2d/vars/0', [1, 1, 12, 6])];
    const { convolutions, first } = convolutionsByName(list, { ...BY_NAME, layout: 'HWIO', ordered: true });
    expect(convolutions[first]?.shape).toEqual([3, 3, 1, 12]);
  });
});

describe('a kernel ahead of the likeliest first layer', () => {
  const refused = (list: readonly NamedTensor[], ordered: boolean) => () => entranceOf(list, ordered);

  it('that makes its channels is the first perhaps: nothing is judged', () => {
    const separable = [made('0.weight', [3, 1, 3, 3]), made('1.weight', [16, 3, 1, 1]), LATER];
    expect(refused(separable, true)).toThrow('"0.weight" makes as many channels as it takes and comes before it');
    expect(refused(separable, false)).toThrow('"0.weight" makes as many channels as it takes');
    const depth = [
      made('in.weight', [16, 4, 3, 3]),
      made('mid.weight', [3, 16, 1, 1]),
      made('out.weight', [16, 3, 3, 3]),
    ];
    expect(refused(depth, true)).toThrow('The likeliest is "out.weight", but "mid.weight" makes as many channels');
  });

  it('and behind it says nothing', () => {
    const decoder = [made('conv1.weight', [16, 3, 3, 3]), LATER, made('out.weight', [3, 16, 3, 3])];
    expect(entranceOf(decoder, true)[0]).toBe('conv1.weight');
  });

  it('of an averaged copy, of gradients or of an optimiser is not taken for it', () => {
    const copy = (prefix: string) => NETWORK.map(({ name, shape }) => made(`${prefix}.${name}`, shape));
    for (const other of ['ema', 'grads', 'sgd_m']) {
      expect(entranceOf([...copy(other), ...copy('model')], true)).toEqual(['model.conv1.weight', undefined]);
    }
    expect(entranceOf([...copy('backbone'), ...copy('discriminator')], true)[1]).toContain(
      '"discriminator.conv1.weight"',
    );
  });
});
