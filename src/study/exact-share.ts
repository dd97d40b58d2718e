import { FOLDS } from '../verification/folds.ts';

/** Rounding to 32 bits or seven digits moves a share by less. */
const ROUNDING = 2e-7;
/** Shares of more lie too close to each other to be told apart after it. */
const MOST = 1e6;

/**
 * The share of a count that was rounded to 32 bits or seven digits, in full: 0.0416667 of 24 is 1/24. Equal differences of
 * shares are equal numbers then, and an exact test counts them as such. A share that is none of `count` stays as it is.
 */
export function exactShare(value: number, count: number): number {
  if (!(count >= 1 && count <= MOST)) return value;
  const share = Math.round(value * count) / count;
  return Math.abs(share - value) < ROUNDING ? share : value;
}

/** The same of an accuracy: the mean of ten folds, whose sizes differ by one where ten does not divide the pairs. */
export function exactAccuracy(value: number, pairs: number): number {
  const size = Math.floor(pairs / FOLDS);
  return exactShare(value, pairs % FOLDS === 0 ? pairs : FOLDS * size * (size + 1));
}
