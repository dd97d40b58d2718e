import { firstLayer } from '../record/first-layer.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { Cell } from '../study/cells.ts';
import { HELD_OUT, type StudyPlan } from '../study/plan.ts';
import { type CellFacts, failedRow, rowsOfRun, type TestResult } from '../study/run-rows.ts';
import type { FinalLayer } from '../study/statistics/seed-novelty.ts';
import type { RunRecord } from './run-record.ts';
import type { CellResult } from './study-shelf.ts';

/** How a cell ended that failed or was skipped. */
export interface CellFailure {
  /** Steps finished. */
  readonly step: number;
  readonly reason: string;
}

/** The result of a finished or failed run as the cell of a study. `seconds` is NaN where the time is not known. */
export function cellResult(plan: StudyPlan, cell: Cell, record: RunRecord, seconds: number): CellResult {
  const { step, failure } = record;
  if (record.phase === 'failed') return failedCell(plan, cell, { step, reason: failure?.message ?? '' }, record);
  const { name } = cell.condition;
  const rows = rowsOfRun(record, cell, heldOut(record, name), { ...factsOf(plan, record), seconds });
  return { rows, layer: finalLayer(record, name) };
}

/** The result of a cell that failed or was skipped. */
export function failedCell(plan: StudyPlan, cell: Cell, { step, reason }: CellFailure, record?: RunRecord): CellResult {
  return { rows: [failedRow(cell, factsOf(plan, record), step, reason)] };
}

/** The accuracy that the run measured at its end. */
function heldOut({ arms, step, started }: RunRecord, arm: string): readonly TestResult[] {
  const verification = arms[arm]?.verification;
  const last = verification === undefined ? -1 : verification.length - 1;
  const value = verification?.rows[last];
  if (value === undefined || verification?.steps[last] !== step) return [];
  // Kept in 32 bits: the digits after the seventh say nothing.
  const accuracy = Number(value.toPrecision(7));
  // A kept run does not know its pairs, and has 0 of them.
  return [{ measure: 'accuracy', benchmark: HELD_OUT, value: accuracy, pairs: started?.data.pairs || Number.NaN }];
}

function factsOf(plan: StudyPlan, record: RunRecord | undefined): CellFacts {
  const { backend: engine = '', adapter = '' } = record?.started?.engine ?? {};
  return { study: plan.name, seconds: Number.NaN, engine, adapter };
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
