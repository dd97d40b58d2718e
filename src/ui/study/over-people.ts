import type { Comparison } from '../../study/analysis.ts';
import { cellsOf } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { studyRuns } from './study-store.ts';

/**
 * The interval of an accuracy's comparison over seeds and people, which a worker works out from scores.npz of the cells by
 * their ids; undefined for other outcomes, and where some are missing.
 */
export async function overPeople(
  plan: StudyPlan,
  comparison: Comparison,
  scores: ReadonlyMap<string, Uint8Array>,
  signal?: AbortSignal,
): Promise<Interval | undefined> {
  if (comparison.outcome.measure !== 'accuracy') return undefined;
  const compared = cellsOf(plan).filter(
    ({ axes, condition }) => axes === comparison.axes && condition.name === comparison.condition,
  );
  const ids = new Set(compared.flatMap(({ id, standardId }) => [id, standardId]));
  // Those of other conditions are not copied to the worker.
  const own = new Map([...scores].filter(([id]) => ids.has(id)));
  return studyRuns.resample({ plan, comparison, scores: own }, signal);
}
