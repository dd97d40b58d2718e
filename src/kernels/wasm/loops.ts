import { gradientRows, normalizeShare, sumBlocks, sumGradientBlocks } from './batch-norm.ts';
import type { Loop } from './chunk.ts';
import { convolveGroup } from './conv.ts';
import { gatherFilters, joinBlocks, sumGroups } from './conv-filter-gradient.ts';
import { convolveGradientGroup } from './conv-input-gradient.ts';
import { multiplyColumns, packStrips, sumWeights } from './dense.ts';
import { decodeImages } from './faces-to-batch.ts';
import { stepWeights } from './update.ts';

/** All loops that threads share: they are called by their number in this list, which is the same on every thread. */
export const LOOPS: readonly Loop<number[]>[] = [
  convolveGroup,
  gatherFilters,
  sumGroups,
  joinBlocks,
  convolveGradientGroup,
  sumBlocks,
  normalizeShare,
  sumGradientBlocks,
  gradientRows,
  multiplyColumns,
  packStrips,
  sumWeights,
  decodeImages,
  stepWeights,
];

const NUMBERS = new Map<unknown, number>(LOOPS.map((loop, index) => [loop, index]));

/** The number of a loop. @throws Error where it is not in the list */
export function loopIndex(loop: unknown): number {
  const index = NUMBERS.get(loop);
  if (index === undefined) throw new Error('A loop that threads share is missing in LOOPS.');
  return index;
}
