import { activeFilters } from './activity.ts';
import { dot, filterAt, type KernelShape, length } from './filter-bank.ts';

/**
 * Novelty of each filter of a bank against another bank of the same kernel size: 1 - the highest |cosine| with any active
 * filter of the other. 0 is a pattern the other bank has, up to sign and strength; 1 is orthogonal to all of it.
 *
 * `inactiveOther` is [filters of the other bank], 1 where inactive. Result [filters of the bank]; NaN for a filter of
 * norm zero, which has no pattern; 1 where the other bank has no active filter.
 *
 * Between the CRAFT arm and the standard arm the figure means something only next to its control: the same figure between
 * two standard runs of different seeds.
 */
export function novelty(
  kernel: Float32Array,
  shape: KernelShape,
  other: Float32Array,
  otherShape: KernelShape,
  inactiveOther: Uint8Array,
): Float32Array<ArrayBuffer> {
  const known = activeFilters(inactiveOther).map((f) => direction(filterAt(other, otherShape[3], f)));
  return Float32Array.from({ length: shape[3] }, (_, f) => {
    const pattern = direction(filterAt(kernel, shape[3], f));
    const nearest = known.reduce((most, axis) => Math.max(most, Math.abs(dot(pattern, axis))), 0);
    // Rounding can take a cosine of 1 a hair above it.
    return Number.isNaN(pattern[0]) ? Number.NaN : Math.max(0, 1 - nearest);
  });
}

/** The unit vector of a filter; all NaN where its norm is zero. */
function direction(weights: Float64Array): Float64Array {
  const norm = length(weights);
  return weights.map((weight) => weight / norm);
}
