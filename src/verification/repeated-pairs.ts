import { formatNumber } from '../config/quantity.ts';

/** That some pairs are repeated, where a folder of people makes too few different ones for ten folds. */
export function repeatedText(distinct: number, pairs: number): string {
  return `These photos make no more than ${formatNumber(distinct)} different pairs, so that some of the ${formatNumber(pairs)} are repeated: the accuracy says little.`;
}
