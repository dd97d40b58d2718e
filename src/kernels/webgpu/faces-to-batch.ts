import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numbersOf } from '../kernel-call.ts';
import { dispatch, times, webgpuOf } from './program.ts';

/** FacesToBatch: one pixel an invocation, its bytes picked out of the packed numbers. */
export function facesToBatch(call: KernelCall): TensorInfo {
  const shape = numbersOf(call, 'shape');
  const [images = 0, rows = 0, columns = 0, channels = 0] = shape;
  return dispatch(webgpuOf(call), {
    name: 'FacesToBatch',
    constants: { rows, columns, channels },
    code: batchOf,
    inputs: { packed: { tensor: inputOf(call, 'packed') }, placement: { tensor: inputOf(call, 'placement') } },
    invocations: images * rows * columns,
    outputShape: shape,
  });
}

function batchOf({ rows, columns, channels }: { rows: number; columns: number; channels: number }): string {
  return `
fn compute(index : i32) {
  let column = index % ${columns};
  let row = (index / ${columns}) % ${rows};
  let image = index / ${rows * columns};
  let moved = clamp(column - placement[image * 3 + 1], 0, ${columns - 1});
  let fromColumn = select(moved, ${columns - 1} - moved, placement[image * 3] == 1);
  let fromRow = clamp(row - placement[image * 3 + 2], 0, ${rows - 1});
  let first = ((image * ${rows} + fromRow) * ${columns} + fromColumn) * ${channels};
  ${times(
    channels,
    (channel) => `{
    let at = first + ${channel};
    let byte = (bitcast<u32>(packed[at / 4]) >> (8u * u32(at % 4))) & 255u;
    result[index * ${channels} + ${channel}] = (f32(byte) / 255.0 - 0.5) / 0.5;
  }`,
  )}
}`;
}
