import { bytesOf } from './pickles.ts';

/** A whole number as protobuf writes it. */
export function varint(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) return Uint8Array.from(bytes);
  }
}

/** A field of protobuf with a length. */
export function field(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytesOf(varint(number * 8 + 2), varint(content.length), content);
}
