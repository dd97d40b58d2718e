import type { StudyRun } from '../../client/study-run.ts';
import { cellsOf, conditionsOf } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { cellKey, joinRows, type ResultRow } from '../../study/results.ts';
import { type ShownCell, shownCell, shownCellsOf } from './cell-readings.ts';
import type { DroppedResults } from './study-store.ts';

/** The results that the screen shows: those of the study here, those of a file, or both together. */
export interface ShownStudy {
  readonly plan: StudyPlan;
  readonly rows: readonly ResultRow[];
  readonly cells: readonly ShownCell[];
  /** Keys of the cells that a file gave. */
  readonly elsewhere: ReadonlySet<string>;
  /** Cells of the file that are left out: no condition of the plan, or trained here as well. */
  readonly leftOut: number;
}

/** Undefined where there is neither. */
export function shownStudy(study: StudyRun | undefined, dropped: DroppedResults | undefined): ShownStudy | undefined {
  if (study === undefined && dropped === undefined) return undefined;
  const own = study?.rows ?? [];
  if (dropped === undefined) return study && { ...plain(study), rows: own, elsewhere: new Set(), leftOut: 0 };
  const base = study?.plan ?? dropped.plan;
  const added = [...new Set(dropped.rows.map(({ seed }) => seed))].filter((seed) => !base.seeds.includes(seed));
  const plan = { ...base, seeds: [...base.seeds, ...added] };
  const known = new Set(cellsOf(plan).map((cell) => cellKey({ ...cell, condition: cell.condition.name })));
  const fits = dropped.rows.filter((row) => known.has(cellKey(row)));
  // Of a cell that both have, the one trained here counts.
  const rows = joinRows(fits, own);
  const here = new Set(own.map(cellKey));
  const elsewhere = new Set(rows.map(cellKey).filter((key) => !here.has(key)));
  const shown = rows.filter((row) => elsewhere.has(cellKey(row)));
  return {
    plan,
    rows,
    cells: [...(study === undefined ? [] : plain(study).cells), ...shownCellsOf(shown, plan.primary)],
    elsewhere,
    leftOut: new Set(dropped.rows.map(cellKey)).size - elsewhere.size,
  };
}

function plain(study: StudyRun): Pick<ShownStudy, 'plan' | 'cells'> {
  const { plan, cells } = study;
  return { plan, cells: cells.map((cell) => shownCell(cell, plan.primary)) };
}

/** Conditions against Standard at each point of the axes, in the order of the plan. */
export function choicesOf({ plan, rows }: Pick<ShownStudy, 'plan' | 'rows'>) {
  const points = [...new Set([...cellsOf(plan).map(({ axes }) => axes), ...rows.map(({ axes }) => axes)])];
  const conditions = conditionsOf(plan).slice(1);
  return points.flatMap((axes) => conditions.map(({ name: condition }) => ({ axes, condition })));
}
