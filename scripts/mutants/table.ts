import { BUNDLE_MUTANTS } from './bundle.ts';
import { METHOD_MUTANTS } from './method.ts';
import type { Mutant } from './mutant.ts';
import { SCORING_MUTANTS } from './scoring.ts';
import { TRAINING_MUTANTS } from './training.ts';

/** A wrong version of every fact of the method that a test has to hold. */
export const MUTANTS: readonly Mutant[] = [
  ...METHOD_MUTANTS,
  ...TRAINING_MUTANTS,
  ...SCORING_MUTANTS,
  ...BUNDLE_MUTANTS,
];
