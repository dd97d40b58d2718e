import type { StudyCell } from '../../client/study-run.ts';
import type { Measure, ResultRow } from '../../study/results.ts';

/** A cell as the table shows it: one of the study, or one that a file has. */
export interface ShownCell {
  readonly key: string;
  readonly seed: number;
  readonly condition: string;
  readonly axes: string;
  readonly state: StudyCell['phase'];
  readonly reason: string;
  /** Steps finished, as a share of the run. */
  readonly share: number;
  readonly step: number;
  /** Shares of 1; undefined where nothing was measured. */
  readonly inactive: number | undefined;
  readonly accuracy: number | undefined;
  readonly seconds: number | undefined;
  /** Undefined for a cell of a file. */
  readonly own: StudyCell | undefined;
}

/** The value of a measure at its last step. */
function lastValue(rows: readonly ResultRow[], measure: Measure, benchmark = ''): number | undefined {
  const found = rows.filter((row) => row.measure === measure && row.benchmark === benchmark);
  const last = found.reduce<ResultRow | undefined>(
    (most, row) => (row.step >= (most?.step ?? -1) ? row : most),
    undefined,
  );
  return last === undefined || Number.isNaN(last.value) ? undefined : last.value;
}

/** The study's own cell. */
export function shownCell(own: StudyCell, primary: string): ShownCell {
  const { cell, phase, reason, step, record, result } = own;
  const rows = result?.rows ?? [];
  const arm = record?.arms[cell.condition.name];
  return {
    key: cell.id,
    seed: cell.seed,
    condition: cell.condition.name,
    axes: cell.axes,
    state: phase,
    reason,
    step,
    share: step / cell.config.steps,
    inactive: phase === 'running' ? arm?.inactiveShare.valueAt(step) : lastValue(rows, 'inactive_share'),
    accuracy: figureOf(rows, primary),
    seconds: secondsOf(rows),
    own,
  };
}

/** Accuracy, or the true-accept rate of templates. */
function figureOf(rows: readonly ResultRow[], benchmark: string): number | undefined {
  return lastValue(rows, 'accuracy', benchmark) ?? lastValue(rows, 'tar', benchmark);
}

function secondsOf(rows: readonly ResultRow[]): number | undefined {
  const seconds = rows[0]?.seconds;
  return seconds === undefined || Number.isNaN(seconds) ? undefined : seconds;
}

/** The cells of a file, by their keys. */
export function shownCellsOf(cells: ReadonlyMap<string, readonly ResultRow[]>, primary: string): readonly ShownCell[] {
  return [...cells].flatMap(([key, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const end = own.find(({ measure }) => measure === 'run') ?? first;
    return {
      key: `file ${key}`,
      seed: first.seed,
      condition: first.condition,
      axes: first.axes,
      state: end.state,
      reason: end.reason,
      step: end.step,
      share: 1,
      inactive: lastValue(own, 'inactive_share'),
      accuracy: figureOf(own, primary),
      seconds: secondsOf(own),
      own: undefined,
    };
  });
}
