import { formatNumber } from '../config/quantity.ts';

/** That some pairs are repeated, where photos of people ("These photos") make too few different ones for ten folds. */
export function repeatedText(photos: string, distinct: number, pairs: number): string {
  return `${photos} make no more than ${formatNumber(distinct)} different pairs, so that some of the ${formatNumber(pairs)} are repeated: the accuracy says little.`;
}
