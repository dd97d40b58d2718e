import { settingValue } from '../../config/difference.ts';
import { formatNumber } from '../../config/quantity.ts';
import type { ArmFigures, KeptEnd, KeptRun } from '../../worker/runs/kept-run.ts';
import { ARMS } from '../arm.ts';
import { ENGINE_NAMES } from '../engine.ts';
import type { RunRecord } from '../run-record.ts';

/** A run of the page as it is kept and saved, but for its name. `end` is told where the record does not know it. */
export function keptRunOf(run: RunRecord, step: number, end: KeptEnd = endOf(run)): KeptRun {
  const figures: Partial<Record<(typeof ARMS)[number], ArmFigures>> = {};
  for (const arm of ARMS) {
    const record = run.arms[arm];
    if (record === undefined) continue;
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
  };
}

function endOf(run: RunRecord): KeptEnd {
  if (run.phase === 'finished') return run.outcome === 'stopped' ? 'stopped' : 'completed';
  return run.phase === 'failed' ? 'failed' : 'open';
}

/** What a run is, in a line under a figure: "32 filters, seed 1, weight decay 0.01, batch 32. WebAssembly, SIMD." */
export function runInWords(run: RunRecord): string {
  const { config, started } = run;
  const facts = [
    `${config.filters} filters`,
    `seed ${config.seed}`,
    `weight decay ${formatNumber(config.weightDecay)}`,
    `batch ${config.batchSize}`,
    `strategy ${settingValue('strategy', config)}`,
  ].join(', ');
  const engine = started === undefined ? '' : ` ${ENGINE_NAMES[started.engine.backend]}, ${started.engine.adapter}.`;
  return `${run.name === undefined ? '' : `${run.name}: `}${facts}.${engine}`;
}
