import type { ResponseMaps } from '../../craft/response.ts';

type TwoPhotos = readonly [ResponseMaps, ResponseMaps];

/**
 * Numbers of the filters of a network, those first whose responses to two photos differ most: by the mean size of the
 * difference, over all networks where they have as many filters each, so that each filter has one place in all of them.
 */
export function mostDifferent(networks: readonly TwoPhotos[]): readonly number[] {
  const sums = networks.map(differences);
  const [first = []] = sums;
  const means = first.map((_, filter) => sums.reduce((sum, each) => sum + (each[filter] ?? 0), 0));
  return [...means.keys()].sort((a, b) => (means[b] ?? 0) - (means[a] ?? 0) || a - b);
}

/** Mean size of the difference of each filter; a value that is no number counts as none. */
function differences([left, right]: TwoPhotos): readonly number[] {
  const values = left.side * left.side;
  return Array.from({ length: left.values.length / values }, (_, filter) => {
    let sum = 0;
    for (let at = filter * values; at < (filter + 1) * values; at++) {
      const difference = Math.abs((left.values[at] ?? 0) - (right.values[at] ?? 0));
      if (Number.isFinite(difference)) sum += difference;
    }
    return sum / values;
  });
}
