import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf, submit } from './program.ts';

/** Where tensors lie one after the other in one buffer, in numbers. */
export interface Packing {
  readonly starts: readonly number[];
  /** A multiple of four, so that whole vectors can be loaded. */
  readonly length: number;
}

/** One after the other; the tensors that `boundary` counts off end at a multiple of four. */
export function packingOf(tensors: readonly TensorInfo[], boundary = 0): Packing {
  const starts: number[] = [];
  let next = 0;
  for (const [index, tensor] of tensors.entries()) {
    if (index === boundary) next = toWholeVectors(next);
    starts.push(next);
    next += sizeOf(tensor);
  }
  return { starts, length: toWholeVectors(next) };
}

/**
 * Copies tensors into one each list, so that one dispatch can go over all of them: WebGPU promises no more than eight
 * buffers to a program, and tfjs gives it one to write. A copy costs a fraction of a dispatch, which tfjs gives a bind
 * group and a buffer of uniforms of its own. The gaps between tensors stay as they were.
 */
export function pack(
  backend: WebGPUBackend,
  { starts, length }: Packing,
  lists: readonly (readonly TensorInfo[])[],
): TensorInfo[] {
  const packed = lists.map(() => backend.makeTensorInfo([length], 'float32'));
  const copies = lists.flatMap((list, which) => {
    const to = bufferOf(backend, packed[which]);
    return list.map((tensor, index) => ({ from: bufferOf(backend, tensor), to, start: starts[index] ?? 0 }));
  });
  copy(backend, (encoder) => {
    for (const { from, to, start } of copies) encoder.copyBufferToBuffer(from, 0, to, BYTES * start, from.size);
  });
  return packed;
}

/** Copies new tensors of these shapes out of a buffer: for every offset in numbers a list as `pack` took it. */
export function unpack(
  backend: WebGPUBackend,
  packed: TensorInfo,
  { starts }: Packing,
  shapes: readonly (readonly number[])[],
  offsets: readonly number[] = [0],
): TensorInfo[][] {
  const from = bufferOf(backend, packed);
  const lists = offsets.map(() => shapes.map((shape) => backend.makeTensorInfo([...shape], 'float32')));
  const copies = lists.flatMap((list, which) =>
    list.map((tensor, index) => ({
      to: bufferOf(backend, tensor),
      start: (offsets[which] ?? 0) + (starts[index] ?? 0),
    })),
  );
  copy(backend, (encoder) => {
    for (const { to, start } of copies) encoder.copyBufferToBuffer(from, BYTES * start, to, 0, to.size);
  });
  return lists;
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

function toWholeVectors(numbers: number): number {
  return 4 * Math.ceil(numbers / 4);
}

/** The buffer of a tensor, made where there is none yet. */
function bufferOf(backend: WebGPUBackend, tensor: TensorInfo | undefined): GPUBuffer {
  if (tensor === undefined) throw new Error('There is no tensor to copy.');
  backend.uploadToGPU(tensor.dataId);
  const { resource } = backend.tensorMap.get(tensor.dataId);
  if (!(resource instanceof GPUBuffer)) throw new Error('Only tensors in buffers can be copied.');
  return resource;
}

/** Copies after all that tfjs has recorded; its own encoder is private. */
function copy(backend: WebGPUBackend, record: (encoder: GPUCommandEncoder) => void): void {
  submit(backend);
  const encoder = backend.device.createCommandEncoder();
  record(encoder);
  backend.queue.submit([encoder.finish()]);
}
