import { sharesOf } from './field.ts';
import type { RunConfig } from './run-config.ts';

export type ScheduleSettings = Pick<
  RunConfig,
  'learningRate' | 'schedule' | 'dropsAt' | 'dropFactor' | 'warmupSteps' | 'steps'
>;

/**
 * The learning rate of step 0, 1, 2, ...: a straight line up to its peak at step warmupSteps - 1, then half a cosine or
 * a straight line to zero at the end of the run (InsightFace's polynomial of power 1), or constant, or multiplied by
 * `dropFactor` at each of the shares `dropsAt` of the run.
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
    case 'step': {
      const drops = sharesOf(settings.dropsAt).filter((share) => step >= (share / 100) * steps);
      return learningRate * settings.dropFactor ** drops.length;
    }
  }
}

export type DecaySettings = Pick<
  RunConfig,
  'weightDecay' | 'weightDecaySchedule' | 'laterWeightDecay' | 'laterDecayFrom' | 'steps'
>;

/** The weight decay of step 0, 1, 2, ...: one value, or another from a share of the run on. */
export function weightDecayAt(step: number, settings: DecaySettings): number {
  const { weightDecay, weightDecaySchedule, laterWeightDecay, laterDecayFrom, steps } = settings;
  const later = weightDecaySchedule === 'change' && step >= (laterDecayFrom / 100) * steps;
  return later ? laterWeightDecay : weightDecay;
}
