import { architectureOf, firstKernelShape } from '../../network/architecture.ts';
import { CENTRES_NAME, parameterCount, parametersOf } from '../../network/parameters.ts';
import type { RunHistory } from '../../record/run-history.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { KeptRun, OpenedRun } from './kept-run.ts';

/** A run with the facts that the page shows before a worker has it. */
export function opened(run: KeptRun, history: RunHistory, checkpoint: Checkpoint): OpenedRun {
  const classes = checkpoint.arms[0]?.state.get(CENTRES_NAME)?.shape[0] ?? 0;
  return {
    kept: { ...run, step: checkpoint.step, config: checkpoint.config },
    history,
    checkpoint,
    arms: checkpoint.arms.map(({ name, settings }) => {
      const architecture = architectureOf({ ...checkpoint.config, ...settings }, classes);
      const parameters = parameterCount(parametersOf(architecture));
      return { name, settings, kernelShape: firstKernelShape(architecture), parameters };
    }),
    classes,
    notices: [],
  };
}
