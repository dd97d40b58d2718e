/** Ids of elements of a WebM file: those that hold others, and a frame. */
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const BLOCK_GROUP = 0xa0;
const EBML = 0x1a45dfa3;
const FRAMES: ReadonlySet<number> = new Set([0xa3, 0xa1]);

/**
 * Counts the frames of a WebM file of one track (RFC 9559; RFC 8794 for the elements).
 * @throws Error where it does not begin with an EBML header
 */
export function webmFrames(bytes: Uint8Array): number {
  const [first] = numberAt(bytes, 0, true);
  if (first !== EBML) throw new Error(`The file begins with ${first.toString(16)}, not with an EBML header.`);
  let frames = 0;
  for (let at = 0; at < bytes.length; ) {
    const [id, content] = numberAt(bytes, at, true);
    const [size, start] = numberAt(bytes, content, false);
    if (FRAMES.has(id)) frames++;
    // The contents of these are read; their sizes may be unknown, since they were written while they grew.
    at = id === SEGMENT || id === CLUSTER || id === BLOCK_GROUP ? start : start + size;
  }
  return frames;
}

/** A number whose leading zero bits give its length, and the place behind it; an id keeps the bit that ends them. */
function numberAt(bytes: Uint8Array, at: number, id: boolean): readonly [value: number, next: number] {
  const lead = bytes[at] ?? 0;
  const length = Math.clz32(lead) - 23;
  let value = id ? lead : lead & (0xff >> length);
  for (let more = 1; more < length; more++) value = value * 256 + (bytes[at + more] ?? 0);
  return [value, at + length];
}
