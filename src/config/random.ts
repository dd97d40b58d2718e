import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws a number, uniform in [0, 1). */
export type Uniform = () => number;

/**
 * A stream of random numbers of its own for each purpose: `stream(seed, 'order', epoch)`.
 * The same seed and names give the same numbers, regardless of other draws in between.
 */
export function stream(seed: number, ...names: readonly (string | number)[]): Uniform {
  const generator = xoroshiro128plus(hash(`${seed}/${names.join('/')}`));
  return () => uniformFloat64(generator);
}

/** A uniform permutation of 0..count-1 (Fisher-Yates). */
export function permutation(count: number, uniform: Uniform): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/** 32-bit MurmurHash3 of the text's UTF-16 code units, so that neighbouring seeds start far apart. */
function hash(text: string): number {
  let state = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    let unit = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    unit = (unit << 15) | (unit >>> 17);
    state ^= Math.imul(unit, 0x1b873593);
    state = (state << 13) | (state >>> 19);
    state = (Math.imul(state, 5) + 0xe6546b64) | 0;
  }
  state ^= text.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}
