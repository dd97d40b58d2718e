import { formatFixed, formatNumber } from '../../config/quantity.ts';
import type { BenchmarkResult } from '../../worker/verification/protocol.ts';
import type { Column } from './columns.ts';

/** Whether each network takes two photos for one person, by its own threshold. */
export function sameByThreshold(similarities: readonly number[], result: BenchmarkResult): readonly boolean[] {
  return similarities.map((similarity, place) => similarity > (result.arms[place]?.threshold ?? 1));
}

/** The judgement of networks on two photos: both alike, or each its own; in the words of a headline. */
export function pairHeadline(same: readonly boolean[]): string {
  const [first] = same;
  const answer = first ? 'the same person' : 'different people';
  if (same.length === 1) return `The network says: ${answer}`;
  return same.every((one) => one === first) ? `Both networks say: ${answer}` : 'The networks disagree';
}

/** Where the similarities lie among the pairs of a benchmark. */
export function placeInWords(
  similarities: readonly number[],
  columns: readonly Column[],
  result: BenchmarkResult,
  label: string,
): string {
  const places = similarities.map((similarity, place) => {
    const arm = result.arms[place];
    const { from, to, same, different } = arm?.histogram ?? { from: -1, to: 1, same: [], different: [] };
    const above = (shares: readonly number[]) => `${Math.round(100 * shareAbove(shares, from, to, similarity))} %`;
    const value = formatFixed(similarity, 2);
    return `above ${value} in ${columns[place]?.name ?? ''} lie about ${above(same)} of the pairs of one person and ${above(different)} of those of two`;
  });
  const pairs = result.protocol === 'pairs' ? 'pairs' : 'pairs of photo sets';
  return `Of ${formatNumber(result.pairs)} ${pairs} of ${label}, ${places.join('; ')}. Same or different is by each network’s own threshold there. One pair cannot show which network is better.`;
}

/** The share of a histogram above a value; within a bin as if its pairs were spread evenly. */
export function shareAbove(shares: readonly number[], from: number, to: number, value: number): number {
  const width = (to - from) / Math.max(1, shares.length);
  return shares.reduce((sum, share, bin) => {
    const begin = from + bin * width;
    return sum + share * Math.min(1, Math.max(0, (begin + width - value) / width));
  }, 0);
}
