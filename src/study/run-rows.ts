import { armConfig } from '../config/arm.ts';
import { survival } from '../craft/survival.ts';
import type { ArmRecord } from '../record/arm-record.ts';
import { decayAloneOf } from '../record/decay-alone.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { StepTable } from '../record/series.ts';
import type { CellScores } from './cell-scores.ts';
import type { Cell } from './cells.ts';
import { exactAccuracy, exactShare } from './exact-share.ts';
import { HELD_OUT } from './plan.ts';
import type { Measure, Outcome, ResultRow } from './results.ts';

/** The result of an evaluation of a trained network. */
export interface TestResult extends Outcome {
  readonly value: number;
  readonly pairs: number;
  /** Its pairs, where they are kept; no row holds them. */
  readonly scores?: CellScores | undefined;
}

/** Facts of a cell's rows besides its readings. */
export interface CellFacts {
  readonly study: string;
  readonly seconds: number;
  readonly engine: string;
  readonly adapter: string;
}

/** Shares and losses of results.csv are those at every twentieth of the run that was measured, and at its end. */
const POINTS = 20;

/** The rows of a finished cell: `run` is its record, whose only arm has the condition's name. */
export function rowsOfRun(
  run: MeasuredRun,
  cell: Cell,
  tests: readonly TestResult[],
  facts: CellFacts,
): readonly ResultRow[] {
  const { arm, step } = { arm: run.arms[cell.condition.name], step: run.step };
  if (arm === undefined) throw new Error(`The record holds no arm "${cell.condition.name}".`);
  const row = rowMaker(cell, facts, 'done', '');
  const { verification, inactiveShare, relativeInactiveShare, unusedShare, loss } = arm.tables;
  const pairs = tests.find(({ benchmark }) => benchmark === HELD_OUT)?.pairs ?? 0;
  const curve = (measure: Measure, table: StepTable) =>
    pointsOf(table, run.totalSteps).map(([at, value]) => row({ measure, value, step: at }));
  const shares = (measure: Measure, table: StepTable) =>
    curve(measure, table).map((one) => ({ ...one, value: exactShare(one.value, arm.filters) }));
  return [
    ...[...verification.steps].flatMap((at, index) =>
      at === step
        ? []
        : [
            row({
              measure: 'accuracy',
              benchmark: HELD_OUT,
              value: exactAccuracy(decimal(verification.rows[index]), pairs),
              step: at,
              pairs,
            }),
          ],
    ),
    ...tests.map(({ scores: _, ...test }) => row({ ...test, step })),
    ...shares('inactive_share', inactiveShare),
    ...shares('relative_inactive_share', relativeInactiveShare),
    ...shares('unused_share', unusedShare),
    ...curve('loss', loss),
    ...reactivationRows(run, cell, arm).map(([measure, value]) => row({ measure, value, step })),
    // Last: a file that is cut short holds no finished run.
    row({ measure: 'run', value: step, step }),
  ];
}

/** The one row of a cell that failed. */
export function failedRow(cell: Cell, facts: CellFacts, step: number, reason: string): ResultRow {
  return rowMaker(cell, facts, 'failed', reason)({ measure: 'run', value: Number.NaN, step });
}

function rowMaker(cell: Cell, facts: CellFacts, state: ResultRow['state'], reason: string) {
  const { study, seconds, engine, adapter } = facts;
  return (own: Pick<ResultRow, 'measure' | 'value' | 'step'> & Partial<ResultRow>): ResultRow => ({
    study,
    condition: cell.condition.name,
    axes: cell.axes,
    seed: cell.seed,
    benchmark: '',
    pairs: 0,
    seconds,
    engine,
    adapter,
    state,
    reason,
    ...own,
  });
}

/**
 * Measured points at twentieths of the run, and the last one. A step of a check is read before and after it: the
 * reading before names the filters that had died.
 */
function pointsOf(table: StepTable, steps: number): readonly (readonly [step: number, value: number])[] {
  const every = Math.max(1, Math.round(steps / POINTS));
  const points = new Map<number, number>();
  for (const [index, step] of table.steps.entries()) {
    const wanted = step % every === 0 || index === table.steps.length - 1;
    if (wanted && !points.has(step)) points.set(step, decimal(table.rows[index]));
  }
  return [...points];
}

/** A number that was kept in 32 bits, without the digits that say nothing. */
function decimal(value = Number.NaN): number {
  return Number(value.toPrecision(7));
}

/** How often filters were re-activated and how they fared; nothing of a condition without CRAFT. */
function reactivationRows(run: MeasuredRun, cell: Cell, arm: ArmRecord): readonly (readonly [Measure, number])[] {
  const config = armConfig(cell.config, cell.condition);
  if (!config.craft) return [];
  const checks = run.events.flatMap((event) => (event.type === 'reactivation' ? [event] : []));
  const inactive = Uint8Array.from(arm.layerAt()?.inactive ?? []);
  const found = survival(checks, arm.filters, inactive, decayAloneOf(config, checks, run.step));
  const times = found.reactivations.reduce((sum, count) => sum + count, 0);
  const shares: readonly (readonly [Measure, number | undefined])[] = [
    ['survival_next', found.atNextCheck],
    ['survival_end', found.atEnd],
    ['decay_survival_next', found.byDecayAlone?.atNextCheck],
    ['decay_survival_end', found.byDecayAlone?.atEnd],
  ];
  return [
    ['reactivations', times],
    ...shares.flatMap(([measure, value]) => (value === undefined ? [] : [[measure, value] as const])),
  ];
}
