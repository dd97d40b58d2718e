import { ModelProblem } from './model-problem.ts';

/** A run's file that was damaged after writing; `part` and `fault` make the sentence. */
export function damagedRun(part: string, fault: string): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    `The ${part} is damaged: ${fault}.`,
    'Save the run again from the page or the command line.',
  );
}
