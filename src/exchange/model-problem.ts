import { ProblemError } from '../config/problem.ts';
import { FormatProblem, type FormatProblemCode } from '../formats/problem.ts';

/**
 * Those of a file's format, and:
 * - `not-a-model`: no format that is read here
 * - `no-convolution`: a model, but without a 2-D convolution
 * - `unreadable-entrance`: the first layer is no 2-D convolution that can be read; no other is judged in its place
 * - `missing-file`: the model names another file, which is not there
 */
export type ModelProblemCode =
  | FormatProblemCode
  | 'not-a-model'
  | 'no-convolution'
  | 'unreadable-entrance'
  | 'missing-file';

/** The only error that reading a model or a run throws: the cause and the remedy. */
export class ModelProblem extends ProblemError<ModelProblemCode> {
  override readonly name = 'ModelProblem';

  constructor(code: ModelProblemCode, message: string, hint: string, cause?: unknown) {
    super(code, message, hint, { cause });
  }
}

/** The files' own problems as a ModelProblem; any other error is a defect and passes. */
export function asModelProblem(error: unknown): unknown {
  return error instanceof FormatProblem ? new ModelProblem(error.code, error.message, error.hint, error) : error;
}

/** No browser can hold more than this in one piece. */
const LARGEST = 2 ** 31;

/** Refuses files of so many bytes in all, before or after they are read. @throws ModelProblem */
export function checkModelSize(bytes: number): void {
  if (bytes <= LARGEST) return;
  throw new ModelProblem('too-large', 'More than 2 GiB are too much to read here.', 'Choose the model alone.');
}

/** A name from a file, cut to fit into a sentence. */
export function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}
