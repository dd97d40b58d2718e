import { engine, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numbersOf } from '../kernel-call.ts';

/**
 * FacesToBatch on the processor, for backends without integer operations. Both inputs have just been made from typed
 * arrays, so the backend still holds them in memory and nothing is read back from a device.
 */
export function facesToBatch(call: KernelCall): Tensor {
  const [count = 0, rows = 0, columns = 0, channels = 0] = numbersOf(call, 'shape');
  const packed = valuesOf(call, 'packed');
  const placement = valuesOf(call, 'placement');
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const batch = new Float32Array(count * rows * columns * channels);
  let target = 0;
  for (let image = 0; image < count; image++) {
    const mirrored = placement[3 * image] === 1;
    const right = placement[3 * image + 1] ?? 0;
    const down = placement[3 * image + 2] ?? 0;
    for (let row = 0; row < rows; row++) {
      const fromRow = clamp(row - down, rows);
      for (let column = 0; column < columns; column++) {
        const moved = clamp(column - right, columns);
        const fromColumn = mirrored ? columns - 1 - moved : moved;
        let source = ((image * rows + fromRow) * columns + fromColumn) * channels;
        for (let channel = 0; channel < channels; channel++) {
          batch[target++] = ((bytes[source++] ?? 0) / 255 - 0.5) / 0.5;
        }
      }
    }
  }
  return tensor4d(batch, [count, rows, columns, channels]);
}

function clamp(index: number, size: number): number {
  return Math.min(size - 1, Math.max(0, index));
}

function valuesOf(call: KernelCall, name: string): Int32Array {
  const values = engine().readSync(inputOf(call, name).dataId);
  if (!(values instanceof Int32Array)) throw new Error(`A kernel needs int32 "${name}".`);
  return values;
}
