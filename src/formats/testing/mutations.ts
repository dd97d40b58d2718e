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

/** A damaged copy of a file: one to eight changes of bytes, edge numbers, cuts, copies, repetitions and digits. */
export function mutated(file: Uint8Array, below: Below): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(file);
  for (let change = below(8); change >= 0; change--) bytes = changed(bytes, below);
  return bytes;
}

function changed(bytes: Uint8Array<ArrayBuffer>, below: Below): Uint8Array<ArrayBuffer> {
  // The front holds lengths and magic numbers: half of the changes go there.
  const at = below(2) === 0 ? below(Math.min(bytes.length, 64) || 1) : below(bytes.length || 1);
  switch (below(9)) {
    case 0:
      return bytes.map((byte, i) => (i === at ? byte ^ (1 << below(8)) : byte));
    case 1:
      return bytes.map((byte, i) => (i === at ? below(256) : byte));
    case 2:
      return bytes.slice(0, at);
    case 3: {
      const edge = EDGES[below(EDGES.length)] ?? [];
      return bytes.map((byte, i) => edge[i - at] ?? byte);
    }
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
      return joined(bytes.subarray(0, at), ...Array.from({ length: times }, () => part), bytes.subarray(at));
    }
    default: {
      // A digit of a text header.
      const digits = [...bytes.keys()].filter((i) => (bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39).slice(0, 64);
      const digit = digits[below(digits.length || 1)];
      return bytes.map((byte, i) => (i === digit ? 0x30 + below(10) : byte));
    }
  }
}

/** The parts one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinBytes(parts);
}
