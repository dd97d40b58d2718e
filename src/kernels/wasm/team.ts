import type { Loop } from './chunk.ts';
import { loopIndex } from './loops.ts';
import { isShared, type WasmKernels } from './module.ts';
import { CONTROL, MOST_CHUNKS, spin, type TeamMemory, takeChunk, teamMemory } from './team-memory.ts';

/** After so many naps without the chunk of another thread this one gives up. */
const NAPS = 60;

/** Starts a thread that serves a team (`serve` of team-member.ts) as its number `lane`. */
export type StartMember = (memory: TeamMemory, lane: number) => void;

/**
 * The threads that work off a loop's chunks: this one, and members that were started with the same memory. Each chunk is
 * done by the thread that is free first; so a member that is not up yet, or rests, holds nobody up. The result of a chunk
 * depends neither on the thread nor on how many there are, so numbers are the same for any size of the team.
 */
export class ThreadTeam {
  readonly kernels: WasmKernels;
  readonly #memory: TeamMemory | undefined;
  #size = 1;
  #lanes = 1;
  /** Has this thread leave every chunk to the members, for tests. */
  idle = false;
  /** In milliseconds, so long at a time this thread sleeps for a chunk of another; tests shorten it. */
  nap = 1000;
  /** Set once a member has kept a chunk: it may still write to the heap, and no later number is to be trusted. */
  #broken: Error | undefined;

  /** On a heap that is not shared the team stays one. */
  constructor(kernels: WasmKernels, heap: WebAssembly.Memory) {
    this.kernels = kernels;
    this.#memory = isShared(heap) ? teamMemory(heap) : undefined;
  }

  /** Whether it can have members. */
  get grows(): boolean {
    return this.#memory !== undefined;
  }

  /** Threads that share loops, this one included. */
  get size(): number {
    return this.#size;
  }

  /** Rooms that a loop needs where each thread has its own; members that rest count too. */
  get lanes(): number {
    return this.#lanes;
  }

  /** Chunks that members have done. */
  get taken(): number {
    return this.#memory === undefined ? 0 : Atomics.load(this.#memory.control, CONTROL.taken);
  }

  /** Has so many threads share loops from now on, where the heap allows it. Members are started once, and rest when there are too many. */
  resize(size: number, start: StartMember): void {
    if (this.#memory === undefined) return;
    this.#size = Math.max(1, size);
    for (; this.#lanes < this.#size; this.#lanes++) start(this.#memory, this.#lanes);
    Atomics.store(this.#memory.control, CONTROL.size, this.#size);
    Atomics.notify(this.#memory.control, CONTROL.size);
  }

  /**
   * Runs all chunks of a loop, and returns when they are done.
   * @throws the error of a chunk; Error where a member has died in the middle of one, and from then on
   */
  run<Numbers extends readonly number[]>(loop: Loop<Numbers>, numbers: NoInfer<Numbers>, chunks: number): void {
    if (chunks > MOST_CHUNKS) throw new Error(`A loop has ${chunks} chunks; ${MOST_CHUNKS} are the most.`);
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#memory !== undefined && this.#size > 1 && chunks > 1) {
      this.#share(this.#memory, loop, numbers, chunks);
      return;
    }
    for (let index = 0; index < chunks; index++) {
      loop({ kernels: this.kernels, index, lane: 0, first: index === 0 }, ...numbers);
    }
  }

  #share<Numbers extends readonly number[]>(
    { heap, control, numbers: shared }: TeamMemory,
    loop: Loop<Numbers>,
    numbers: NoInfer<Numbers>,
    chunks: number,
  ): void {
    shared.set(numbers);
    control[CONTROL.count] = numbers.length;
    control[CONTROL.loop] = loopIndex(loop);
    control[CONTROL.turn] = (control[CONTROL.turn] ?? 0) + 1;
    control[CONTROL.pages] = heap.buffer.byteLength / 65_536;
    control[CONTROL.failed] = 0;
    control[CONTROL.chunks] = chunks;
    Atomics.store(control, CONTROL.done, 0);
    // From here on members take chunks.
    Atomics.store(control, CONTROL.tickets, chunks << 16);
    // A member above the size may still sleep here, and be called in the place of another.
    Atomics.notify(control, CONTROL.tickets, chunks - 1 + this.#lanes - this.#size);
    let failure: unknown;
    let first = true;
    while (!this.#leaves(control)) {
      const index = takeChunk(control, 0);
      if (index === undefined) break;
      try {
        // After a failure the rest is not worth the time, but has to be ticked off.
        if (failure === undefined) loop({ kernels: this.kernels, index, lane: 0, first }, ...numbers);
        first = false;
      } catch (error) {
        failure = error;
      }
      Atomics.add(control, CONTROL.done, 1);
    }
    this.#waitFor(control, chunks);
    if (failure !== undefined) throw failure;
    if (Atomics.load(control, CONTROL.failed) !== 0) throw new Error('A kernel failed on another thread.');
  }

  #leaves(control: Int32Array): boolean {
    return this.idle && Atomics.load(control, CONTROL.members) > 0;
  }

  /** Waits for the chunks that others do. */
  #waitFor(control: Int32Array<SharedArrayBuffer>, chunks: number): void {
    const over = () => Atomics.load(control, CONTROL.done) >= chunks;
    if (spin(over)) return;
    let naps = 0;
    while (!over()) {
      const done = Atomics.load(control, CONTROL.done);
      if (done < chunks && Atomics.wait(control, CONTROL.done, done, this.nap) === 'timed-out') naps++;
      if (naps < NAPS) continue;
      this.#broken = new Error(`A thread has not done its part of a kernel in ${(this.nap * NAPS) / 1000} seconds.`);
      throw this.#broken;
    }
  }
}
