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
] as const;
export type ImportFailureCode = (typeof IMPORT_FAILURE_CODES)[number];

/** Why dropped files cannot become a face set. `message` is what is wrong, `hint` is what to do, both for a person. */
export class ImportError extends Error {
  readonly code: ImportFailureCode;
  readonly hint: string;

  constructor(code: ImportFailureCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImportError';
    this.code = code;
    this.hint = hint;
  }
}
