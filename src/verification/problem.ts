import { ProblemError } from '../config/problem.ts';

/** What can be wrong with the pairs or embeddings somebody asks a measure of. */
export const VERIFICATION_PROBLEM_CODES = [
  'sizes-differ',
  'too-few-pairs',
  'one-kind-of-pair',
  'bad-template',
  'not-finite',
] as const;
export type VerificationProblemCode = (typeof VERIFICATION_PROBLEM_CODES)[number];

/** Thrown by every measure of this folder: what is wrong with the input, and what to do. */
export class VerificationProblem extends ProblemError<VerificationProblemCode> {
  override readonly name = 'VerificationProblem';
}
