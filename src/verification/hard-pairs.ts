/** Who judges a pair rightly. `both-right` pairs may be hard as well: nearest to the wrong side. */
export type PairOutcome = 'both-right' | 'only-second' | 'only-first' | 'both-wrong';

/** One arm's verdict on a pair. */
export interface PairVerdict {
  readonly similarity: number;
  /** Similarity from which on the arm says "same", in the pair's fold. */
  readonly threshold: number;
  readonly right: boolean;
}

/** A pair that is hard for the arms. */
export interface HardPair {
  readonly pair: number;
  readonly same: boolean;
  readonly outcome: PairOutcome;
  /** One of each arm. */
  readonly verdicts: readonly PairVerdict[];
}

/** One arm's scores of the pairs, [P] each; thresholds are squared distances. */
export interface JudgedPairs {
  readonly distances: ArrayLike<number>;
  readonly thresholds: ArrayLike<number>;
}

/**
 * The hardest pairs of each outcome, hardest first: those that lie farthest on the wrong side of the thresholds, or
 * nearest to it, by the worse of the arms. At most `most` of each outcome; with one arm there are no `only-` outcomes.
 */
export function hardPairs(
  arms: readonly JudgedPairs[],
  same: ArrayLike<number | boolean>,
  most: number,
): readonly HardPair[] {
  const ranked = new Map<PairOutcome, { readonly pair: number; readonly margin: number }[]>();
  for (let pair = 0; pair < same.length; pair++) {
    const margins = arms.map((arm) => marginOf(arm, pair, Boolean(same[pair])));
    const outcome = outcomeOf(margins);
    const list = ranked.get(outcome) ?? [];
    ranked.set(outcome, list);
    insert(list, { pair, margin: Math.min(...margins) }, most);
  }
  const all = [...ranked].flatMap(([outcome, list]) => list.map((entry) => ({ ...entry, outcome })));
  return all
    .sort((a, b) => a.margin - b.margin)
    .map(({ pair, outcome }) => ({
      pair,
      same: Boolean(same[pair]),
      outcome,
      verdicts: arms.map((arm) => {
        const distance = arm.distances[pair] ?? Number.NaN;
        const threshold = arm.thresholds[pair] ?? 0;
        const right = distance < threshold === Boolean(same[pair]);
        return { similarity: 1 - distance / 2, threshold: 1 - threshold / 2, right };
      }),
    }));
}

/** How far on the right side of the threshold, in squared distance; below zero where judged wrongly. */
function marginOf({ distances, thresholds }: JudgedPairs, pair: number, same: boolean): number {
  const margin = (thresholds[pair] ?? 0) - (distances[pair] ?? Number.NaN);
  // A distance that is no number counts as different, as far from every threshold as can be.
  if (Number.isNaN(margin)) return same ? -4 : 4;
  // "Same" is judged strictly below the threshold: on it, a same-person pair is wrong and any other right.
  if (margin === 0) return same ? -Number.MIN_VALUE : Number.MIN_VALUE;
  return same ? margin : -margin;
}

function outcomeOf(margins: readonly number[]): PairOutcome {
  const [first = 0, second = first] = margins;
  if (first > 0) return second > 0 ? 'both-right' : 'only-first';
  return second > 0 ? 'only-second' : 'both-wrong';
}

/** Keeps a short list sorted, the lowest margin first. */
function insert<Entry extends { readonly margin: number }>(list: Entry[], entry: Entry, most: number): void {
  const last = list[most - 1];
  if (last !== undefined && last.margin <= entry.margin) return;
  const place = list.findIndex(({ margin }) => margin > entry.margin);
  list.splice(place < 0 ? list.length : place, 0, entry);
  if (list.length > most) list.pop();
}
