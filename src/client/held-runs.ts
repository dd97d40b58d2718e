import { holdRun } from '../worker/runs/run-locks.ts';

/** Runs this page holds, by their ids, with what lets go of them. */
const held = new Map<string, Promise<(() => void) | undefined>>();

/** Holds a run for this page; resolves to false where another has it. */
export async function hold(runId: string): Promise<boolean> {
  const holding = held.get(runId) ?? holdRun(runId);
  held.set(runId, holding);
  if ((await holding) !== undefined) return true;
  held.delete(runId);
  return false;
}

/** Lets go of every run but this one. */
export function letGoOfAllBut(runId: string | undefined): void {
  for (const [id, holding] of held) {
    if (id === runId) continue;
    held.delete(id);
    void holding.then((release) => release?.());
  }
}
