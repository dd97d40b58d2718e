import { type CheckSettings, isCheck } from '../schedule.ts';

/** All steps of a run at which the first layer is checked, ascending. */
export function checkSteps(totalSteps: number, settings: CheckSettings): readonly number[] {
  return Array.from({ length: totalSteps + 1 }, (_, step) => step).filter((step) =>
    isCheck(step, totalSteps, settings),
  );
}
