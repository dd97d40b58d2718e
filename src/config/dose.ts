import { type DecaySettings, learningRateAt, type ScheduleSettings, weightDecayAt } from './rates.ts';
import type { RunConfig } from './run-config.ts';

export type DoseSettings = ScheduleSettings & DecaySettings & Pick<RunConfig, 'momentum'>;

/**
 * Doses at which the first filter of a first layer fell below 0.01 (`maxAbs`), where its weights started from N(0, 0.1): the
 * least and the median of 20 runs of different rate, decay, schedule, length and seed (docs/data/first-death.md).
 */
const MEASURED = { least: 3.0, median: 3.6, epsilon: 0.01 } as const;
/** Up to this factor from the measured threshold the rule is carried over. */
const FACTOR = 3;

/** Doses at which first filters die. */
export interface FirstDeaths {
  /** Nothing died below it in any measured run. */
  readonly least: number;
  readonly median: number;
}

/**
 * The doses at which first filters fall below the run's threshold: a weight that shrinks by e^-dose reaches a larger one
 * sooner. Undefined for criteria other than `maxAbs` and for thresholds far from 0.01, for which nobody measured it.
 */
export function firstDeaths({ criterion, epsilon }: Pick<RunConfig, 'criterion' | 'epsilon'>): FirstDeaths | undefined {
  const sooner = Math.log(epsilon / MEASURED.epsilon);
  if (criterion !== 'maxAbs' || Math.abs(sooner) > Math.log(FACTOR)) return undefined;
  return { least: MEASURED.least - sooner, median: MEASURED.median - sooner };
}

/** How strongly a recipe pulls weights to zero over some steps. */
export interface DecayDose {
  /** Sum over the steps of learning rate times weight decay. */
  readonly sum: number;
  /** `sum` / (1 - momentum): momentum carries every pull on. */
  readonly dose: number;
  /** e^-dose: the size of a weight that gets no gradient, as a share of its first size. */
  readonly shrink: number;
}

/** The dose of the first `steps` steps of a run, all without it. */
export function decayDose(settings: DoseSettings, steps: number = settings.steps): DecayDose {
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += learningRateAt(step, settings) * weightDecayAt(step, settings);
  const dose = sum / (1 - settings.momentum);
  return { sum, dose, shrink: Math.exp(-dose) };
}

/** The factor of a weight without a gradient from one finished step to a later one. */
export function shrinkBetween(settings: DoseSettings, from: number, to: number): number {
  return Math.exp(decayDose(settings, from).dose - decayDose(settings, to).dose);
}

/** Finished steps after which the dose is first at least `dose`; undefined where the run does not get there. */
export function stepOfDose(settings: DoseSettings, dose: number): number | undefined {
  let sum = 0;
  for (let step = 0; step < settings.steps; step++) {
    sum += learningRateAt(step, settings) * weightDecayAt(step, settings);
    if (sum >= dose * (1 - settings.momentum)) return step + 1;
  }
  return undefined;
}
