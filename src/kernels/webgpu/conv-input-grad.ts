import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { convolve } from './conv.ts';
import { dispatch, release, sizeOf, webgpuOf } from './program.ts';

/**
 * FaceConv2DInputGrad in two dispatches: the weights with their channels and filters swapped (they are small), so that
 * neighbouring outputs are neighbours in memory; then a transposed convolution, see conv.ts.
 */
export function convolutionInputGradient(call: KernelCall): TensorInfo {
  const backend = webgpuOf(call);
  const dy = inputOf(call, 'dy');
  const w = inputOf(call, 'w');
  const inputShape = numbersOf(call, 'inputShape');
  const stride = numberOf(call, 'stride') === 1 ? 1 : 2;
  const pad = numberOf(call, 'pad');
  const [images = 0, rows = 0, columns = 0, channels = 0] = inputShape;
  const [, dyRows = 0, dyColumns = 0, filters = 0] = dy.shape;
  const kernelSize = w.shape[0] ?? 0;

  const swapped = dispatch(backend, {
    name: 'SwapChannels',
    constants: {},
    sizes: { channels, filters },
    code: () => SWAP_CHANNELS,
    inputs: { weights: { tensor: w } },
    invocations: sizeOf(w),
    outputShape: [kernelSize, kernelSize, filters, channels],
  });
  const source = [dyRows, dyColumns, filters] as const;
  const target = [rows, columns, channels] as const;
  const shape = { images, source, target, kernelSize, stride, pad, transposed: true } as const;
  const dx = convolve(backend, 'FaceConv2DInputGrad', shape, { source: dy, weights: swapped });
  release(backend, swapped);
  return dx;
}

/** [k,k,C,F] -> [k,k,F,C]. */
const SWAP_CHANNELS = `
fn compute(index : i32) {
  let channel = index % uniforms.channels;
  let filter_ = (index / uniforms.channels) % uniforms.filters;
  let tap = index / (uniforms.channels * uniforms.filters);
  result[index] = weights[(tap * uniforms.channels + channel) * uniforms.filters + filter_];
}`;
