import { describe, expect, test } from 'vitest';
import { channelUse } from './contribution.ts';
import golden from './testing/contributions.golden.json' with { type: 'json' };

/** PyTorch's [out, in / groups, k, k] as HWIO; a depthwise kernel as [k, k, in, out / in]. */
function hwio({ groups, shape, weight }: (typeof golden)[number]['consumers'][number]) {
  const [out = 0, own = 0, height = 0, width = 0] = shape;
  const channels = own * groups;
  const outputs = out / groups;
  const kernel = new Float32Array(weight.length);
  weight.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const input = Math.floor(i / (width * height)) % own;
    const output = Math.floor(i / (width * height * own));
    const channel = groups === 1 ? input : Math.floor(output / outputs);
    kernel[((y * width + x) * channels + channel) * outputs + (output % outputs)] = value;
  });
  return { kernel, shape: [height, width, channels, outputs] as const };
}

describe('contributions', () => {
  test.each(golden)('$name: as PyTorch gives them', ({ gamma, consumers, contributions, threshold, unused }) => {
    const found = channelUse(Float32Array.from(gamma), consumers.map(hwio));
    contributions.forEach((value, f) => {
      expect(Math.abs((found.contributions[f] ?? Number.NaN) - value)).toBeLessThan(1e-6 * Math.max(1, value));
    });
    expect(found.threshold).toBeCloseTo(threshold, 6);
    expect([...found.unused]).toEqual(unused);
  });

  test('a dying scale and weights that nobody reads both make a channel unused', () => {
    for (const { unused } of golden) expect(unused[1]).toBe(1);
    expect(golden[0]?.unused[3]).toBe(1);
  });

  test('without any contribution every channel is unused', () => {
    const none = channelUse(new Float32Array(4), [{ kernel: new Float32Array(8), shape: [1, 1, 4, 2] }]);
    expect([...none.unused]).toEqual([1, 1, 1, 1]);
  });

  test('a consumer of other channels, or with another size, is refused', () => {
    const of = (kernel: Float32Array, channels: number) => () =>
      channelUse(new Float32Array(4), [{ kernel, shape: [1, 1, channels, 2] }]);
    expect(of(new Float32Array(6), 3)).toThrow('[k, k, 4, outputs], not [1,1,3,2] of 6 numbers');
    expect(of(new Float32Array(6), 4)).toThrow('not [1,1,4,2] of 6 numbers');
  });
});
