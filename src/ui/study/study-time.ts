import type { StudyRun } from '../../client/study-run.ts';

/**
 * Milliseconds that the runs left will take, by this study's own measurements; undefined before its first step times.
 */
export function timeLeft(study: Pick<StudyRun, 'cells' | 'side' | 'phase'>): number | undefined {
  const { cells, side } = study;
  const left = cells.filter(({ phase }) => phase === 'queued' || phase === 'running');
  if (left.length === 0) return undefined;
  const measured = msOfRun(study);
  if (measured === undefined) return undefined;
  const runs = left.reduce(
    (sum, { step, cell, phase }) => sum + (phase === 'queued' ? 1 : 1 - step / cell.config.steps),
    0,
  );
  return (runs * measured) / Math.min(side, Math.max(1, Math.ceil(runs)));
}

/** Milliseconds of one run: the mean of those that ended here, else by the step time of one that trains. */
export function msOfRun({ cells }: Pick<StudyRun, 'cells'>): number | undefined {
  const seconds = cells.flatMap(({ phase, result }) => {
    const took = phase === 'done' ? result?.rows[0]?.seconds : undefined;
    return took === undefined || Number.isNaN(took) ? [] : [took];
  });
  if (seconds.length > 0) return (1000 * seconds.reduce((sum, took) => sum + took, 0)) / seconds.length;
  const trained = cells.find(({ record }) => (record?.speed?.stepMs ?? 0) > 0);
  return trained?.record?.speed === undefined ? undefined : trained.cell.config.steps * trained.record.speed.stepMs;
}
