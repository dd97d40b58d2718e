const utf16 = new TextDecoder('utf-16le');

/** Bytes as code points, ISO 8859-1. TextDecoder's own `latin1` is windows-1252, where bytes of 128 to 159 are other letters. */
export function latin1Text(bytes: Uint8Array): string {
  return utf16.decode(new Uint16Array(bytes));
}
