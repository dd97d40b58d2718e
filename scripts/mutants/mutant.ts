/** A wrong version of the method: one text of one file replaced. */
export interface Mutant {
  /** Below the repository's root. */
  readonly file: string;
  /** Found exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  /** The fact of the method that it breaks. */
  readonly breaks: string;
  /** The test file that has to fail: for vitest, or for pytest where it ends with .py. */
  readonly test: string;
}

/** Mutants of one file that one test has to kill. */
export function mutantsOf(file: string, test: string) {
  return (breaks: string, search: string, replace: string): Mutant => ({ file, search, replace, breaks, test });
}
