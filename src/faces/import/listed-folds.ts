import type { ListedPair } from '../../formats/face-list.ts';
import { FOLDS, foldRanges } from '../../verification/folds.ts';
import { hasBalancedFolds } from '../../verification/pair-order.ts';

/** The pairs of a list in the order in which they are cut into ten folds. */
interface FoldedPairs {
  readonly order: readonly ListedPair[];
  /** Whether the folds are the list's. */
  readonly hasFolds: boolean;
  /** "in its 10 folds" */
  readonly inWords: string;
}

/**
 * Puts pairs in the order of a list's ten folds, if it has them. Pairs without a number, such as the different ones of
 * CALFW and CPLFW, fill the folds in the order of the list. Other lists are dealt into ten folds that hold the same
 * share of both kinds; so are those of which some pairs are not there, in the order of the list's folds.
 */
export function foldedPairs(pairs: readonly ListedPair[], isThere = (_: ListedPair) => true): FoldedPairs {
  const whole = wholeFolds(pairs);
  const there = whole.order.filter(isThere);
  if (there.length === whole.order.length) return whole;
  const { order, inWords } = dealt(there, "in the order of the list's, since pairs are left out");
  return { order, hasFolds: whole.hasFolds, inWords: whole.hasFolds ? inWords : whole.inWords };
}

function wholeFolds(pairs: readonly ListedPair[]): FoldedPairs {
  const numbers = [...new Set(pairs.flatMap(({ fold }) => fold ?? []))].sort((a, b) => a - b);
  if (numbers.length !== FOLDS) {
    return dealt(pairs, numbers.length === 0 ? 'since the list has none' : `since the list has ${numbers.length}`);
  }
  const free = pairs.filter(({ fold }) => fold === undefined);
  const sizes = foldRanges(pairs.length).map(({ start, end }) => end - start);
  let taken = 0;
  const folds = numbers.map((number, at) => {
    const own = pairs.filter(({ fold }) => fold === number);
    const more = free.slice(taken, taken + Math.max(0, (sizes[at] ?? 0) - own.length));
    taken += more.length;
    return [...own, ...more];
  });
  const order = folds.flat();
  const whole = folds.every(({ length }, at) => length === sizes[at]);
  if (!whole || !hasBalancedFolds(order.map(({ same }) => same))) {
    return dealt(pairs, "since the list's are not of one size or hold unequal shares of same pairs");
  }
  const numbered =
    free.length === 0
      ? ''
      : free.some(({ same }) => same)
        ? ' (pairs without a fold fill them in its order)'
        : ' (it gives same pairs a fold; different pairs fill them in its order)';
  return { order, hasFolds: true, inWords: `in its ${FOLDS} folds${numbered}` };
}

/** Ten runs with the same share of both kinds. */
function dealt(pairs: readonly ListedPair[], why: string): FoldedPairs {
  const kinds = [pairs.filter(({ same }) => same), pairs.filter(({ same }) => !same)];
  const share = (kind: readonly ListedPair[], fold: number) =>
    kind.slice(Math.floor((fold * kind.length) / FOLDS), Math.floor(((fold + 1) * kind.length) / FOLDS));
  const order = Array.from({ length: FOLDS }, (_, fold) => kinds.flatMap((kind) => share(kind, fold))).flat();
  return { order, hasFolds: false, inWords: `dealt into ${FOLDS} folds, ${why}` };
}
