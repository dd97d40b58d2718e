import { latin1Text } from './latin1.ts';

/** Enough bytes to recognise every kind of model. */
export const KIND_BYTES = 512;

/** Whether the bytes hold an ASCII or Latin-1 text at a place. */
export function begins(start: Uint8Array, text: string, at = 0): boolean {
  return [...text].every((letter, i) => start[at + i] === letter.charCodeAt(0));
}

/** The front of a file as Latin-1 text, without the mark that some editors put before UTF-8. */
export function textOf(start: Uint8Array): string {
  return latin1Text(start.subarray(0, KIND_BYTES)).replace(/^ï»¿/, '');
}
