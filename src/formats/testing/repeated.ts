import { joinBytes } from '../join-bytes.ts';
import { bytesOf } from './pickles.ts';

/** The part again and again, about `size` bytes. */
export function filled(size: number, ...part: readonly (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const unit = bytesOf(...part);
  const whole = new Uint8Array(unit.length * Math.max(1, Math.floor(size / unit.length)));
  for (let at = 0; at < whole.length; at += unit.length) whole.set(unit, at);
  return whole;
}

/** Parts made from their numbers, about `size` bytes. */
export function numbered(size: number, part: (i: number) => Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (let length = 0, i = 0; length < size; i++) {
    const one = part(i);
    parts.push(one);
    length += one.length;
  }
  return joinBytes(parts);
}

/** A little-endian 16-bit number. */
export function u16(value: number): Uint8Array<ArrayBuffer> {
  return bytesOf(value & 0xff, value >> 8);
}

/** Makes a file of about `size` bytes. */
export type Make = (size: number) => Uint8Array<ArrayBuffer>;
