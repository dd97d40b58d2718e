import protobuf from 'protobufjs/minimal.js';

/** A whole number as protobuf writes it. */
export function varint(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(protobuf.Writer.create().int64(value).finish());
}

/** A field of protobuf with a length. */
export function field(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    protobuf.Writer.create()
      .uint32(number * 8 + 2)
      .bytes(content)
      .finish(),
  );
}
