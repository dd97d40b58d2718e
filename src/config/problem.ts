/** Something that a person can mend: the fault and the remedy. */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** A problem that is thrown. Each room has one of its own, with a closed set of codes. */
export class ProblemError<Code extends string> extends Error implements Problem<Code> {
  constructor(
    readonly code: Code,
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
