import { Inflate, Unzlib } from 'fflate';

/** One push expands to 32 MiB at most, so that data which unpack to more than they should are stopped early. */
const PUSH_BYTES = 1 << 15;

/**
 * Unpacks deflated data, with the header of zlib around them where `as` says so, to at most `most` bytes: no further
 * bytes are unpacked or kept than those and one push more. `over` says that there are more.
 * @throws FlateError where they are damaged
 */
export function inflateAtMost(
  packed: Uint8Array,
  most: number,
  as: 'deflate' | 'zlib' = 'deflate',
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly over: boolean } {
  const bytes = new Uint8Array(most);
  let filled = 0;
  let over = false;
  const inflater = new (as === 'zlib' ? Unzlib : Inflate)((chunk) => {
    const room = most - filled;
    over ||= chunk.length > room;
    bytes.set(chunk.subarray(0, room), filled);
    filled += Math.min(chunk.length, room);
  });
  const piece = Math.min(PUSH_BYTES, Math.max(1024, most));
  for (let at = 0; at < packed.length && !over; at += piece) {
    inflater.push(packed.subarray(at, at + piece), at + piece >= packed.length);
  }
  return { bytes: bytes.subarray(0, filled), over };
}
