/*
 * Shared by the threads of a team, besides the heap: the loop that runs, its numbers, and the tickets for its chunks.
 */

/** Places in the control block, 32-bit integers; those that threads wait for have a cache line each. */
export const CONTROL = {
  /** The chunks that nobody has taken: the end of them in the upper half, the first in the lower one. */
  tickets: 0,
  /** Chunks that are done. */
  done: 16,
  /** Which loop it is: its index in LOOPS, and how many loops there were before. */
  loop: 32,
  turn: 33,
  /** How many chunks it has. */
  chunks: 37,
  /** How many numbers it has. */
  count: 34,
  /** Pages of the heap, which may have grown since the last loop. */
  pages: 35,
  /** Not 0 once a chunk has failed on another thread. */
  failed: 36,
  /** Threads that share loops, the one that runs them included; members with a higher number rest. */
  size: 48,
  /** Members that are there, and chunks that they have done. */
  members: 49,
  taken: 50,
} as const;

/** Integers of the control block. */
const PLACES = 64;

/** At most so many numbers a loop is given. */
const NUMBERS = 96;

/** At most so many chunks a loop has: half of an integer, less its sign. */
export const MOST_CHUNKS = 0x7000;

/** A member is started with this. */
export interface TeamMemory {
  readonly heap: WebAssembly.Memory;
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly numbers: Float64Array<SharedArrayBuffer>;
}

/** For a team on this heap. */
export function teamMemory(heap: WebAssembly.Memory): TeamMemory {
  return {
    heap,
    control: new Int32Array(new SharedArrayBuffer(4 * PLACES)),
    numbers: new Float64Array(new SharedArrayBuffer(8 * NUMBERS)),
  };
}

/** Whether nobody has taken one of the chunks. */
export function anyLeft(tickets: number): boolean {
  return (tickets & 0xffff) < tickets >>> 16;
}

/**
 * Takes a chunk for the thread of this number; nothing where none is left. Threads of even numbers take the first, of odd
 * ones the last: from loop to loop a thread meets the images that lie in its own cache.
 */
export function takeChunk(control: Int32Array<SharedArrayBuffer>, lane: number): number | undefined {
  for (;;) {
    const tickets = Atomics.load(control, CONTROL.tickets);
    if (!anyLeft(tickets)) return undefined;
    const front = lane % 2 === 0;
    const left = front ? tickets + 1 : tickets - 0x1_0000;
    if (Atomics.compareExchange(control, CONTROL.tickets, tickets, left) !== tickets) continue;
    return front ? tickets & 0xffff : (tickets >>> 16) - 1;
  }
}

/** For about this long, in milliseconds, a thread looks again and again before it sleeps: a step's loops follow closely. */
const SPIN = 0.1;

/** Looks until `over`, or for a short time; whether it is over. */
export function spin(over: () => boolean): boolean {
  const until = performance.now() + SPIN;
  do {
    for (let look = 0; look < 100; look++) if (over()) return true;
  } while (performance.now() < until);
  return false;
}
