import type { ArmHistory, HistoryTable, RunHistory } from '../exchange/run-history.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';
import { ARMS } from './arm.ts';
import { ArmRecord } from './arm-record.ts';
import { RunRecord, type Seam } from './run-record.ts';
import type { StepTable } from './series.ts';

const SEAM_REASONS: readonly Seam['reason'][] = [
  'loss-not-finite',
  'out-of-memory',
  'device-lost',
  'worker-lost',
  'backend-unavailable',
  'bad-faces',
  'bad-config',
  'internal',
  'closed',
];

/** Everything a run on the page has measured so far, copied; undefined before it has started. */
export function historyOf(run: RunRecord): RunHistory | undefined {
  const { started } = run;
  if (started === undefined) return undefined;
  const arms: Partial<Record<(typeof ARMS)[number], ArmHistory>> = {};
  for (const arm of ARMS) {
    const record = run.arms[arm];
    if (record !== undefined) arms[arm] = copied(record.tables);
  }
  return { kernelShape: started.kernelShape, arms, events: run.events.map(entryOf), seams: [...run.seams] };
}

/** A run from a file or from storage as a record of the page's own: paused where it stood, or finished. */
export function restoredRun({ kept, history, checkpoint, kernelShape, parameters, classes }: OpenedRun): RunRecord {
  const { config, step } = checkpoint;
  const run = new RunRecord(kept.runId, config);
  run.started = {
    type: 'started',
    runId: kept.runId,
    step,
    arms: checkpoint.arms.map(({ name }) => name),
    engine: engineOf(kept.engine),
    totalSteps: config.steps,
    data: { identities: classes, images: 0, pairs: 0 },
    kernelShape,
    parameters,
  };
  const [height, width, channels, filters] = kernelShape;
  for (const { name } of checkpoint.arms) {
    const record = new ArmRecord(filters, height * width * channels * filters);
    const told = history.arms[name];
    if (told !== undefined) restoreArm(record, told);
    run.arms[name] = record;
  }
  for (const entry of history.events) {
    if (entry.type === 'reactivation') {
      const event = { ...entry, runId: kept.runId };
      run.events.push(event);
      run.arms[event.arm]?.addReactivation(event);
    } else {
      run.events.push({ ...entry, runId: kept.runId });
    }
  }
  for (const { reason, ...seam } of history.seams) run.seams.push({ ...seam, reason: reasonOf(reason) });
  run.step = step;
  run.restingFrom = checkpoint;
  run.faces = kept.faces;
  run.name = kept.name;
  run.phase = step >= config.steps ? 'finished' : 'paused';
  if (run.phase === 'finished') run.outcome = 'completed';
  return run;
}

function restoreArm(record: ArmRecord, told: ArmHistory): void {
  const { tables } = record;
  const restore = (table: StepTable, { steps, rows, stride }: HistoryTable) => table.restore(steps, rows, stride);
  restore(tables.loss, told.loss);
  restore(tables.inactiveShare, told.inactiveShare);
  restore(tables.relativeInactiveShare, told.relativeInactiveShare);
  restore(tables.verification, told.verification);
  restore(tables.norms, told.norms);
  restore(tables.maxAbs, told.maxAbs);
  restore(tables.inactive, told.inactive);
  restore(tables.kernels, told.kernels);
  for (const norm of told.norms.rows) if (norm > record.highestNorm) record.highestNorm = norm;
}

function copied(tables: Readonly<Record<keyof ArmHistory, StepTable>>): ArmHistory {
  const copy = ({ steps, rows, stride }: StepTable): HistoryTable => ({
    steps: Int32Array.from(steps),
    rows: Float32Array.from(rows),
    stride,
  });
  return {
    loss: copy(tables.loss),
    inactiveShare: copy(tables.inactiveShare),
    relativeInactiveShare: copy(tables.relativeInactiveShare),
    verification: copy(tables.verification),
    norms: copy(tables.norms),
    maxAbs: copy(tables.maxAbs),
    inactive: copy(tables.inactive),
    kernels: copy(tables.kernels),
  };
}

function entryOf(event: RunRecord['events'][number]): RunHistory['events'][number] {
  const { runId: _, ...entry } = event;
  return entry;
}

/** The engine as the page names engines; one that an older or newer version knew is told by its own name. */
function engineOf({ backend, adapter, variants }: OpenedRun['kept']['engine']): EngineInfo {
  const known = (['webgpu', 'wasm', 'webgl', 'cpu'] as const).find((name) => name === backend);
  const engine = { backend: known ?? 'cpu', adapter, software: false } as const;
  return variants === undefined ? engine : { ...engine, variants };
}

/** Why a run broke off; a reason that another version knew is told as the plainest. */
function reasonOf(reason: string): Seam['reason'] {
  return SEAM_REASONS.find((known) => known === reason) ?? 'closed';
}
