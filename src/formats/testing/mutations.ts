import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { joinBytes } from '../join-bytes.ts';

/** Draws whole numbers below a bound, the same for the same seed. */
export type Below = (bound: number) => number;

export function seeded(seed: number): Below {
  const generator = xoroshiro128plus(seed);
  return (bound) => Math.floor(uniformFloat64(generator) * bound);
}

/** Numbers that lengths, counts and offsets break at, as little-endian bytes. */
const EDGES = [
  [0x00],
  [0xff],
  [0x7f],
  [0x80],
  [0xff, 0xff],
  [0x00, 0x00, 0x00, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];

/** A file is repeated up to about so many bytes. */
const LONGEST = 200_000;

/** One change of a file; the same for the same draws. */
export type Change = (bytes: Uint8Array<ArrayBuffer>, below: Below) => Uint8Array<ArrayBuffer>;

/**
 * A damaged copy of a file: one to eight changes of bytes, edge numbers, cuts, copies, repetitions and digits. Where
 * `structural` knows the format, half of the copies have up to three of its changes, and fewer of the others.
 */
export function mutated(file: Uint8Array, below: Below, structural?: Change): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(file);
  let changes = 1 + below(1 + below(8));
  if (structural !== undefined && below(2) === 0) {
    for (let change = below(3); change >= 0; change--) bytes = structural(bytes, below);
    // A file that is sound but for its structure gets furthest.
    changes = Math.max(0, below(5) - 3);
  }
  for (; changes > 0; changes--) bytes = changed(bytes, below);
  return bytes;
}

/** One change that needs no knowledge of the format. Changes the bytes it is given, or returns others. */
export function changed(bytes: Uint8Array<ArrayBuffer>, below: Below): Uint8Array<ArrayBuffer> {
  // The front holds lengths and magic numbers: half of the changes go there.
  const at = below(2) === 0 ? below(Math.min(bytes.length, 64) || 1) : below(bytes.length || 1);
  switch (below(9)) {
    case 0:
      return withBytes(bytes, at, [(bytes[at] ?? 0) ^ (1 << below(8))]);
    case 1:
      return withBytes(bytes, at, [below(256)]);
    case 2:
      return bytes.slice(0, at);
    case 3:
      return withBytes(bytes, at, EDGES[below(EDGES.length)] ?? []);
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + below(16)));
    case 5: {
      const from = below(bytes.length || 1);
      return joined(bytes.subarray(0, at), bytes.subarray(from, from + below(64)), bytes.subarray(at));
    }
    case 6:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length: below(9) }, () => below(256)),
        bytes.subarray(at),
      );
    case 7: {
      // A part repeated: the same item again and again, or each within the one before, or all from one place.
      const part = bytes.subarray(at, at + 1 + below(12));
      const times = Math.min(1 + below(400), Math.floor(LONGEST / (bytes.length + 1)));
      return joined(bytes.subarray(0, at), ...new Array<Uint8Array>(times).fill(part), bytes.subarray(at));
    }
    default: {
      // A digit of a text header.
      const digits: number[] = [];
      for (let i = 0; i < bytes.length && digits.length < 64; i++) {
        if ((bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39) digits.push(i);
      }
      const digit = digits[below(digits.length || 1)];
      return digit === undefined ? bytes : withBytes(bytes, digit, [0x30 + below(10)]);
    }
  }
}

/** The bytes with others from `at` on, as far as the file reaches. */
function withBytes(bytes: Uint8Array<ArrayBuffer>, at: number, others: readonly number[]): Uint8Array<ArrayBuffer> {
  for (const [i, byte] of others.entries()) if (at + i < bytes.length) bytes[at + i] = byte;
  return bytes;
}

/** The parts one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinBytes(parts);
}
