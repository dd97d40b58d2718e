import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatch, type Lanes, release } from './program.ts';

/** Pieces that one invocation puts together; more are summed in two steps. */
const AT_ONCE = 64;

/** Where the pieces lie: `count` of `size` numbers each, `stride` apart, the first at `offset`. */
export interface Pieces {
  readonly count: number;
  readonly size: number;
  readonly offset?: number;
  readonly stride?: number;
}

/**
 * The sum over pieces that lie one after the other, always in the same order: the second pass of a long reduction.
 * The partials stay the caller's.
 */
export function sumPartials(
  backend: WebGPUBackend,
  partials: TensorInfo,
  pieces: Pieces,
  outputShape: readonly number[],
): TensorInfo {
  const { count, size } = pieces;
  if (count <= AT_ONCE) return sumOfGroups(backend, partials, pieces, count, outputShape);
  const groupSize = Math.ceil(Math.sqrt(count));
  const groups = Math.ceil(count / groupSize);
  const fewer = sumOfGroups(backend, partials, pieces, groupSize, [groups, size]);
  const sum = sumOfGroups(backend, fewer, { count: groups, size }, groups, outputShape);
  release(backend, fewer);
  return sum;
}

/** One sum for every `groupSize` neighbours, the last group being the remainder. */
function sumOfGroups(
  backend: WebGPUBackend,
  partials: TensorInfo,
  { count, size, offset = 0, stride = size }: Pieces,
  groupSize: number,
  outputShape: readonly number[],
): TensorInfo {
  const lanes = [size, offset, stride].every((length) => length % 4 === 0) ? 4 : 1;
  const vectors = size / lanes;
  return dispatch(backend, {
    name: 'SumPartials',
    constants: { lanes },
    sizes: { count, groupSize, vectors, offset: offset / lanes, stride: stride / lanes },
    code: sumOf,
    inputs: { partials: { tensor: partials, lanes } },
    invocations: Math.ceil(count / groupSize) * vectors,
    outputShape,
    outputLanes: lanes,
  });
}

function sumOf({ lanes }: { lanes: Lanes }): string {
  return `
fn compute(index : i32) {
  let first = (index / uniforms.vectors) * uniforms.groupSize;
  let end = min(first + uniforms.groupSize, uniforms.count);
  let at = uniforms.offset + index % uniforms.vectors;
  var sum = ${lanes === 4 ? 'vec4<f32>' : 'f32'}(0.0);
  for (var piece = first; piece < end; piece = piece + 1) {
    sum = sum + partials[at + piece * uniforms.stride];
  }
  result[index] = sum;
}`;
}
