import { FormatProblem } from './problem.ts';

/** PackBits (TIFF 6, section 9): runs of bytes, and bytes as they are. At most `size` bytes are made. */
export function unpackBits(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < packed.length && to < size; ) {
    const head = packed[at++] ?? 128;
    if (head < 128) {
      const end = Math.min(at + head + 1, packed.length);
      for (; at < end && to < size; at++) out[to++] = packed[at] ?? 0;
    } else if (head > 128) {
      const end = Math.min(size, to + 257 - head);
      out.fill(packed[at++] ?? 0, to, end);
      to = end;
    }
  }
  return out.subarray(0, to);
}

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4096;

/**
 * LZW as TIFF has it (section 13): codes of 9 to 12 bits, highest bit first, one code earlier than GIF. At most `size`
 * bytes are made.
 * @throws FormatProblem where a code is not known yet
 */
export function unpackLzw(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  // A code is the bytes of an earlier one and one more; both are found where they were first written.
  const start = new Int32Array(MOST_CODES);
  const length = new Int32Array(MOST_CODES);
  let to = 0;
  let codes = END + 1;
  let width = 9;
  let before = { at: 0, length: 0 };
  for (let bit = 0; bit + width <= 8 * packed.length && to < size; ) {
    const code = bitsAt(packed, bit, width);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      codes = END + 1;
      width = 9;
      before = { at: 0, length: 0 };
      continue;
    }
    if (code > codes || (code === codes && before.length === 0)) throw unknownCode();
    const at = to;
    if (code < CLEAR) out[to++] = code;
    else {
      // The code that is being made now is the one before and its own first byte.
      const known = code < codes;
      const from = known ? (start[code] ?? 0) : before.at;
      const end = Math.min(size, at + (known ? (length[code] ?? 0) : before.length + 1));
      for (let copied = 0; to < end; copied++) out[to++] = out[from + copied] ?? 0;
    }
    if (before.length > 0 && codes < MOST_CODES) {
      start[codes] = before.at;
      length[codes] = before.length + 1;
      codes++;
    }
    if (codes + 1 >= 2 ** width && width < 12) width++;
    before = { at, length: to - at };
  }
  return out.subarray(0, to);
}

function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const byte = bit >> 3;
  const three = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
  return (three >> (24 - width - (bit & 7))) & (2 ** width - 1);
}

function unknownCode(): FormatProblem {
  return new FormatProblem('wrong-format', 'The LZW data name a code that is not there.', 'Save it as PNG.');
}
