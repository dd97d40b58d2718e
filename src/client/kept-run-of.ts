import { craftSwitches } from '../record/craft-switches.ts';
import type { ArmFigures, KeptEnd, KeptRun } from '../worker/runs/kept-run.ts';
import type { RunRecord } from './run-record.ts';

/** A run of the page as it is kept and saved, but for its name. Pass `end` where the record does not know it. */
export function keptRunOf(run: RunRecord, step: number, end: KeptEnd = endOf(run)): KeptRun {
  const figures: Record<string, ArmFigures> = {};
  for (const [arm, record] of Object.entries(run.arms)) {
    figures[arm] = {
      inactiveShare: record.inactiveShare.valueAt(step) ?? 0,
      loss: record.loss.valueAt(step),
      accuracy: record.verification.valueAt(step),
    };
  }
  const { backend = '', adapter = '', variants } = run.started?.engine ?? {};
  const now = Date.now();
  return {
    runId: run.runId,
    name: run.name,
    config: run.config,
    step,
    startedAt: now,
    updatedAt: now,
    end,
    engine: { backend, adapter, ...(variants === undefined ? {} : { variants }) },
    figures,
    faces: run.faces,
    weights: run.weights,
    switches: craftSwitches(run.events).filter((switched) => switched.step <= step),
  };
}

function endOf(run: RunRecord): KeptEnd {
  if (run.phase === 'finished') return run.outcome === 'stopped' ? 'stopped' : 'completed';
  return run.phase === 'failed' ? 'failed' : 'open';
}
