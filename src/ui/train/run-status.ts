import type { RunRecord } from '../../client/run-record.ts';
import { formatDuration, formatNumber } from '../../config/quantity.ts';

/** The phase of a run: the fact in bold, and its details. */
export interface RunStatus {
  readonly headline: string;
  readonly detail: string;
}

/** Faces drawn or read so far. */
export interface PreparingFaces {
  readonly done: number;
  readonly total: number;
}

/** In words, for the run bar. */
export function runStatus(run: RunRecord | undefined, steps: number, faces?: PreparingFaces): RunStatus {
  if (run === undefined) return { headline: 'Ready', detail: `${formatNumber(steps)} steps` };
  const total = formatNumber(run.totalSteps);
  const step = `Step ${formatNumber(run.step)}`;
  switch (run.phase) {
    case 'preparing':
      return faces === undefined
        ? { headline: 'Starting', detail: `${total} steps` }
        : {
            headline: 'Preparing faces',
            detail: `${formatNumber(faces.done)} of ${formatNumber(faces.total)}`,
          };
    case 'compiling':
      // On a processor there are no shaders to compile.
      return run.started?.engine.backend === 'webgpu' || run.started?.engine.backend === 'webgl'
        ? { headline: 'Compiling shaders', detail: 'the first steps take longer' }
        : { headline: 'Starting', detail: `${total} steps` };
    case 'running':
      return { headline: step, detail: `of ${total}` };
    case 'paused':
      return { headline: step, detail: `of ${total} · paused` };
    case 'finished':
      return {
        headline: run.outcome === 'stopped' ? 'Stopped' : 'Finished',
        detail: `${formatNumber(run.step)} steps`,
      };
    case 'failed':
      return { headline: 'Stopped by an error', detail: `at step ${formatNumber(run.step)} of ${total}` };
  }
}

/** Time left in milliseconds, once the speed is known and while steps are to come. */
function timeLeft(run: RunRecord | undefined): number | undefined {
  if (run === undefined || !run.alive || run.speed === undefined || !(run.speed.stepMs > 0)) return undefined;
  return (run.totalSteps - run.step) * run.speed.stepMs;
}

/** Time left in words: "22 s left". */
export function timeLeftText(run: RunRecord | undefined): string {
  const left = timeLeft(run);
  return left === undefined ? '' : `${formatDuration(left)} left`;
}
