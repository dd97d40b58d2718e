import type { Convolution } from './convolution.ts';
import { dot, filterAt, length } from './filter-bank.ts';

/** Two filters that look for the same pattern, or for its negative. */
export interface SimilarPair {
  readonly filters: readonly [number, number];
  /** Negative where one is the other's negative. */
  readonly cosine: number;
  /** `duplicate`: |cosine| of at least 0.999. `near-duplicate`: of at least 0.95. */
  readonly kind: 'duplicate' | 'near-duplicate';
}

const DUPLICATE_COSINE = 0.999;
const NEAR_DUPLICATE_COSINE = 0.95;

/** More filters than this would take seconds. */
const MOST_FILTERS = 1024;

/** Pairs of similar filters, the most similar first. Filters of zeros have no direction and are left out. */
export function similarFilters({ kernel, shape }: Convolution): readonly SimilarPair[] {
  const count = Math.min(shape[3], MOST_FILTERS);
  const directions = Array.from({ length: count }, (_, index) => {
    const weights = filterAt(kernel, shape[3], index);
    const norm = length(weights);
    return norm > 0 && Number.isFinite(norm) ? weights.map((weight) => weight / norm) : undefined;
  });
  const pairs: SimilarPair[] = [];
  for (const [b, second] of directions.entries()) {
    if (second === undefined) continue;
    for (let a = 0; a < b; a++) {
      const firstOne = directions[a];
      if (firstOne === undefined) continue;
      const cosine = dot(firstOne, second);
      if (Math.abs(cosine) < NEAR_DUPLICATE_COSINE) continue;
      const kind = Math.abs(cosine) >= DUPLICATE_COSINE ? 'duplicate' : 'near-duplicate';
      pairs.push({ filters: [a, b], cosine, kind });
    }
  }
  return pairs.sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine));
}
