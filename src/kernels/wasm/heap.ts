import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall } from '../kernel-call.ts';
import type { Pointer } from './module.ts';

/** The memory of tfjs's WebAssembly module, which its Emscripten glue exports, or nothing where it does not. */
export function memoryOf(backend: unknown): WebAssembly.Memory | undefined {
  const asm = memberOf(memberOf(backend, 'wasm'), 'asm');
  const memory = memberOf(asm, 'memory');
  return memory instanceof WebAssembly.Memory ? memory : undefined;
}

function memberOf(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}

/** The part of the heap of one kernel call: its inputs, the outputs it makes, and scratch that ends with the call. */
export class Heap {
  readonly #backend: BackendWasm;
  readonly #call: KernelCall;
  readonly #scratch: TensorInfo[] = [];

  constructor(call: KernelCall) {
    // tfjs hands a kernel the backend it was registered for, and types it as unknown.
    this.#backend = call.backend as BackendWasm;
    this.#call = call;
  }

  /** Where an input lies. Throws where the caller left it out. */
  input(name: string): Pointer {
    return this.at(inputOf(this.#call, name));
  }

  /** The same, or 0 where the caller left it out. */
  optionalInput(name: string): Pointer {
    return this.#call.inputs[name] === undefined ? 0 : this.input(name);
  }

  /** Where a tensor lies. Above 2 GB tfjs gives offsets that are unsigned already. */
  at(tensor: TensorInfo): Pointer {
    return this.#backend.getMemoryOffset(tensor.dataId);
  }

  /** A new tensor, its values not set. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** Room for this many numbers of four bytes, given back by `release`. */
  scratch(length: number): Pointer {
    const room = this.#backend.makeOutput([length], 'float32');
    this.#scratch.push(room);
    return this.at(room);
  }

  /** The values of a float32 tensor; to be taken after everything has been allocated, as growth moves them. */
  floats(tensor: TensorInfo): Float32Array {
    const values = this.#backend.typedArrayFromHeap(tensor);
    if (!(values instanceof Float32Array)) throw new Error(`A kernel needs float32 and got ${tensor.dtype}.`);
    return values;
  }

  /** The values of an int32 tensor; likewise. */
  integers(tensor: TensorInfo): Int32Array {
    const values = this.#backend.typedArrayFromHeap(tensor);
    if (!(values instanceof Int32Array)) throw new Error(`A kernel needs int32 and got ${tensor.dtype}.`);
    return values;
  }

  release(): void {
    for (const { dataId } of this.#scratch.splice(0)) this.#backend.disposeData(dataId);
  }
}

/** A kernel for tfjs out of one that works on the heap; its scratch is always freed. */
export function onHeap<T extends TensorInfo | TensorInfo[]>(compute: (call: KernelCall, heap: Heap) => T) {
  return (call: KernelCall): T => {
    const heap = new Heap(call);
    try {
      return compute(call, heap);
    } finally {
      heap.release();
    }
  };
}

/** The product of the sizes. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The next multiple of eight; the multiplications' columns are rounded up to it. */
export function wholeStrips(columns: number): number {
  return (columns + 7) & ~7;
}
