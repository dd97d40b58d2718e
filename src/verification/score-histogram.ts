/** How the similarities of the two kinds of pair are spread: shares of each kind in equally wide bins. */
export interface ScoreHistogram {
  /** Cosine similarities the bins begin and end at. */
  readonly from: number;
  readonly to: number;
  /** [bins] each; sums to 1. */
  readonly same: readonly number[];
  readonly different: readonly number[];
}

const HISTOGRAM_BINS = 48;

/** The cosine of two normalised embeddings at a squared distance. */
function cosineOf(squaredDistance: number): number {
  return 1 - squaredDistance / 2;
}

/** Least and greatest cosine of several lists of squared distances, a little wider; -1 to 1 where there is none. */
export function cosineRange(lists: readonly ArrayLike<number>[]): readonly [from: number, to: number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const distances of lists) {
    for (let pair = 0; pair < distances.length; pair++) {
      const cosine = cosineOf(distances[pair] ?? Number.NaN);
      if (cosine < from) from = cosine;
      if (cosine > to) to = cosine;
    }
  }
  if (!(from < to)) return [-1, 1];
  // Round ends, so that an axis can be labelled.
  return [Math.max(-1, Math.floor(from * 10) / 10), Math.min(1, Math.ceil(to * 10) / 10)];
}

/** Bins the pairs by similarity; NaN scores are left out. */
export function scoreHistogram(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  [from, to]: readonly [number, number],
  bins: number = HISTOGRAM_BINS,
): ScoreHistogram {
  const counts = { same: new Array<number>(bins).fill(0), different: new Array<number>(bins).fill(0) };
  const all = { same: 0, different: 0 };
  for (let pair = 0; pair < distances.length; pair++) {
    const place = Math.floor(((cosineOf(distances[pair] ?? Number.NaN) - from) / (to - from)) * bins);
    if (Number.isNaN(place)) continue;
    const kind = same[pair] ? 'same' : 'different';
    const bin = Math.min(bins - 1, Math.max(0, place));
    counts[kind][bin] = (counts[kind][bin] ?? 0) + 1;
    all[kind]++;
  }
  const shares = (kind: 'same' | 'different') => counts[kind].map((count) => count / Math.max(1, all[kind]));
  return { from, to, same: shares('same'), different: shares('different') };
}
