import { describe, expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { entranceOf, filled, LATER, made, NETWORK } from '../testing/named-kernels.ts';
import { convolutionsByName } from './named-tensors.ts';

describe('the first layer in doubt', () => {
  const six = (name: string) => [
    made(`${name}.weight`, [6, 100]),
    filled(`${name}.bias`, [6], [1.1, -0.2, 0.1, 0, 0.9, 0.3]),
  ];
  const eyes = made('eyes.0.weight', [8, 3, 7, 7]);

  it('knows a spatial transformer under any name by six numbers that move nothing, and says so', () => {
    const words =
      /"conv1.weight" was taken for the first layer: "eyes.0.weight" seems to belong to a spatial transformer/;
    expect(entranceOf([eyes, ...six('last'), ...NETWORK], true)).toEqual([
      'conv1.weight',
      expect.stringMatching(words),
    ]);
    // Names that share a module show it in any order.
    const within = [
      made('net.a.conv.weight', [8, 3, 7, 7]),
      ...six('net.a.fc'),
      made('net.conv1.weight', [16, 3, 3, 3]),
    ];
    const sorted = within.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(entranceOf(sorted, false)).toEqual(['net.conv1.weight', expect.stringContaining('"net.a.fc"')]);
    // After the network, or with six other numbers, it shows nothing.
    expect(entranceOf([NETWORK[0] ?? eyes, ...six('pose'), LATER], true)).toEqual(['conv1.weight', undefined]);
    const pose = [made('last.weight', [6, 100]), filled('last.bias', [6], [0, 0, 0, 0, 0, 0])];
    expect(entranceOf([eyes, ...pose, ...NETWORK], true)).toEqual([
      'eyes.0.weight',
      expect.stringContaining('may be another'),
    ]);
  });

  it('says where another kernel may as well take the image, but for copies and branches', () => {
    expect(entranceOf([eyes, ...NETWORK], true)).toEqual([
      'eyes.0.weight',
      'The first layer may be another one: "conv1.weight" could take the image as well as "eyes.0.weight", and the file ' +
        'does not show the order of its layers. Exported as ONNX, its graph shows the order.',
    ]);
    const copy = (prefix: string) => NETWORK.map(({ name, shape }) => made(`${prefix}.${name}`, shape));
    expect(entranceOf([...copy('model'), ...copy('ema')], true)).toEqual(['model.conv1.weight', undefined]);
    // Averaged weights elsewhere in a checkpoint, and beside a network without a prefix.
    expect(entranceOf([...copy('state.model'), ...copy('callbacks.EMA.weights')], true)[1]).toBeUndefined();
    expect(entranceOf([...NETWORK, ...copy('ema')], true)[1]).toBeUndefined();
    const branch = (number: number) => made(`stem.${number}.conv.weight`, [16, 3, 3, 3]);
    expect(entranceOf([branch(0), branch(1), LATER], true)).toEqual(['stem.0.conv.weight', undefined]);
    // Another network of the same first layer alone is none of these.
    const other = [made('model.conv1.weight', [16, 3, 3, 3]), made('warp.conv1.weight', [16, 3, 3, 3]), LATER];
    expect(entranceOf(other, true)[1]).toContain('"warp.conv1.weight"');
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
});
