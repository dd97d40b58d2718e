import type { ResponseMaps } from '../craft/response.ts';

/**
 * The response shown as white, in every run and for both arms: a fresh batch norm gives a channel a deviation of 1, and
 * few values lie beyond two deviations. The scale never moves, so that a dying filter fades to black.
 */
const WHITE = 2;

/** Largest response of a filter, or of all of them, in size; values that are not finite do not count. */
export function largestResponse({ side, values }: ResponseMaps, filter?: number): number {
  let largest = 0;
  const all = filter === undefined ? values : values.subarray(filter * side * side, (filter + 1) * side * side);
  for (const value of all) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/**
 * A filter's response as grey bytes [side, side]: black is no response, `full` or more (in size) white, on a
 * square-root scale, since most responses are small.
 */
export function responseBytes(
  { side, values }: ResponseMaps,
  filter: number,
  full: number = WHITE,
): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(side * side);
  const first = filter * side * side;
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = full > 0 ? 255 * Math.sqrt(Math.abs(values[first + at] ?? 0) / full) : 0;
  }
  return bytes;
}
