import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { variantOf } from './adapter-variants.ts';
import { withTile } from './conv-tile.ts';
import { gatherConvolution, shapeOf, sizesOf, tilesOf } from './gather-conv.ts';
import { dispatch, lanesOf, webgpuOf } from './program.ts';

/** FaceConv2D in one dispatch, straight from x and w: no im2col, no padding, no barriers. See gather-conv.ts. */
export function convolution(call: KernelCall): TensorInfo {
  const backend = webgpuOf(call);
  const x = inputOf(call, 'x');
  const w = inputOf(call, 'w');
  const stride = numberOf(call, 'stride') === 1 ? 1 : 2;
  const pad = numberOf(call, 'pad');
  const [images = 0, rows = 0, columns = 0, channels = 0] = x.shape;
  const [kernelSize = 0, , , filters = 0] = w.shape;
  const sizeAfter = (size: number) => Math.floor((size + 2 * pad - kernelSize) / stride) + 1;
  const target = [sizeAfter(rows), sizeAfter(columns), filters] as const;
  const source = [rows, columns, channels] as const;
  const whole = withTile(
    { images, source, target, kernelSize, stride, pad, transposed: false },
    variantOf(backend, 'convolution'),
  );
  return dispatch(backend, {
    name: 'FaceConv2D',
    constants: shapeOf(whole),
    sizes: sizesOf(whole),
    code: gatherConvolution,
    inputs: { source: { tensor: x, lanes: lanesOf(channels) }, weights: { tensor: w, lanes: lanesOf(filters) } },
    invocations: tilesOf(whole).total,
    outputShape: [images, ...target],
    outputLanes: lanesOf(filters),
  });
}
