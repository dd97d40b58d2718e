/** The part of a run's settings that says when the first layer is checked, in percent of the run. */
export interface CheckSettings {
  readonly checkEvery: number;
  readonly stopAt: number;
}

/** Steps between two checks: `checkEvery` percent of the run, rounded, at least 1. */
function checkInterval(totalSteps: number, checkEvery: number): number {
  return Math.max(1, Math.round((checkEvery * totalSteps) / 100));
}

/** The last step at which a check may happen: `stopAt` percent of the run, and never the run's last step. */
function lastCheck(totalSteps: number, stopAt: number): number {
  // A filter re-activated after the last step would never be trained.
  return Math.min(Math.floor((stopAt * totalSteps) / 100), totalSteps - 1);
}

/**
 * Whether the first layer is checked once `step` steps are finished: at every multiple of the interval, none after
 * `stopAt`. The step at `stopAt` itself counts.
 */
export function isCheck(step: number, totalSteps: number, settings: CheckSettings): boolean {
  return (
    step > 0 &&
    step % checkInterval(totalSteps, settings.checkEvery) === 0 &&
    step <= lastCheck(totalSteps, settings.stopAt)
  );
}

/** The first step after `step` at which the first layer is checked; undefined where no check is to come. */
export function nextCheck(step: number, totalSteps: number, settings: CheckSettings): number | undefined {
  const every = checkInterval(totalSteps, settings.checkEvery);
  const next = (Math.floor(step / every) + 1) * every;
  return next <= lastCheck(totalSteps, settings.stopAt) ? next : undefined;
}

/** The step after which filters are left alone, to be marked; undefined where that is the end of the run. */
export function stopStep(totalSteps: number, { stopAt }: Pick<CheckSettings, 'stopAt'>): number | undefined {
  return stopAt < 100 ? (stopAt * totalSteps) / 100 : undefined;
}
