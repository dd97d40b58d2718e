import { describe, expect, it } from 'vitest';
import { toPyTorch } from '../export/pytorch-layout.ts';
import { architectureOfNetwork } from '../export/trained-network.ts';
import { BY_NAME, LATER, made, NETWORK } from '../testing/named-kernels.ts';
import { smallConfig, trainedNetwork } from '../testing/trained.ts';
import type { NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

const trained = trainedNetwork(smallConfig({ body: 'iresnet10' }));
const tensors = [...toPyTorch(trained.state, architectureOfNetwork(trained))].map(
  ([name, { shape, data }]): NamedTensor => ({ name, shape, type: 'F32', floats: () => new Float32Array(data) }),
);

describe('batch norms by name', () => {
  it.each([
    ['in the order of the model', tensors],
    ['sorted by name, as Python writes safetensors', tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))],
  ])('%s: every convolution gets the batch norm behind it', (_, list) => {
    const { convolutions, first } = convolutionsByName(list, BY_NAME);
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

  it('takes no batch norm behind a PReLU for one behind the convolution', () => {
    const norm = (name: string) => [made(`${name}.weight`, [16]), made(`${name}.running_var`, [16])];
    const of = (list: readonly NamedTensor[]) =>
      convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered: true }).convolutions[0]?.batchNorm?.name;
    const [conv = LATER] = NETWORK;
    expect(of([conv, made('act.weight', [16]), ...norm('bn'), LATER])).toBeUndefined();
    expect(of([conv, ...norm('bn'), made('act.weight', [16]), LATER])).toBe('bn');
    // Observers of a quantised layer are inside it.
    expect(of([conv, made('conv1.observer.weight', [16]), ...norm('bn'), LATER])).toBe('bn');
  });

  it.each([true, false])(
    'takes no batch norm behind a layer without weights, such as GELU, in order or not: %s',
    (ordered) => {
      const of = (place: number) => {
        const norm = [made(`stem.${place}.running_var`, [16]), made(`stem.${place}.weight`, [16])];
        const list = [made('stem.0.weight', [16, 3, 3, 3]), ...norm, made('stem.9.weight', [8, 16, 1, 1])];
        return convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered }).convolutions[0]?.batchNorm?.name;
      };
      expect([of(1), of(2)]).toEqual(['stem.1', undefined]);
    },
  );

  it('gives the first layer bn1 in a sorted file whose last batch norm is as long', () => {
    const norm = (name: string) => [made(`${name}.weight`, [16]), made(`${name}.running_var`, [16])];
    const list = [...norm('bn1'), ...norm('bn2'), ...NETWORK, ...norm('layer.bn1')];
    const { convolutions } = convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', sorted: true });
    expect(convolutions[0]?.batchNorm?.name).toBe('bn1');
  });

  it('gives a convolution of Keras 2 its own batch norm, not the next in the alphabet', () => {
    const layer = (name: string) => [
      made(`${name}_bn/${name}_bn/gamma:0`, [16]),
      made(`${name}_bn/${name}_bn/moving_variance:0`, [16]),
      made(`${name}_conv/${name}_conv/kernel:0`, [3, 3, name === 'a' ? 3 : 16, 16]),
    ];
    const list = [...layer('a'), ...layer('b')];
    const { convolutions } = convolutionsByName(list, { ...BY_NAME, layout: 'HWIO', sorted: true });
    expect(convolutions.map(({ batchNorm }) => batchNorm?.name)).toEqual(['a_bn/a_bn', 'b_bn/b_bn']);
  });

  it('gives the entrance the only batch norm beside it that fits, under any name', () => {
    const norm = (name: string, length: number) => [made(`${name}/scale`, [length]), made(`${name}/var`, [length])];
    const entrance = made('net/stem/kernel', [3, 3, 3, 16]);
    const others = [made('net/head/kernel', [1, 1, 16, 8]), ...norm('net/after', 8)];
    const of = (list: readonly NamedTensor[]) => {
      const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { convolutions, first } = convolutionsByName(sorted, { ...BY_NAME, layout: 'HWIO', sorted: true });
      return [convolutions[first]?.name, convolutions[first]?.batchNorm?.name];
    };
    expect(of([entrance, ...norm('net/calm', 16), ...others])).toEqual(['net/stem/kernel', 'net/calm']);
    // Two that fit, or another layer that it fits.
    expect(of([entrance, ...norm('net/calm', 16), ...norm('net/cool', 16), ...others])[1]).toBeUndefined();
    expect(of([entrance, ...norm('net/calm', 16), made('net/mid/kernel', [3, 3, 16, 16])])[1]).toBeUndefined();
  });

  describe('in the order of the model', () => {
    const norm = (name: string, length: number) => [
      made(`${name}.weight`, [length]),
      made(`${name}.running_var`, [length]),
    ];
    const conv = (name: string, filters: number, channels: number) => made(`${name}.weight`, [filters, channels, 3, 3]);
    const of = (list: readonly NamedTensor[]) =>
      convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered: true }).convolutions.map(
        ({ batchNorm }) => batchNorm?.name,
      );

    it.each([
      [32, 64, 64],
      [64, 64, 64],
      [32, 64, 128],
    ])('batch norms in a row behind convolutions in a row go by name: %d, %d, %d', (one, two, three) => {
      const convolutions = [conv('conv1', one, 3), conv('conv2', two, one), conv('conv3', three, two)];
      const norms = [...norm('bn1', one), ...norm('bn2', two), ...norm('bn3', three)];
      expect(of([...convolutions, ...norms])).toEqual(['bn1', 'bn2', 'bn3']);
      expect(of([...norms, ...convolutions])).toEqual(['bn1', 'bn2', 'bn3']);
    });

    it('takes one declared ahead of the convolution that has its name, unless the next fits as well', () => {
      const list = (second: number) => [
        ...norm('bn1', 32),
        conv('conv1', 32, 3),
        ...norm('bn2', second),
        conv('conv2', second, 32),
      ];
      expect(of(list(64))).toEqual(['bn1', 'bn2']);
      expect(of(list(32))[0]).toBeUndefined();
    });

    it('gives no layer the batch norm that begins the next block', () => {
      const block = (name: string) => [
        ...norm(`${name}.bn1`, 64),
        conv(`${name}.conv1`, 64, 64),
        ...norm(`${name}.bn2`, 64),
        conv(`${name}.conv2`, 64, 64),
      ];
      const found = of([conv('conv1', 64, 3), ...block('layer1.0'), ...block('layer1.1'), ...norm('bn', 64)]);
      expect(found).toEqual([undefined, 'layer1.0.bn2', undefined, 'layer1.1.bn2', 'bn']);
    });

    it('follows a convolution into the next part of its block', () => {
      const part = (name: string) => [...norm(`${name}.bn`, 64), conv(`${name}.conv`, 64, 64)];
      const list = [conv('conv1', 64, 3), ...norm('bn1', 64), ...part('block.a'), ...part('block.b')];
      expect(of(list)).toEqual(['bn1', 'block.b.bn', undefined]);
    });

    it('follows a convolution in groups past the batch norm ahead of it', () => {
      const list = [conv('conv1', 64, 3), ...norm('bn1', 64), conv('block.a.conv', 96, 64)];
      const part = [...norm('block.b.bn', 96), conv('block.b.conv', 96, 3), ...norm('block.c.bn', 96)];
      expect(of([...list, ...part])).toEqual(['bn1', 'block.b.bn', 'block.c.bn']);
    });

    it('gives none where two layers may have it', () => {
      const list = [conv('conv1', 64, 3), conv('mid', 64, 64), ...norm('bn1', 64), conv('last', 8, 64)];
      expect(of(list)).toEqual([undefined, 'bn1', undefined]);
    });
  });
});
