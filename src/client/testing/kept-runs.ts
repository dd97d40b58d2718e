import type { KeepOutcome } from '../../worker/runs/kept-run.ts';
import type { Keepsake } from '../../worker/runs/run-shelf.ts';
import { RunKeeping } from '../run-keeping.ts';

/** A browser's storage and locks for a test: its writes, the runs that are held, the offers that were dismissed. */
export function keptRuns(outcome: () => Promise<KeepOutcome> = async () => 'kept') {
  const written: Keepsake[] = [];
  const outcomes: KeepOutcome[] = [];
  const held = new Set<string>();
  const dismissed: string[] = [];
  /** Another page takes a run, by its id. */
  const take = new Map<string, () => void>();
  const keeping = new RunKeeping(
    {
      keep: (keepsake) => {
        written.push(keepsake);
        return outcome();
      },
      change: async (runId) => void dismissed.push(runId),
    },
    {
      kept: (outcome) => outcomes.push(outcome),
      lock: async (runId, lost = () => {}) => {
        if (held.has(runId)) return undefined;
        held.add(runId);
        take.set(runId, lost);
        return () => held.delete(runId);
      },
    },
  );
  return { keeping, written, outcomes, held, dismissed, take };
}
