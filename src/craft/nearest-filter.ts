import { dot, filterAt, length } from './filter-bank.ts';

/** The filter of another bank that looks most like a given one. */
export interface NearestFilter {
  readonly filter: number;
  /** Negative where it looks for the negative of the pattern. */
  readonly cosine: number;
}

/**
 * The filter of `others` with the highest |cosine| to filter `index` of `kernel`; both banks have kernels of one size.
 * Undefined where the filter has no direction, or no filter of the others has one.
 */
export function nearestFilter(
  kernel: Float32Array,
  filters: number,
  index: number,
  others: Float32Array,
  otherFilters: number,
): NearestFilter | undefined {
  const pattern = filterAt(kernel, filters, index);
  const norm = length(pattern);
  let nearest: NearestFilter | undefined;
  for (let filter = 0; filter < otherFilters; filter++) {
    const other = filterAt(others, otherFilters, filter);
    const cosine = dot(pattern, other) / (norm * length(other));
    if (Number.isFinite(cosine) && Math.abs(cosine) > Math.abs(nearest?.cosine ?? 0)) nearest = { filter, cosine };
  }
  return nearest;
}
