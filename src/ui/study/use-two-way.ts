import { useEffect, useReducer } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import type { Comparison } from '../../study/analysis.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { FEWEST_SEEDS } from '../../study/statistics/power.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { studyRuns } from './study-store.ts';

/** Of each comparison that was resampled; undefined where scores are missing. */
const known = new WeakMap<Comparison, Interval | undefined>();

/**
 * The interval of a comparison over seeds and people, which a worker works out from the scores of the study's runs:
 * undefined until then, and where there are too few seeds for a verdict.
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
    const compared = new Set(['standard', comparison.condition]);
    const scores = new Map<string, Uint8Array>();
    for (const { cell, result } of study.cells) {
      if (compared.has(cell.condition.name) && result?.scores !== undefined) scores.set(cell.id, result.scores);
    }
    const ending = new AbortController();
    studyRuns.resample({ plan, comparison, scores }, ending.signal).then(
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
