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
export class VerificationProblem extends Error {
  override readonly name = 'VerificationProblem';
  readonly code: VerificationProblemCode;
  readonly hint: string;

  constructor(code: VerificationProblemCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
