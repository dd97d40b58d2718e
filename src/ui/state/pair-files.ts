import { create } from 'zustand';
import type { ImportFile } from '../../worker/protocol.ts';

/** Pairs from files that the page was given: a screen that gets them offers them to the others. */
export interface PairFiles {
  /** Of the set within the files: text from outside. */
  readonly name: string;
  readonly files: readonly ImportFile[];
}

/** Files are not read for being offered; still, a visit may last long. */
const MOST_SETS = 12;

export const usePairFiles = create<{ readonly sets: readonly PairFiles[] }>(() => ({ sets: [] }));

/** Offers a set, in place of one of that name. */
export function offerPairs(set: PairFiles): void {
  usePairFiles.setState(({ sets }) => ({
    sets: [set, ...sets.filter(({ name }) => name !== set.name)].slice(0, MOST_SETS),
  }));
}
