import { scoresFile } from '../study/cell-scores.ts';
import type { Cell } from '../study/cells.ts';
import { exactAccuracy } from '../study/exact-share.ts';
import { finalLayerOf } from '../study/final-layer.ts';
import { HELD_OUT, type StudyPlan } from '../study/plan.ts';
import { type CellFacts, failedRow, rowsOfRun, type TestResult } from '../study/run-rows.ts';
import type { RunRecord } from './run-record.ts';
import type { CellResult } from './study-shelf.ts';

/** How a cell ended that failed or was skipped. */
export interface CellFailure {
  /** Steps finished. */
  readonly step: number;
  readonly reason: string;
}

/**
 * The result of a finished or failed run as the cell of a study, with its figures on the tests beside the held-out pairs. `seconds` is NaN where the time is not known.
 */
export function cellResult(
  plan: StudyPlan,
  cell: Cell,
  record: RunRecord,
  { seconds, tests = [] }: { readonly seconds: number; readonly tests?: readonly TestResult[] },
): CellResult {
  const { step, failure } = record;
  if (record.phase === 'failed') return failedCell(plan, cell, { step, reason: failure?.message ?? '' }, record);
  const { name } = cell.condition;
  const measured = [...heldOut(record, name), ...tests];
  const rows = rowsOfRun(record, cell, measured, { ...factsOf(plan, record), seconds });
  const scores = measured.flatMap(({ benchmark, scores: one }) =>
    one === undefined ? [] : [[benchmark, one] as const],
  );
  return {
    rows,
    layer: finalLayerOf(record.arms[name]),
    ...(scores.length === 0 ? {} : { scores: scoresFile(new Map(scores)) }),
  };
}

/** The result of a cell that failed or was skipped. */
export function failedCell(plan: StudyPlan, cell: Cell, { step, reason }: CellFailure, record?: RunRecord): CellResult {
  return { rows: [failedRow(cell, factsOf(plan, record), step, reason)] };
}

/** The accuracy that the run measured at its end. */
function heldOut({ arms, step, started, scores }: RunRecord, arm: string): readonly TestResult[] {
  const verification = arms[arm]?.verification;
  const last = verification === undefined ? -1 : verification.length - 1;
  const value = verification?.rows[last];
  if (value === undefined || verification?.steps[last] !== step) return [];
  // A kept run does not know its pairs, and has 0 of them.
  const pairs = started?.data.pairs || Number.NaN;
  // Kept in 32 bits: the digits after the seventh say nothing.
  const accuracy = exactAccuracy(Number(value.toPrecision(7)), pairs);
  return [{ measure: 'accuracy', benchmark: HELD_OUT, value: accuracy, pairs, scores: scores.get(arm) }];
}

function factsOf(plan: StudyPlan, record: RunRecord | undefined): CellFacts {
  const { backend: engine = '', adapter = '' } = record?.started?.engine ?? {};
  return { study: plan.name, seconds: Number.NaN, engine, adapter };
}
