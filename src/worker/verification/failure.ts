import { ModelProblem } from '../../exchange/model-problem.ts';
import { ImportError } from '../../faces/import/import-error.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { EngineError } from '../../network/backend.ts';
import { VerificationProblem } from '../../verification/problem.ts';
import { OnnxProblem } from './onnx-problem.ts';
import type { VerificationFailure } from './protocol.ts';

/** A failure of the verification itself, ready for the page. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly failure: VerificationFailure;

  constructor(failure: VerificationFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Any error as a sentence with the remedy. */
export function failureOf(error: unknown): VerificationFailure {
  if (error instanceof VerificationError) return error.failure;
  if (
    error instanceof ModelProblem ||
    error instanceof ImportError ||
    error instanceof FormatProblem ||
    error instanceof VerificationProblem ||
    error instanceof EngineError ||
    error instanceof OnnxProblem
  ) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  const technical = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `The verification failed: ${technical}.`,
    hint: 'Run it again; if it happens again, choose another engine under Run in the settings of Train.',
  };
}
