import { firstLayer } from '../record/first-layer.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { Series } from '../record/series.ts';
import type { Cell } from '../study/cells.ts';
import { HELD_OUT, type StudyPlan } from '../study/plan.ts';
import type { Measure, ResultRow } from '../study/results.ts';
import type { FinalLayer } from '../study/statistics/seed-novelty.ts';
import type { RunRecord } from './run-record.ts';
import type { CellResult } from './study-shelf.ts';

/** Readings of a measure that are kept of a run: enough for a curve. */
const MOST_READINGS = 60;

/** How a cell ended that failed or was skipped. */
export interface CellFailure {
  /** Steps finished. */
  readonly step: number;
  readonly reason: string;
}

/** What a run that has finished or failed gave as the cell of a study. `seconds` is NaN where the time is not known. */
export function cellResult(plan: StudyPlan, cell: Cell, record: RunRecord, seconds: number): CellResult {
  const { step, started } = record;
  if (record.phase === 'failed') {
    return failedCell(plan, cell, { step, reason: record.failure?.message ?? 'The run failed.' }, record);
  }
  const { backend: engine = '', adapter = '' } = started?.engine ?? {};
  const base = { ...identity(plan, cell), seconds, engine, adapter, state: 'done', reason: '', pairs: 0 } as const;
  const arm = record.arms[cell.condition.name];
  const rows: ResultRow[] = [{ ...base, step, measure: 'run', benchmark: '', value: step }];
  const take = (measure: Measure, series: Series | undefined, about: Partial<ResultRow> = {}) => {
    for (const at of thinned(series?.length ?? 0)) {
      const [reading, value] = [series?.steps[at], series?.rows[at]];
      if (reading === undefined || value === undefined || !Number.isFinite(value)) continue;
      rows.push({ ...base, measure, benchmark: '', step: reading, value, ...about });
    }
  };
  take('accuracy', arm?.verification, { benchmark: HELD_OUT, pairs: started?.data.pairs ?? 0 });
  take('inactive_share', arm?.inactiveShare);
  take('relative_inactive_share', arm?.relativeInactiveShare);
  take('unused_share', arm?.unusedShare);
  take('loss', arm?.loss);
  const reactivations = record.events.flatMap((event) => (event.type === 'reactivation' ? event.filters : [])).length;
  rows.push({ ...base, step, measure: 'reactivations', benchmark: '', value: reactivations });
  return { rows, layer: finalLayer(record, cell.condition.name) };
}

/** The result of a cell that failed or was skipped. */
export function failedCell(plan: StudyPlan, cell: Cell, { step, reason }: CellFailure, record?: RunRecord): CellResult {
  const { backend: engine = '', adapter = '' } = record?.started?.engine ?? {};
  const end = { step, measure: 'run', benchmark: '', value: Number.NaN, pairs: 0, seconds: Number.NaN } as const;
  return { rows: [{ ...identity(plan, cell), ...end, engine, adapter, state: 'failed', reason }] };
}

function identity(plan: StudyPlan, { condition, axes, seed }: Cell) {
  return { study: plan.name, condition: condition.name, axes, seed };
}

/** Places of the readings that are kept: the same of all runs of a length, and always the last. */
function thinned(length: number): readonly number[] {
  const stride = Math.max(1, Math.ceil(length / MOST_READINGS));
  const kept = Array.from({ length: Math.ceil(length / stride) }, (_, place) => place * stride);
  return length === 0 || kept.at(-1) === length - 1 ? kept : [...kept, length - 1];
}

/** The first layer of the run's arm as last read; undefined where none was. */
export function finalLayer(run: MeasuredRun, arm: string): FinalLayer | undefined {
  const layer = firstLayer(run, arm);
  if (layer === undefined) return undefined;
  const reactivated = new Uint32Array(layer.shape[3]);
  for (const event of run.events) {
    if (event.type !== 'reactivation') continue;
    for (const filter of event.filters) reactivated[filter] = (reactivated[filter] ?? 0) + 1;
  }
  const { kernel, shape, inactive } = layer;
  return { kernel, shape, inactive, reactivated };
}
