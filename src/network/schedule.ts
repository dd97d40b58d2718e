import type { RunConfig } from '../config/run-config.ts';

export type ScheduleSettings = Pick<RunConfig, 'learningRate' | 'schedule' | 'warmupSteps' | 'steps'>;

/**
 * The learning rate of step 0, 1, 2, ...: a straight line up to its peak at step warmupSteps - 1, then half a cosine or
 * a straight line to zero at the end of the run (InsightFace's polynomial of power 1), or constant.
 */
export function learningRateAt(step: number, settings: ScheduleSettings): number {
  const { learningRate, schedule, warmupSteps, steps } = settings;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  switch (schedule) {
    case 'cosine':
      return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
    case 'polynomial':
      return learningRate * (1 - done);
    case 'constant':
      return learningRate;
  }
}
