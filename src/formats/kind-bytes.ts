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

/**
 * Whether a file starts as safetensors: with the length of its JSON in 64 bits, of which the upper half is 0. The lower bytes
 * of a length may be those that another format begins with: 384 is a pickle's mark.
 */
export function looksLikeSafetensors(start: Uint8Array): boolean {
  return start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);
}
