import type { Convolution } from '../../craft/convolution.ts';
import type { DrawnLayer } from './protocol.ts';

/**
 * A kernel as square pictures: three channels are colours, one is grey; of more, the size (L2) over all channels at each
 * place is shown. A kernel that is not square is centred in zeros.
 */
export function drawnKernel({ kernel, shape }: Convolution): Omit<DrawnLayer, 'similar'> {
  const [height, width, channels, filters] = shape;
  const size = Math.max(height, width);
  const top = (size - height) >> 1;
  const left = (size - width) >> 1;
  const shown = channels === 3 ? 3 : 1;
  const picture = new Float32Array(size * size * shown * filters);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels * filters;
      const to = ((y + top) * size + x + left) * shown * filters;
      if (channels === shown) {
        picture.set(kernel.subarray(from, from + channels * filters), to);
        continue;
      }
      for (let filter = 0; filter < filters; filter++) {
        let squares = 0;
        for (let channel = 0; channel < channels; channel++) {
          squares += (kernel[from + channel * filters + filter] ?? 0) ** 2;
        }
        picture[to + filter] = Math.sqrt(squares);
      }
    }
  }
  return { kernel: picture, size, shows: channels === 3 ? 'rgb' : channels === 1 ? 'grey' : 'strength' };
}
