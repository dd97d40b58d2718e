import { ProblemError } from '../config/problem.ts';

/** The possible faults of the pairs or embeddings given to a measure. */
export const VERIFICATION_PROBLEM_CODES = [
  'sizes-differ',
  'too-few-pairs',
  'one-kind-of-pair',
  'bad-template',
  'not-finite',
] as const;
export type VerificationProblemCode = (typeof VERIFICATION_PROBLEM_CODES)[number];

/** Thrown by every measure of this folder: the fault of the input and the remedy. */
export class VerificationProblem extends ProblemError<VerificationProblemCode> {
  override readonly name = 'VerificationProblem';
}
