import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { variantOf } from './adapter-variants.ts';
import { withTile } from './conv-tile.ts';
import { type GatherConvolution, gatherConvolution, shapeOf, sizesOf, tilesOf } from './gather-conv.ts';
import { dispatch, lanesOf, webgpuOf } from './program.ts';

/** FaceConv2D in one dispatch, straight from x and w: no im2col, no padding. See gather-conv.ts. */
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
  const shape = { images, source, target, kernelSize, stride, pad, transposed: false } as const;
  return convolve(backend, 'FaceConv2D', shape, { source: x, weights: w });
}

/** A convolution, or its transposed, in the variant of this backend; `weights` are [k, k, source channels, target channels]. */
export function convolve(
  backend: WebGPUBackend,
  name: string,
  shape: Omit<GatherConvolution, 'tile'>,
  { source, weights }: { readonly source: TensorInfo; readonly weights: TensorInfo },
): TensorInfo {
  const [sourceLanes, targetLanes] = [lanesOf(shape.source[2]), lanesOf(shape.target[2])];
  const whole = withTile(shape, variantOf(backend, 'convolution'));
  return dispatch(backend, {
    name,
    constants: shapeOf(whole),
    sizes: sizesOf(whole),
    code: gatherConvolution,
    inputs: { source: { tensor: source, lanes: sourceLanes }, weights: { tensor: weights, lanes: targetLanes } },
    invocations: tilesOf(whole).total,
    outputShape: [shape.images, ...shape.target],
    outputLanes: targetLanes,
  });
}
