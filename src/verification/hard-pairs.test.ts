import { describe, expect, test } from 'vitest';
import { hardPairs } from './hard-pairs.ts';

const same = [1, 1, 0, 0, 1];
const thresholds = [1, 1, 1, 1, 1];
//                    wrong wrong right wrong right
const first = { distances: [1.5, 1.2, 1.9, 0.4, 0.2], thresholds };
//                     wrong right right right right
const second = { distances: [1.8, 0.9, 1.1, 1.4, 0.1], thresholds };

describe('hard pairs', () => {
  test('of two arms: by who is right, the worst first', () => {
    const found = hardPairs([first, second], same, 10);
    expect(found.map(({ pair, outcome }) => [pair, outcome])).toEqual([
      [0, 'both-wrong'],
      [3, 'only-second'],
      [1, 'only-second'],
      [2, 'both-right'],
      [4, 'both-right'],
    ]);
    expect(found[0]?.verdicts[1]).toEqual({ similarity: 1 - 1.8 / 2, threshold: 0.5, right: false });
  });

  test('only so many of an outcome, and of one arm alone right or wrong', () => {
    expect(hardPairs([first, second], same, 1).map(({ pair }) => pair)).toEqual([0, 3, 2]);
    expect(hardPairs([first], same, 10).map(({ outcome }) => outcome)).toEqual([
      'both-wrong',
      'both-wrong',
      'both-wrong',
      'both-right',
      'both-right',
    ]);
  });

  test('a pair on the threshold counts as different; so does a distance that is no number', () => {
    const arm = { distances: [1, 1, Number.NaN, Number.NaN], thresholds: [1, 1, 1, 1] };
    const found = hardPairs([arm], [1, 0, 1, 0], 10);
    const right = new Map(found.map(({ pair, outcome }) => [pair, outcome === 'both-right']));
    expect([0, 1, 2, 3].map((pair) => right.get(pair))).toEqual([false, true, false, true]);
    for (const { outcome, verdicts } of found) expect(verdicts[0]?.right).toBe(outcome === 'both-right');
  });
});
