import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel } from './run-kernel.ts';

/**
 * Uint8 faces to a training batch on the device: (v / 255 - 0.5) / 0.5, mirrored and moved with the edge repeated.
 * `packed` int32 [ceil(N*S*S*3 / 4)]: the bytes of [N,S,S,3], four to a number, little-endian.
 * `placement` int32 [N,3]: mirrored (0 or 1), then pixels moved right and down (applied after mirroring).
 * Throws where the packed bytes are too few for the shape.
 */
export function facesToBatch(
  packed: Tensor1D,
  placement: Tensor2D,
  shape: readonly [number, number, number, number],
): Tensor4D {
  const bytes = shape.reduce((product, size) => product * size, 1);
  if (packed.size * 4 < bytes || placement.shape[0] !== shape[0] || placement.shape[1] !== 3) {
    throw new Error(
      `Faces [${shape}] need ${bytes} bytes and a placement [${shape[0]}, 3]; got ${packed.size * 4} and [${placement.shape}].`,
    );
  }
  return runKernel('FacesToBatch', { packed, placement }, { shape: [...shape] });
}
