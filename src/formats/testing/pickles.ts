import { joined } from './mutations.ts';

const ASCII = new TextEncoder();

/** Bytes from numbers, texts (ASCII) and bytes. */
export function bytesOf(...parts: readonly (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return joined(
    ...parts.map((part) => {
      if (typeof part === 'number') return Uint8Array.of(part);
      return typeof part === 'string' ? ASCII.encode(part) : part;
    }),
  );
}

/** A little-endian 32-bit number. */
export function u32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/**
 * A .bin file as Python 2's cPickle writes it at protocol 2: images as BINSTRING (or SHORT_BINSTRING), answers as truth
 * values, both lists in one tuple, memo numbers from 1 on.
 */
export function python2PairsBin(images: readonly Uint8Array[], same: readonly boolean[]): Uint8Array<ArrayBuffer> {
  const texts = images.map((image) =>
    image.length < 256 ? bytesOf('U', image.length, image) : bytesOf('T', u32(image.length), image),
  );
  return bytesOf(
    bytesOf(0x80, 2, ']', 'q', 1, '('),
    ...texts,
    bytesOf('e', ']', 'q', 2, '('),
    ...same.map((answer) => Uint8Array.of(answer ? 0x88 : 0x89)),
    bytesOf('e', 0x86, 'r', u32(3), '.'),
  );
}
