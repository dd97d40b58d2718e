/** The end of a `switch` over a union: fails to compile where a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected: ${JSON.stringify(value)}`);
}
