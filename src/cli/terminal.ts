import { inspect } from 'node:util';
import { terminalText } from '../formats/outside-text.ts';

/** A line on standard output: a result of the command. Names from files cannot steer the terminal. */
export function print(text: string): void {
  process.stdout.write(`${terminalText(text)}\n`);
}

/** A line on standard error: progress, or a fault. */
export function log(message: unknown): void {
  process.stderr.write(`${terminalText(typeof message === 'string' ? message : inspect(message))}\n`);
}
