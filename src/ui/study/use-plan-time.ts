import { countCells } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { useStudyRunDuration } from '../state/step-times.ts';
import { useRunState } from '../state/store-context.tsx';
import { sideBySide } from './study-store.ts';
import { planInRuns } from './study-time.ts';

/** The time of a study that has not started. */
interface PlanTime {
  /** Milliseconds of all runs, by a timed step of this computer; undefined before one was timed. */
  readonly time: number | undefined;
  /** Runs at a time. */
  readonly side: number;
}

/** The estimated time of a plan on this computer. */
export function usePlanTime(plan: StudyPlan | undefined): PlanTime {
  const config = useRunState((state) => state.config);
  const engine = useRunState((state) => state.engine);
  const duration = useStudyRunDuration(config);
  if (plan === undefined || engine === undefined) return { time: undefined, side: 1 };
  const side = Math.min(countCells(plan), sideBySide(engine));
  return { time: duration && (planInRuns(plan) * duration) / side, side };
}
