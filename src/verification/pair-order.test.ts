import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRanges } from './folds.ts';
import { foldOrder, hasBalancedFolds } from './pair-order.ts';

/** `folds` blocks of same pairs followed by as many different ones. */
const blocks = (folds: number, each: number) =>
  Uint8Array.from({ length: 2 * folds * each }, (_, pair) => (pair % (2 * each) < each ? 1 : 0));

describe('the order of pairs', () => {
  it('stays where ten blocks are balanced, as in LFW', () => {
    const lfw = blocks(10, 300);
    expect(hasBalancedFolds(lfw)).toBe(true);
    const { order, asGiven } = foldOrder(lfw);
    expect(asGiven).toBe(true);
    expect([...order]).toEqual([...lfw.keys()]);
  });

  it('is mixed where a file holds one fold: every fold then has its share of both kinds', () => {
    const oneFold = blocks(1, 300);
    expect(hasBalancedFolds(oneFold)).toBe(false);
    const { order, asGiven } = foldOrder(oneFold);
    expect(asGiven).toBe(false);
    const mixed = Uint8Array.from(order, (pair) => oneFold[pair] ?? 0);
    for (const { start, end } of foldRanges(600)) {
      expect(mixed.subarray(start, end).reduce((sum, same) => sum + same, 0)).toBe(30);
    }
  });

  it('never loses or repeats a pair, and keeps each kind in the order of the file', () => {
    const answers = fc.array(fc.boolean(), { minLength: 10, maxLength: 300 });
    fc.assert(
      fc.property(answers, (same) => {
        const { order } = foldOrder(same);
        expect([...order].sort((a, b) => a - b)).toEqual([...same.keys()]);
        for (const kind of [true, false]) {
          const ofKind = [...order].filter((pair) => same[pair] === kind);
          expect(ofKind).toEqual(ofKind.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
