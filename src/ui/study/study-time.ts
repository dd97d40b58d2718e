import { runWork } from '../../client/run-duration.ts';
import type { StudyRun } from '../../client/study-run.ts';
import { armConfig } from '../../config/arm.ts';
import { type Cell, cellsOf } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';

/*
 * Runs of a study may differ in their cost: by the axes and the settings of conditions. What was measured of some is
 * scaled to others by the multiply-adds of their steps, so that all of these times are estimates.
 */

/** The work of a cell's steps, in multiply-adds but for a factor. */
function workOf({ config, condition }: Pick<Cell, 'config' | 'condition'>, faces: StudyPlan['faces']): number {
  const own = armConfig(config, condition);
  const people = own.faces === 'own' && faces !== undefined ? { identities: faces.identities } : {};
  return runWork({ ...own, ...people, arms: 'craft' });
}

/** How many runs with the plan's own settings are as much work as all of its cells. */
export function planInRuns(plan: StudyPlan): number {
  const { config, faces } = plan;
  const one = workOf({ config: { ...config, craft: true }, condition: { name: 'craft', settings: {} } }, faces);
  return cellsOf(plan).reduce((sum, cell) => sum + workOf(cell, faces), 0) / one;
}

/**
 * Milliseconds that the runs left will take, by this study's own measurements; undefined before its first step times.
 */
export function timeLeft(study: Pick<StudyRun, 'plan' | 'cells' | 'side'>): number | undefined {
  const { cells, side, plan } = study;
  const left = cells.filter(({ phase }) => phase === 'queued' || phase === 'running');
  const pace = paceOf(study);
  if (left.length === 0 || pace === undefined) return undefined;
  const work = left.reduce((sum, { step, cell, phase }) => {
    const share = phase === 'queued' ? 1 : 1 - step / cell.config.steps;
    return sum + share * workOf(cell, plan.faces);
  }, 0);
  return (work * pace) / Math.min(side, left.length);
}

/** Milliseconds of all runs of the study, one after the other, by its own measurements; undefined before. */
export function timeOfAll(study: Pick<StudyRun, 'plan' | 'cells'>): number | undefined {
  const pace = paceOf(study);
  const work = study.cells.reduce((sum, { cell }) => sum + workOf(cell, study.plan.faces), 0);
  return pace === undefined ? undefined : work * pace;
}

/** Milliseconds for the work of a cell: of the cells that ended, else by the step time of one that trains. */
function paceOf({ plan, cells }: Pick<StudyRun, 'plan' | 'cells'>): number | undefined {
  const ended = cells.flatMap(({ phase, result, cell }) => {
    const took = phase === 'done' ? result?.rows[0]?.seconds : undefined;
    return took === undefined || Number.isNaN(took) ? [] : [{ took: 1000 * took, work: workOf(cell, plan.faces) }];
  });
  if (ended.length > 0) {
    return ended.reduce((sum, { took }) => sum + took, 0) / ended.reduce((sum, { work }) => sum + work, 0);
  }
  const trained = cells.find(({ record }) => (record?.speed?.stepMs ?? 0) > 0);
  const stepMs = trained?.record?.speed?.stepMs;
  if (trained === undefined || stepMs === undefined) return undefined;
  return (trained.cell.config.steps * stepMs) / workOf(trained.cell, plan.faces);
}
