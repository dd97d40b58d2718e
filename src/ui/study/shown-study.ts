import type { StudyRun } from '../../client/study-run.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { axisOf } from '../../study/axes.ts';
import { cellsOf, conditionsOf } from '../../study/cells.ts';
import { HELD_OUT, type StudyPlan } from '../../study/plan.ts';
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
  const base = study?.plan ?? dropped.plan ?? planOfRows(dropped.rows);
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
    cells: [...(study?.cells.map(shownCell) ?? []), ...shownCellsOf(shown)],
    elsewhere,
    leftOut: new Set(dropped.rows.map(cellKey)).size - elsewhere.size,
  };
}

function plain(study: StudyRun): Pick<ShownStudy, 'plan' | 'cells'> {
  return { plan: study.plan, cells: study.cells.map(shownCell) };
}

/**
 * The plan that results without one belong to, as far as their columns tell it: conditions, seeds, axes and evaluations.
 * The settings are not known, and the file does not name the primary outcome: it is the held-out pairs where there are such.
 */
function planOfRows(rows: readonly ResultRow[]): StudyPlan {
  const names = [...new Set(rows.map(({ condition }) => condition))].filter((name) => name !== 'standard');
  const benchmarks = [
    ...new Set(rows.filter(({ measure }) => measure === 'accuracy').map(({ benchmark }) => benchmark)),
  ];
  const values = new Map<string, Set<string>>();
  for (const axes of new Set(rows.map((row) => row.axes))) {
    for (const part of axes.split(';').filter((one) => one !== '')) {
      const [setting = '', value = ''] = part.split('=', 2);
      values.set(setting, (values.get(setting) ?? new Set()).add(value));
    }
  }
  return {
    name: rows[0]?.study ?? 'study',
    config: DEFAULT_CONFIG,
    conditions: names.map((name) => ({ name, settings: {} })),
    axes: [...values].map(([setting, found]) => axisOf(setting, [...found], DEFAULT_CONFIG)),
    seeds: [...new Set(rows.map(({ seed }) => seed))],
    seedSettings: ['seed'],
    evaluations: benchmarks.filter((name) => name !== HELD_OUT).map((name) => ({ name, data: name })),
    primary: benchmarks.includes(HELD_OUT) ? HELD_OUT : (benchmarks[0] ?? HELD_OUT),
    version: '',
  };
}

/** Conditions against Standard at each point of the axes, in the order of the plan. */
export function choicesOf({ plan, rows }: Pick<ShownStudy, 'plan' | 'rows'>) {
  const points = [...new Set([...cellsOf(plan).map(({ axes }) => axes), ...rows.map(({ axes }) => axes)])];
  const conditions = conditionsOf(plan).slice(1);
  return points.flatMap((axes) => conditions.map(({ name: condition }) => ({ axes, condition })));
}
