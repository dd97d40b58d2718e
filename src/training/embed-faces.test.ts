import { reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeOn, TEST_BACKENDS } from '../kernels/testing/describe-on.ts';
import { embedFaces } from './embed-faces.ts';
import { tinyFaces } from './testing/tiny-faces.ts';

/** Gives the pixels themselves: an embedding that shows how an image was turned and scaled. */
const PIXELS = {
  architecture: { embeddingSize: 16 * 16 * 3 },
  embed: (images: Tensor4D): Tensor2D => reshape(images, [images.shape[0], 16 * 16 * 3]),
};

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    test('each image is embedded as it is and mirrored left to right, over several batches', async () => {
      const faces = tinyFaces(12, 6);
      const indices = Int32Array.from({ length: 70 }, (_, row) => 71 - row);
      const { original, flipped, dimension } = await embedFaces(PIXELS, faces, indices);
      expect([original.length, flipped.length, dimension]).toEqual([70 * 768, 70 * 768, 768]);
      for (const row of [0, 5, 63, 64, 69]) {
        const image = indices[row] ?? 0;
        for (const [y, x, channel] of [
          [0, 0, 0],
          [3, 15, 2],
          [9, 6, 1],
        ] as const) {
          const byte = (column: number) => faces.images[((image * 16 + y) * 16 + column) * 3 + channel] ?? Number.NaN;
          const at = row * 768 + (y * 16 + x) * 3 + channel;
          expect(original[at]).toBeCloseTo((byte(x) / 255 - 0.5) / 0.5, 5);
          expect(flipped[at]).toBeCloseTo((byte(15 - x) / 255 - 0.5) / 0.5, 5);
        }
      }
    });
  });
}
