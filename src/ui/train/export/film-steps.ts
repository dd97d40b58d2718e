import type { MeasuredRun } from '../../../record/measured-run.ts';

/** Frames of a film: ten seconds. */
const MOST_FRAMES = 100;

/** The steps of a film, rising: those at which filters were read, at most a hundred, with the first and the last of them. */
export function filmSteps(run: MeasuredRun): readonly number[] {
  const [arm] = Object.values(run.arms);
  const steps = [...new Set(arm?.tables.kernels.steps)];
  if (steps.length <= MOST_FRAMES) return steps;
  return Array.from(
    { length: MOST_FRAMES },
    (_, place) => steps[Math.round((place * (steps.length - 1)) / (MOST_FRAMES - 1))] ?? 0,
  );
}
