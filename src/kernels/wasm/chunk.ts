import type { WasmKernels } from './module.ts';

/** A part of a loop that one thread does. */
export interface Chunk {
  /** On the thread that does it. */
  readonly kernels: WasmKernels;
  /** 0, 1, ... */
  readonly index: number;
  /** The thread's number, below the size of its team; of two chunks with the same one, one is done after the other. */
  readonly lane: number;
  /** Whether it is this thread's first chunk of the loop. */
  readonly first: boolean;
}

/**
 * The body of a loop whose chunks may run side by side. It knows nothing but the numbers, which travel between threads, and
 * the heap. No two chunks may write to the same place, and none may add up the results of another.
 */
export type Loop<Numbers extends readonly number[]> = (chunk: Chunk, ...numbers: Numbers) => void;

/** Where part `index` of `count` begins, of `items` that are shared out evenly; that of `count` itself is the end. */
export function beginOf(index: number, count: number, items: number): number {
  return Math.floor((index * items) / count);
}
