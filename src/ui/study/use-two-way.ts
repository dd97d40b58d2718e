import { useEffect, useReducer } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import type { Comparison } from '../../study/analysis.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { FEWEST_SEEDS } from '../../study/statistics/power.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { overPeople } from './over-people.ts';

/** Of each comparison that was resampled; undefined where scores are missing. */
const known = new WeakMap<Comparison, Interval | undefined>();

/**
 * The interval of a comparison over seeds and people, from the scores of the study's runs: undefined until it is worked
 * out, and where there are too few seeds for a verdict.
 */
export function useTwoWay(
  plan: StudyPlan,
  study: StudyRun | undefined,
  comparison: Comparison | undefined,
): Interval | undefined {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plan is a new object at each draw, a comparison is not.
  useEffect(() => {
    if (comparison === undefined || study === undefined || known.has(comparison)) return;
    if ((comparison.statistics?.seeds ?? 0) < FEWEST_SEEDS) return;
    const scores = new Map(
      study.cells.flatMap(({ cell, result }) => (result?.scores === undefined ? [] : [[cell.id, result.scores]])),
    );
    const ending = new AbortController();
    overPeople(plan, comparison, scores, ending.signal).then(
      (interval) => {
        known.set(comparison, interval);
        draw();
      },
      // Without the worker the verdict holds on these pairs, and says so.
      () => {},
    );
    return () => ending.abort();
  }, [comparison, study]);
  return comparison && known.get(comparison);
}
