import { LOOPS } from './loops.ts';
import { instantiateKernels } from './module.ts';
import { anyLeft, CONTROL, spin, type TeamMemory, takeChunk } from './team-memory.ts';

/**
 * Does chunks for a team, as its thread number `lane` (1, 2, ...), until the thread is ended from outside: it never comes
 * back to its event loop. `ready` hears when it begins.
 */
export async function serve(memory: TeamMemory, lane: number, ready: () => void): Promise<void> {
  const kernels = await instantiateKernels(memory.heap);
  if (kernels === undefined) return;
  const { heap, control, numbers } = memory;
  let turn = 0;
  let pages = 0;
  let given: readonly number[] = [];
  Atomics.add(control, CONTROL.members, 1);
  ready();
  for (;;) {
    const size = Atomics.load(control, CONTROL.size);
    if (lane >= size) {
      Atomics.wait(control, CONTROL.size, size);
      continue;
    }
    const seen = Atomics.load(control, CONTROL.tickets);
    if (!anyLeft(seen)) {
      if (!spin(() => Atomics.load(control, CONTROL.tickets) !== seen)) Atomics.wait(control, CONTROL.tickets, seen);
      continue;
    }
    const index = takeChunk(control, lane);
    if (index === undefined) continue;
    // With a chunk in hand the loop does not change.
    const chunks = control[CONTROL.chunks] ?? 0;
    const first = turn !== control[CONTROL.turn];
    if (first) {
      turn = control[CONTROL.turn] ?? 0;
      given = Array.from(numbers.subarray(0, control[CONTROL.count]));
    }
    try {
      if (pages !== control[CONTROL.pages]) {
        pages = control[CONTROL.pages] ?? 0;
        // V8 announces growth to other threads by an interrupt, which may come late.
        heap.grow(0);
      }
      LOOPS[control[CONTROL.loop] ?? 0]?.({ kernels, index, lane, first }, ...given);
    } catch {
      Atomics.store(control, CONTROL.failed, 1);
    }
    Atomics.add(control, CONTROL.taken, 1);
    if (Atomics.add(control, CONTROL.done, 1) + 1 === chunks) Atomics.notify(control, CONTROL.done);
  }
}
