import { describe, expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { toPyTorch } from '../export/pytorch-layout.ts';
import { architectureOfNetwork } from '../export/trained-network.ts';
import { smallConfig, trainedNetwork } from '../testing/trained.ts';
import type { Layout, NamedTensor } from './model-tensors.ts';
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
    return { name, shape, type, floats: () => Float32Array.from({ length: count }, (_, at) => Math.sin(at + 1)) };
  };
  const later = made('layer.conv.weight', [8, 16, 3, 3]);

  it.each<[string, readonly NamedTensor[], RegExp, Layout?]>([
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
    [
      'loralib, whose frozen weight has a module of its own',
      [
        made('m.conv1.lora_A', [6, 9]),
        made('m.conv1.lora_B', [48, 6]),
        made('m.conv1.conv.weight', [16, 3, 3, 3]),
        later,
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
      [made('up.weight', [3, 16, 4, 4]), made('bn.weight', [16]), made('bn.running_var', [16]), later],
      /"up.weight", cannot be read: the batch norm behind it has 16 numbers for 3 filters/,
    ],
    [
      'a transposed convolution, by its class',
      [{ ...made('up.weight', [3, 3, 4, 4]), owner: 'torch.nn.modules.conv.ConvTranspose2d' }, later],
      /"up.weight", cannot be read: it is a transposed convolution/,
    ],
    [
      'a kernel that may be transposed, without a bias',
      [made('up.weight', [3, 16, 4, 4]), later],
      /it may be a transposed/,
    ],
    [
      'one of 3 × 3 channels, ahead of a convolution',
      [made('up.weight', [3, 3, 4, 4]), made('up.bias', [3]), made('conv.weight', [8, 3, 3, 3])],
      /"up.weight", cannot be read: with 3 channels in and out and no more in the file it may be a transposed/,
    ],
    ['a file whose convolutions take no image', [later], /"layer.conv.weight", but it takes 16 channels/],
    [
      'a spatial transformer alone',
      [made('stn.localization.0.weight', [8, 3, 7, 7]), made('stn.localization.0.bias', [8]), later],
      /"stn.localization.0.weight", but its name is that of a spatial transformer/,
    ],
    [
      'a kernel that is no weight, where no weight takes an image',
      [made('stem.filters', [16, 3, 3, 3]), later],
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
    ['a kernel for lines of three channels', [made('conv1.weight', [16, 3, 5]), later], /\[16, 3, 5\]/],
  ])('refuses %s and judges no other layer', (_, list, words, layout = 'OIHW') => {
    expect(() => convolutionsByName(list, { ...SETTINGS, layout, ordered: true })).toThrow(words);
  });

  it('names the branch of one pixel beside the first layer, as RepVGG has it', () => {
    const list = [made('stem.conv_1x1.weight', [16, 3, 1, 1]), made('stem.conv_kxk.weight', [16, 3, 3, 3]), later];
    const { convolutions, first, alsoFirst } = convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered: true });
    expect([convolutions[first]?.name, alsoFirst]).toEqual(['stem.conv_kxk.weight', ['stem.conv_1x1.weight']]);
  });

  it('takes no buffer for the first layer', () => {
    const blocks = made('dw.weight', [16, 1, 3, 3]);
    const list = [made('haar', [4, 1, 2, 2]), made('conv1.weight', [16, 12, 3, 3]), blocks];
    const { convolutions, first } = convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered: true });
    expect(convolutions[first]?.name).toBe('conv1.weight');
  });

  it('a transposed kernel may hide the entrance where the file is in no order', () => {
    const sorted = [made('conv1.weight', [8, 3, 3, 3]), made('up.bias', [3]), made('up.weight', [3, 3, 4, 4])];
    expect(() => convolutionsByName(sorted, { ...SETTINGS, layout: 'OIHW' })).toThrow(/"up.weight", cannot be read/);
    // In the network's own order it comes later.
    const ordered = convolutionsByName(sorted, { ...SETTINGS, layout: 'OIHW', ordered: true });
    expect([ordered.convolutions[ordered.first]?.name, ordered.alsoFirst]).toEqual(['conv1.weight', ['up.weight']]);
  });

  it('knows a convolution that makes a picture by its bias, and by its class', () => {
    const picture = [made('conv1.weight', [16, 3, 3, 3]), made('out.weight', [3, 16, 3, 3]), made('out.bias', [3])];
    const { convolutions, unread } = convolutionsByName(picture, { ...SETTINGS, layout: 'OIHW', ordered: true });
    expect([convolutions.length, unread]).toEqual([2, []]);
    const learned = [{ ...made('colours.weight', [3, 3, 3, 3]), owner: 'torch.nn.modules.conv.Conv2d' }];
    const { first } = convolutionsByName(learned, { ...SETTINGS, layout: 'OIHW', ordered: true });
    expect(first).toBe(0);
  });

  it.each(['up.weight', 'conv2d_transpose/kernel', 'ConvTranspose_0/kernel'])(
    'keeps the transposed %s out of the list of layers',
    (name) => {
      const conv = name === 'up.weight' ? made('conv1.weight', [16, 3, 3, 3]) : made('conv2d/kernel', [3, 3, 3, 16]);
      const shape = name === 'up.weight' ? [16, 5, 4, 4] : [4, 4, 5, 16];
      const list = [conv, made(name, shape), made(name.replace(/(weight|kernel)$/, 'bias'), [5])];
      const { convolutions, unread } = convolutionsByName(list, { ...SETTINGS, ordered: true });
      expect([convolutions.map((one) => one.name), unread]).toEqual([[conv.name], [name]]);
    },
  );

  it.each(['stn.fc.0', 'localization.0', 'net.loc_net.0', 'conv1.offset_conv', 'decoder.4'])(
    'takes %s, which is beside the way of the image, for no first layer, and names it',
    (aside) => {
      const list = [made(`${aside}.weight`, [8, 3, 7, 7]), made('net.layer.conv1.weight', [16, 3, 3, 3]), later];
      for (const ordered of [true, false]) {
        const found = convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered });
        expect(found.convolutions[found.first]?.name).toBe('net.layer.conv1.weight');
        expect(found.alsoFirst).toEqual([`${aside}.weight`]);
      }
    },
  );

  const filled = (name: string, shape: readonly number[], values: readonly number[]): NamedTensor => ({
    ...made(name, shape),
    floats: () => Float32Array.from(values),
  });
  const six = (name: string) => [
    made(`${name}.weight`, [6, 100]),
    filled(`${name}.bias`, [6], [1.1, -0.2, 0.1, 0, 0.9, 0.3]),
  ];
  const eyes = made('eyes.0.weight', [8, 3, 7, 7]);
  const main = [made('conv1.weight', [16, 3, 3, 3]), later];
  const entrance = (list: readonly NamedTensor[], ordered: boolean) => {
    const { convolutions, first, doubt } = convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered });
    return [convolutions[first]?.name, doubt];
  };

  it('knows a spatial transformer under any name by six numbers that move nothing, and says so', () => {
    const words =
      /"conv1.weight" was taken for the first layer: "eyes.0.weight" seems to belong to a spatial transformer/;
    expect(entrance([eyes, ...six('last'), ...main], true)).toEqual(['conv1.weight', expect.stringMatching(words)]);
    // Names that share a module show it in any order.
    const within = [
      made('net.a.conv.weight', [8, 3, 7, 7]),
      ...six('net.a.fc'),
      made('net.conv1.weight', [16, 3, 3, 3]),
    ];
    const sorted = within.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(entrance(sorted, false)).toEqual(['net.conv1.weight', expect.stringContaining('"net.a.fc"')]);
    // After the network, or with six other numbers, it shows nothing.
    expect(entrance([main[0] ?? eyes, ...six('pose'), later], true)).toEqual(['conv1.weight', undefined]);
    const pose = [made('last.weight', [6, 100]), filled('last.bias', [6], [0, 0, 0, 0, 0, 0])];
    expect(entrance([eyes, ...pose, ...main], true)).toEqual([
      'eyes.0.weight',
      expect.stringContaining('may be another'),
    ]);
  });

  it('says where another kernel may as well take the image, but for copies and branches', () => {
    expect(entrance([eyes, ...main], true)).toEqual([
      'eyes.0.weight',
      'The first layer may be another one: "conv1.weight" could take the image as well as "eyes.0.weight", and the file ' +
        'does not show the order of its layers. Exported as ONNX, its graph shows the order.',
    ]);
    const copy = (prefix: string) => main.map(({ name, shape }) => made(`${prefix}.${name}`, shape));
    expect(entrance([...copy('model'), ...copy('ema')], true)).toEqual(['model.conv1.weight', undefined]);
    // Averaged weights elsewhere in a checkpoint, and beside a network without a prefix.
    expect(entrance([...copy('state.model'), ...copy('callbacks.EMA.weights')], true)[1]).toBeUndefined();
    expect(entrance([...main, ...copy('ema')], true)[1]).toBeUndefined();
    const branch = (number: number) => made(`stem.${number}.conv.weight`, [16, 3, 3, 3]);
    expect(entrance([branch(0), branch(1), later], true)).toEqual(['stem.0.conv.weight', undefined]);
    // Another network of the same first layer alone is none of these.
    const other = [made('model.conv1.weight', [16, 3, 3, 3]), made('warp.conv1.weight', [16, 3, 3, 3]), later];
    expect(entrance(other, true)[1]).toContain('"warp.conv1.weight"');
  });

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
        expect(entrance(sorted, ordered)).toEqual(['features.0.0.weight', undefined]);
      }
    },
  );

  it('a grey first layer stays the first, with a branch of one pixel and an attention of two channels', () => {
    const branches = [made('rbr_1x1.weight', [16, 1, 1, 1]), made('rbr_dense.weight', [16, 1, 3, 3])];
    expect(entrance([...branches, later], true)[0]).toBe('rbr_dense.weight');
    const attention = [
      made('attention.weight', [1, 2, 7, 7]),
      made('attention.bias', [1]),
      made('net.blocks.0.conv.weight', [64, 1, 3, 3]),
    ];
    expect(entrance(attention, false)[0]).toBe('net.blocks.0.conv.weight');
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
    expect(() => entrance(list, true)).toThrow(/"dct.conv.weight", but it takes 64 channels/);
    const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(() => entrance(sorted, false)).toThrow(/"stages.0.1.pos.proj.weight", but it may be a depthwise one/);
    // A layer of one filter alone is still the first.
    expect(entrance([made('conv1.weight', [1, 3, 3, 3])], true)[0]).toBe('conv1.weight');
  });

  it('names no buffer of three channels as a convolution that takes the image', () => {
    const list = [made('mean', [1, 3, 1, 1]), ...main];
    expect(convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered: true }).alsoFirst).toEqual([]);
  });

  it('refuses a standardised weight with a gain', () => {
    const list = [made('stem.weight', [16, 3, 3, 3]), made('stem.gain', [16, 1, 1, 1]), later];
    expect(() => entrance(list, true)).toThrow(
      /"stem.weight", cannot be read: its numbers are computed from gain, weight/,
    );
    // A scale of another shape is a layer of its own.
    expect(entrance([...list.slice(0, 1), made('stem.gain', [16]), later], true)[0]).toBe('stem.weight');
  });

  it.each([[true], [false]])(
    'turns kernels of MLX, [filters, height, width, channels], where the file says so: %s',
    (mlx) => {
      // The number of a weight names its place: filter, row, column and channel.
      const digits = (filters: number, channels: number) =>
        Array.from({ length: filters * 9 * channels }, (_, at) => {
          const place = Math.floor(at / channels) % 9;
          return (
            1000 * Math.floor(at / channels / 9) + 100 * Math.floor(place / 3) + 10 * (place % 3) + (at % channels)
          );
        });
      const list = [
        filled('conv1.weight', [16, 3, 3, 3], digits(16, 3)),
        filled('dw.weight', [16, 3, 3, 1], digits(16, 1)),
        filled('conv2.weight', [32, 3, 3, 16], digits(32, 16)),
      ];
      const { convolutions, first, alsoFirst, doubt } = convolutionsByName(list, { ...SETTINGS, mlx });
      const { name, shape, kernel } = convolutions[first] ?? expect.fail('no first layer');
      expect([name, shape, alsoFirst, doubt]).toEqual(['conv1.weight', [3, 3, 3, 16], [], undefined]);
      expect(convolutions[2]?.shape).toEqual([3, 3, 16, 32]);
      const [row, column, channel, filter] = [2, 1, 2, 7];
      expect(kernel[((row * 3 + column) * 3 + channel) * 16 + filter]).toBe(7212);
    },
  );

  it('keeps PyTorch kernels of long windows as they are', () => {
    const list = [
      made('stem.weight', [64, 3, 3, 3]),
      made('dw.weight', [64, 1, 1, 7]),
      made('pw.weight', [32, 64, 1, 1]),
    ];
    const { convolutions } = convolutionsByName(list, SETTINGS);
    expect(convolutions.map(({ shape }) => shape.join())).toEqual(['3,3,3,64', '1,7,1,64', '1,1,64,32']);
  });

  it('takes no batch norm behind a PReLU for one behind the convolution', () => {
    const norm = (name: string) => [made(`${name}.weight`, [16]), made(`${name}.running_var`, [16])];
    const of = (list: readonly NamedTensor[]) =>
      convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered: true }).convolutions[0]?.batchNorm?.name;
    const [conv = eyes] = main;
    expect(of([conv, made('act.weight', [16]), ...norm('bn'), later])).toBeUndefined();
    expect(of([conv, ...norm('bn'), made('act.weight', [16]), later])).toBe('bn');
    // Observers of a quantised layer are inside it.
    expect(of([conv, made('conv1.observer.weight', [16]), ...norm('bn'), later])).toBe('bn');
  });

  it.each([true, false])(
    'takes no batch norm behind a layer without weights, such as GELU, in order or not: %s',
    (ordered) => {
      const of = (place: number) => {
        const norm = [made(`stem.${place}.running_var`, [16]), made(`stem.${place}.weight`, [16])];
        const list = [made('stem.0.weight', [16, 3, 3, 3]), ...norm, made('stem.9.weight', [8, 16, 1, 1])];
        return convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', ordered }).convolutions[0]?.batchNorm?.name;
      };
      expect([of(1), of(2)]).toEqual(['stem.1', undefined]);
    },
  );

  it('gives the first layer bn1 in a sorted file whose last batch norm is as long', () => {
    const norm = (name: string) => [made(`${name}.weight`, [16]), made(`${name}.running_var`, [16])];
    const list = [...norm('bn1'), ...norm('bn2'), ...main, ...norm('layer.bn1')];
    const { convolutions } = convolutionsByName(list, { ...SETTINGS, layout: 'OIHW', sorted: true });
    expect(convolutions[0]?.batchNorm?.name).toBe('bn1');
  });

  it('is done with very many kernels that could take the image, and as many layers of six numbers', () => {
    const count = 8000;
    const many = Array.from({ length: count }, (_, at) => [
      made(`a${at}.weight`, [2, 3, 1, 2]),
      made(`a${at}.fc.weight`, [6, 1]),
      filled(`a${at}.fc.bias`, [6], [1, 0, 0, 0, 1, 0]),
      made(`a${at}.b.weight`, [13, 2, 1, 2]),
    ]).flat();
    const settings = { budget: new Budget(1e10), layout: 'OIHW' } as const;
    for (const ordered of [true, false]) {
      expect(convolutionsByName(many, { ...settings, ordered }).doubt).toContain(`and ${count - 12} more could`);
    }
  });

  it('takes no fixed blur for the first layer', () => {
    const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);
    const grey = [filled('blur.weight', [1, 1, 3, 3], binomial), made('conv1.weight', [16, 1, 3, 3]), later];
    expect(entrance(grey, true)).toEqual(['conv1.weight', undefined]);
    const colours = filled('blur.weight', [3, 1, 3, 3], [...binomial, ...binomial, ...binomial]);
    expect(entrance([colours, ...main], true)).toEqual(['conv1.weight', undefined]);
    expect(() => entrance([colours], true)).toThrow(/"blur.weight", but it is a fixed blur/);
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

  it('gives the entrance the only batch norm beside it that fits, under any name', () => {
    const norm = (name: string, length: number) => [made(`${name}/scale`, [length]), made(`${name}/var`, [length])];
    const entrance = made('net/stem/kernel', [3, 3, 3, 16]);
    const others = [made('net/head/kernel', [1, 1, 16, 8]), ...norm('net/after', 8)];
    const of = (list: readonly NamedTensor[]) => {
      const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { convolutions, first } = convolutionsByName(sorted, { ...SETTINGS, layout: 'HWIO', sorted: true });
      return [convolutions[first]?.name, convolutions[first]?.batchNorm?.name];
    };
    expect(of([entrance, ...norm('net/calm', 16), ...others])).toEqual(['net/stem/kernel', 'net/calm']);
    // Two that fit, or another layer that it fits.
    expect(of([entrance, ...norm('net/calm', 16), ...norm('net/cool', 16), ...others])[1]).toBeUndefined();
    expect(of([entrance, ...norm('net/calm', 16), made('net/mid/kernel', [3, 3, 16, 16])])[1]).toBeUndefined();
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
