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

interface Groups {
  readonly count: number;
  readonly groupSize: number;
  readonly lanes: Lanes;
  /** Vectors in a piece, before the first, and from one to the next. */
  readonly vectors: number;
  readonly offset: number;
  readonly stride: number;
}

/** One sum for every `groupSize` neighbours, the last group being what is left over. */
function sumOfGroups(
  backend: WebGPUBackend,
  partials: TensorInfo,
  { count, size, offset = 0, stride = size }: Pieces,
  groupSize: number,
  outputShape: readonly number[],
): TensorInfo {
  const lanes = [size, offset, stride].every((length) => length % 4 === 0) ? 4 : 1;
  const constants: Groups = {
    count,
    groupSize,
    lanes,
    vectors: size / lanes,
    offset: offset / lanes,
    stride: stride / lanes,
  };
  return dispatch(backend, {
    name: 'SumPartials',
    constants,
    code: sumOf,
    inputs: { partials: { tensor: partials, lanes } },
    invocations: Math.ceil(count / groupSize) * constants.vectors,
    outputShape,
    outputLanes: lanes,
  });
}

function sumOf({ count, groupSize, lanes, vectors, offset, stride }: Groups): string {
  return `
fn compute(index : i32) {
  let first = (index / ${vectors}) * ${groupSize};
  let end = min(first + ${groupSize}, ${count});
  var sum = ${lanes === 4 ? 'vec4<f32>' : 'f32'}(0.0);
  for (var piece = first; piece < end; piece = piece + 1) {
    sum = sum + partials[${offset} + piece * ${stride} + index % ${vectors}];
  }
  result[index] = sum;
}`;
}
