import type { StudyRun } from '../../client/study-run.ts';
import { axesPoints, axesText } from '../../study/axes.ts';
import { conditionsOf } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { cellKey, joinCells, type ResultRow, rowsByCell } from '../../study/results.ts';
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

/** Of a study on the page. */
type OwnStudy = Pick<StudyRun, 'plan' | 'rows' | 'cells'>;

/** Undefined where there is neither. */
export function shownStudy(study: OwnStudy | undefined, dropped: DroppedResults | undefined): ShownStudy | undefined {
  const own = study?.rows ?? [];
  if (dropped === undefined) return study && { ...plain(study), rows: own, elsewhere: new Set(), leftOut: 0 };
  const base = study?.plan ?? dropped.plan;
  if (base === undefined) return undefined;
  const given = cellsOfFile(dropped.rows);
  const seeds = new Set([...base.seeds, ...[...given.values()].flatMap((rows) => rows[0]?.seed ?? [])]);
  // Those that a file brings were not in the plan of the page.
  const late = [...seeds].filter((seed) => !base.seeds.includes(seed));
  const plan = { ...base, seeds: [...seeds], addedSeeds: [...(base.addedSeeds ?? []), ...late] };
  const conditions = new Set(conditionsOf(plan).map(({ name }) => name));
  const points = new Set(pointsOf(plan));
  const fits = [...given].filter(([, [row]]) => row && conditions.has(row.condition) && points.has(row.axes));
  // Of a cell that both have, the one trained here counts.
  const here = rowsByCell(own);
  const ofFile = new Map(fits);
  const cells = joinCells(ofFile, here);
  // Also where the run failed here and is done in the file.
  const elsewhere = new Map(cells.filter(([key, rows]) => ofFile.get(key) === rows));
  return {
    plan,
    rows: cells.flatMap(([, rows]) => rows),
    cells: [
      ...(study === undefined ? [] : plain(study).cells.filter((cell) => !elsewhere.has(cellKey(cell)))),
      ...shownCellsOf(elsewhere, plan.primary),
    ],
    elsewhere: new Set(elsewhere.keys()),
    leftOut: given.size - elsewhere.size,
  };
}

const grouped = new WeakMap<readonly ResultRow[], ReadonlyMap<string, readonly ResultRow[]>>();

/** The page draws a few times a second while it trains, and the rows of a file stay the same. */
function cellsOfFile(rows: readonly ResultRow[]): ReadonlyMap<string, readonly ResultRow[]> {
  const cells = grouped.get(rows) ?? rowsByCell(rows);
  grouped.set(rows, cells);
  return cells;
}

function plain(study: OwnStudy): Pick<ShownStudy, 'plan' | 'cells'> {
  const { plan, cells } = study;
  return { plan, cells: cells.map((cell) => shownCell(cell, plan.primary)) };
}

/** Conditions against Standard at each point of the axes, in the order of the plan. */
export function choicesOf({ plan }: Pick<ShownStudy, 'plan'>) {
  const conditions = conditionsOf(plan).slice(1);
  return pointsOf(plan).flatMap((axes) => conditions.map(({ name: condition }) => ({ axes, condition })));
}

function pointsOf({ axes }: StudyPlan): readonly string[] {
  return axesPoints(axes).map(axesText);
}
