import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatch, lanesOf } from './program.ts';

/**
 * The sum over `count` pieces of `size` numbers that lie one after the other from `offset` on, each `stride` apart,
 * always in the same order: the second pass of a long reduction. The partials stay the caller's.
 */
export function sumPartials(
  backend: WebGPUBackend,
  partials: TensorInfo,
  layout: { readonly count: number; readonly size: number; readonly offset?: number; readonly stride?: number },
  outputShape: readonly number[],
): TensorInfo {
  const { count, size, offset = 0, stride = size } = layout;
  const lanes = lanesOf(size) === 4 && lanesOf(offset) === 4 && lanesOf(stride) === 4 ? 4 : 1;
  return dispatch(backend, {
    name: 'SumPartials',
    constants: { count, offset: offset / lanes, stride: stride / lanes, lanes },
    code: ({ count, offset, stride, lanes }) => `
fn compute(index : i32) {
  var sum = ${lanes === 4 ? 'vec4<f32>' : 'f32'}(0.0);
  for (var piece = 0; piece < ${count}; piece = piece + 1) {
    sum = sum + partials[${offset} + piece * ${stride} + index];
  }
  result[index] = sum;
}`,
    inputs: { partials: { tensor: partials, lanes } },
    invocations: size / lanes,
    outputShape,
    outputLanes: lanes,
  });
}
