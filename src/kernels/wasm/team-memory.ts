/*
 * Shared by the threads of a team, besides the heap: the loop that runs, its numbers, and the tickets for its chunks.
 */

/** Places in the control block, 32-bit integers; those that threads wait for have a cache line each. */
export const CONTROL = {
  /** The loop's number of chunks in the upper half, the tickets given out for them in the lower one. */
  tickets: 0,
  /** Chunks that are done. */
  done: 16,
  /** Which loop it is: its index in LOOPS, and how many loops there were before. */
  loop: 32,
  turn: 33,
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

/** At most so many chunks a loop has: half of an integer, less room for tickets that nobody gets. */
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

/** The chunk that a ticket is for; nothing where all are given out. */
export function chunkOf(ticket: number): number | undefined {
  const chunk = ticket & 0xffff;
  return chunk < ticket >>> 16 ? chunk : undefined;
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
