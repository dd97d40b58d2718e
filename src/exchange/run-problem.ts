import { ModelProblem } from './model-problem.ts';

/** A run's file that is not what was written; `part` and `what` make the sentence. */
export function damagedRun(part: string, what: string): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    `The ${part} is damaged: ${what}.`,
    'Save the run again from the page or the command line.',
  );
}
