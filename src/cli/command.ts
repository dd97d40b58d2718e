import { terminalLine } from '../formats/outside-text.ts';
import { RunFailure } from '../training/failure.ts';
import { UsageError } from './arguments.ts';
import { fileProblemOf } from './files.ts';
import { log } from './terminal.ts';

/**
 * Runs a command of the command line. A mistake that the user can mend is printed as a sentence, a usage error with
 * `usage` below it; anything else is a defect and shows where it came from. Either ends with exit code 1.
 */
export function runCommand(main: (argv: readonly string[]) => void | Promise<void>, usage: string): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unreadOutput);
  Promise.resolve()
    .then(() => main(process.argv.slice(2)))
    .catch((error: unknown) => {
      log(wordsOf(error, usage));
      process.exitCode = 1;
    });
}

/** Output that nobody reads any more, as behind `| head` or in a closed terminal, is no reason to stop the work. */
function unreadOutput(error: Error): void {
  if ('code' in error && (error.code === 'EPIPE' || error.code === 'EIO')) return;
  throw error;
}

function wordsOf(error: unknown, usage: string): unknown {
  if (error instanceof UsageError || isFlagError(error)) return `${error.message}\n\n${usage}`;
  if (error instanceof RunFailure) {
    const { message, technical, hint } = error.failure;
    const cause = technical === undefined || message.includes(technical) ? '' : ` (${technical})`;
    return `${message}${cause} ${hint}`;
  }
  const known = fileProblemOf(error) ?? error;
  // Names of files and people in it may have line ends.
  return known instanceof Error && 'hint' in known ? terminalLine(`${known.message} ${known.hint}`) : known;
}

/** The error of node:util's parseArgs for a flag that does not exist or lacks its value. */
function isFlagError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
