import { describe, expect, it } from 'vitest';
import { BY_NAME, filled, made } from '../testing/named-kernels.ts';
import { convolutionsByName } from './named-tensors.ts';

describe('kernels of MLX', () => {
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
      const { convolutions, first, alsoFirst, doubt } = convolutionsByName(list, { ...BY_NAME, mlx });
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
    const { convolutions } = convolutionsByName(list, BY_NAME);
    expect(convolutions.map(({ shape }) => shape.join())).toEqual(['3,3,3,64', '1,7,1,64', '1,1,64,32']);
  });
});
