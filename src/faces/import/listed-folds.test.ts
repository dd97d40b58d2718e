import { describe, expect, it } from 'vitest';
import { type ListedPair, readFaceList } from '../../formats/face-list.ts';
import { foldAccuracy, foldRanges } from '../../verification/folds.ts';
import { foldedPairs } from './listed-folds.ts';

/** A list in the form of CALFW's: same pairs of folds as given, then as many different ones. */
function calfw(folds: readonly number[], different = folds.length): readonly ListedPair[] {
  const lines = [
    ...folds.flatMap((fold, at) => [`Ada_${2 * at}.jpg ${fold}`, `Ada_${2 * at + 1}.jpg ${fold}`]),
    ...Array.from({ length: different }, (_, at) => [`Bo_${at}.jpg 0`, `Cy_${at}.jpg 0`]).flat(),
  ];
  const list = readFaceList('pairs_CALFW.txt', `${lines.join('\n')}\n`);
  if (list?.kind !== 'pairs') throw new Error('pairs were expected');
  return list.pairs;
}

describe("the folds of CALFW's list", () => {
  // Two same pairs a fold, of which the file has the folds in another order: 10, 10, 9, 9, ... 1, 1.
  const backwards = Array.from({ length: 20 }, (_, at) => 10 - Math.floor(at / 2));
  const { order, hasFolds, inWords } = foldedPairs(calfw(backwards));

  it('are those that it gives same pairs, filled with different pairs in its order', () => {
    expect([hasFolds, inWords]).toEqual([
      true,
      'in its 10 folds (it gives same pairs a fold; different pairs fill them in its order)',
    ]);
    expect(order.slice(0, 4).map(({ left }) => left)).toEqual(['Ada_36.jpg', 'Ada_38.jpg', 'Bo_0.jpg', 'Bo_1.jpg']);
    expect(order.slice(-4).map(({ left }) => left)).toEqual(['Ada_0.jpg', 'Ada_2.jpg', 'Bo_18.jpg', 'Bo_19.jpg']);
  });

  it('give their accuracy: of 10 folds the one with two wrong pairs of four has 50 %', () => {
    // Same pairs are near and different ones far, but for the two same pairs of fold 10.
    const distances = order.map(({ same, fold }) => (same && fold !== 10 ? 0.5 : 1.5));
    const { accuracy, folds } = foldAccuracy(
      distances,
      order.map(({ same }) => same),
    );
    expect(folds.map((fold) => fold.accuracy)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5]);
    expect(accuracy).toBeCloseTo(0.95);
  });

  it('stay where the different pairs are fewer', () => {
    const fewer = foldedPairs(calfw(backwards, 15));
    expect(fewer.hasFolds).toBe(true);
    const cut = foldRanges(35).map(({ start, end }) => fewer.order.slice(start, end).flatMap(({ fold }) => fold ?? []));
    expect(cut).toEqual(Array.from({ length: 10 }, (_, at) => [at + 1, at + 1]));
  });

  it.each([
    ['since the list has none', calfw(new Array<number>(20).fill(1))],
    ['since the list has 5', calfw(Array.from({ length: 20 }, (_, at) => 1 + (at % 5)))],
    [
      "since the list's are not of one size or hold unequal shares of same pairs",
      calfw(Array.from({ length: 20 }, (_, at) => Math.min(10, 1 + at))),
    ],
  ])('are not claimed: %s', (why, pairs) => {
    const dealt = foldedPairs(pairs);
    expect([dealt.hasFolds, dealt.inWords]).toEqual([false, `dealt into 10 folds, ${why}`]);
    expect(dealt.order.map(({ same }) => same)).toEqual(
      Array.from({ length: 10 }, () => [true, true, false, false]).flat(),
    );
  });
});

it('keeps the order of a list whose pairs all have a fold', () => {
  const text = Array.from({ length: 40 }, (_, at) => `a/${at}.jpg,b/${at}.jpg,${at % 2},${(at % 20) >> 1}\n`).join('');
  const list = readFaceList('pairs.csv', `left,right,same,fold\n${text}`);
  if (list?.kind !== 'pairs') throw new Error('pairs were expected');
  const { order, inWords } = foldedPairs(list.pairs);
  expect([inWords, order.slice(0, 5).map(({ left }) => left)]).toEqual([
    'in its 10 folds',
    ['a/0.jpg', 'a/1.jpg', 'a/20.jpg', 'a/21.jpg', 'a/2.jpg'],
  ]);
});
