import { serve } from '../kernels/wasm/team-member.ts';
import type { TeamMemory } from '../kernels/wasm/team-memory.ts';

/** Shares the training steps of the worker that started this one, from now on. */
export function receive({ memory, lane }: { readonly memory: TeamMemory; readonly lane: number }): void {
  void serve(memory, lane, () => {});
}
