import type { EngineInfo } from '../network/backend.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';
import { RunRecord } from './run-record.ts';

/** A run from a file or from storage as a record of the page's own: paused at its step, or finished. */
export function restoredRun({ kept, history, checkpoint, arms, classes }: OpenedRun): RunRecord {
  const { config, step } = checkpoint;
  const run = new RunRecord(kept.runId, config);
  run.started = {
    type: 'started',
    runId: kept.runId,
    step,
    arms,
    engine: engineOf(kept.engine),
    totalSteps: config.steps,
    data: { identities: classes, images: 0, pairs: 0 },
  };
  run.begin(arms);
  run.restore(history);
  run.step = step;
  run.restingFrom = checkpoint;
  run.faces = kept.faces;
  run.weights = kept.weights;
  run.name = kept.name;
  run.phase = step >= config.steps ? 'finished' : 'paused';
  if (run.phase === 'finished') run.outcome = 'completed';
  return run;
}

/** The engine as the page names engines; one that only an older or newer version knows keeps its own name. */
function engineOf({ backend, adapter, variants }: OpenedRun['kept']['engine']): EngineInfo {
  const known = (['webgpu', 'wasm', 'webgl', 'cpu'] as const).find((name) => name === backend);
  const engine = { backend: known ?? 'cpu', adapter, software: false } as const;
  return variants === undefined ? engine : { ...engine, variants };
}
