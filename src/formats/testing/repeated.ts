import { bytesOf } from './pickles.ts';

/** The part again and again, about `size` bytes. */
export function filled(size: number, ...part: readonly (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const unit = bytesOf(...part);
  const whole = new Uint8Array(unit.length * Math.max(1, Math.floor(size / unit.length)));
  for (let at = 0; at < whole.length; at += unit.length) whole.set(unit, at);
  return whole;
}

/** Bytes that a part of `numbered` may have. */
const LONGEST_PART = 65_536;

/** Parts made from their numbers, about `size` bytes. */
export function numbered(size: number, part: (i: number) => Uint8Array): Uint8Array<ArrayBuffer> {
  // Millions of parts would take many times the file.
  const whole = new Uint8Array(Math.ceil(size) + LONGEST_PART);
  let length = 0;
  for (let i = 0; length < size; i++) {
    const one = part(i);
    whole.set(one, length);
    length += one.length;
  }
  return whole.slice(0, length);
}

/** A little-endian 16-bit number. */
export function u16(value: number): Uint8Array<ArrayBuffer> {
  return bytesOf(value & 0xff, value >> 8);
}

/** Makes a file of about `size` bytes. */
export type Make = (size: number) => Uint8Array<ArrayBuffer>;
