import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelCall, numbersOf } from '../kernel-call.ts';
import type { Heap } from './heap.ts';
import type { WasmKernels } from './module.ts';

/** FacesToBatch. The packed numbers are little-endian on the heap too, so their bytes are the faces' own. */
export function facesToBatch(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo {
  const shape = numbersOf(call, 'shape');
  const [images = 0, rows = 0, columns = 0, channels = 0] = shape;
  const batch = heap.output(shape);
  const [packed, placement] = [heap.input('packed'), heap.input('placement')];
  kernels.decodeFaces(packed, placement, images, rows, columns, channels, heap.at(batch));
  return batch;
}
