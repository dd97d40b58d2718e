import { ProblemError } from '../../config/problem.ts';
import { FormatProblem, type FormatProblemCode } from '../../formats/problem.ts';
import { countText } from './limits.ts';

export const IMPORT_FAILURE_CODES = [
  'no-images',
  'no-readable-images',
  'one-person',
  'too-many-files',
  'file-too-large',
  'file-unreadable',
  'not-an-archive',
  'archive-truncated',
  'archive-corrupt',
  'archive-encrypted',
  'archive-unsupported',
  'archive-bomb',
  'file-empty',
  'file-truncated',
  'file-damaged',
  'file-forbidden',
  'file-unsupported',
  'file-inconsistent',
  'unknown-file',
  'missing-part',
  'image-undecodable',
  'not-for-training',
  'region-not-shown',
  'url-unreachable',
] as const;
export type ImportFailureCode = (typeof IMPORT_FAILURE_CODES)[number];

/** Why dropped files cannot become a face set. `message` names the cause, `hint` the remedy, both for a person. */
export class ImportError extends ProblemError<ImportFailureCode> {
  override readonly name = 'ImportError';
}

const CODE_OF_PROBLEM = {
  'empty-file': 'file-empty',
  truncated: 'file-truncated',
  'wrong-format': 'file-damaged',
  forbidden: 'file-forbidden',
  unsupported: 'file-unsupported',
  inconsistent: 'file-inconsistent',
  'too-large': 'file-too-large',
} as const satisfies Record<FormatProblemCode, ImportFailureCode>;

/** A fault found by the reader of a format, with the file's name before it. */
function importErrorOf(file: string, problem: FormatProblem): ImportError {
  return new ImportError(CODE_OF_PROBLEM[problem.code], `${file}: ${problem.message}`, problem.hint, {
    cause: problem,
  });
}

/** @throws ImportError where all pairs of a list are of one kind: they would be scored for nothing */
export function refuseOneKind(list: string, same: ArrayLike<number | boolean>): void {
  const alike = Array.from(same).filter(Boolean).length;
  if (same.length === 0 || (alike > 0 && alike < same.length)) return;
  const pairs =
    same.length === 1 ? `The only pair of ${list} is` : `All ${countText(same.length, 'pair')} of ${list} are`;
  throw new ImportError(
    'file-inconsistent',
    `${pairs} of ${alike === 0 ? 'different people' : 'one person'}.`,
    'Accuracy needs pairs of both kinds. Give the list with the other kind together with it, or a file that has both.',
  );
}

/** Runs the reader of a format. @throws ImportError in place of FormatProblem */
export async function readFormat<T>(file: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof FormatProblem ? importErrorOf(file, error) : error;
  }
}
