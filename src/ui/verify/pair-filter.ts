import type { PairOutcome } from '../../verification/hard-pairs.ts';
import type { BenchmarkResult, ShownPair } from '../../worker/verification/protocol.ts';
import type { Column } from './columns.ts';

/** Which of the hardest pairs are shown. */
export type PairFilter = 'all' | Exclude<PairOutcome, 'both-right'>;

/** The filters that make sense for so many networks, in words. */
export function pairFilters(
  columns: readonly Column[],
): readonly { readonly value: PairFilter; readonly label: string }[] {
  const [first, second] = columns;
  if (second === undefined) {
    return [
      { value: 'all', label: 'All' },
      { value: 'both-wrong', label: 'Wrong' },
    ];
  }
  return [
    { value: 'all', label: 'All' },
    { value: 'only-second', label: `Right only with ${second.name}` },
    { value: 'only-first', label: `Right only with ${first?.name ?? ''}` },
    { value: 'both-wrong', label: 'Both wrong' },
  ];
}

/** How a pair came out, in words. */
export function outcomeText(outcome: PairOutcome, columns: readonly Column[]): string {
  if (columns.length === 1) return outcome === 'both-right' ? 'Right' : 'Wrong';
  switch (outcome) {
    case 'both-right':
      return 'Both right';
    case 'both-wrong':
      return 'Both wrong';
    case 'only-first':
      return `Right only with ${columns[0]?.name ?? ''}`;
    case 'only-second':
      return `Right only with ${columns[1]?.name ?? ''}`;
  }
}

/** The hardest pairs of a result that pass the filter, hardest first. */
export function filteredPairs({ hardest }: BenchmarkResult, filter: PairFilter): readonly ShownPair[] {
  return filter === 'all' ? hardest : hardest.filter(({ outcome }) => outcome === filter);
}
