import { describe, expect, test } from 'vitest';
import { gainInterval } from './bootstrap.ts';

/** Gives these numbers in turn, and counts them. */
function scripted(values: readonly number[]): { readonly uniform: () => number; readonly drawn: () => number } {
  let drawn = 0;
  return { uniform: () => values[drawn++ % values.length] ?? 0, drawn: () => drawn };
}

describe('pairs', () => {
  const gain = Int8Array.of(1, 0, -1, 1);

  test('are drawn with replacement, as many as there are', () => {
    // Pairs 0, 0, 3, 2: gains 1, 1, 1, -1.
    const { uniform, drawn } = scripted([0, 0.1, 0.9, 0.5]);
    expect(gainInterval(gain, undefined, uniform, 1)).toEqual({ interval: [0.5, 0.5], resampled: 'pairs' });
    expect(drawn()).toBe(4);
  });

  test('the interval is the middle 95 % of the resamples, as numpy.percentile interpolates', () => {
    // Resample r takes one pair four times; of five resamples the means are 1, 0, -1, 1, 1.
    const { uniform } = scripted([0, 0.3, 0.6, 0.8, 0].flatMap((value) => [value, value, value, value]));
    const [low, high] = gainInterval(gain, undefined, uniform, 5).interval;
    // numpy.percentile([1, 0, -1, 1, 1], [2.5, 97.5]) is [-0.9, 1].
    expect(low).toBeCloseTo(-0.9, 12);
    expect(high).toBe(1);
  });
});

describe('people', () => {
  const gain = Int8Array.of(1, -1, 1);
  // Pairs: 7 with 7, 7 with 9, 9 with 5.
  const identities = { left: [7, 7, 9], right: [7, 9, 5] };

  test('are drawn with replacement, and a pair counts as often as the product of its two people', () => {
    // Person 7 twice, person 9 once, person 5 never: weights 2, 2 * 1, 1 * 0.
    const { uniform, drawn } = scripted([0, 0.1, 0.4]);
    expect(gainInterval(gain, identities, uniform, 1)).toEqual({ interval: [0, 0], resampled: 'identities' });
    expect(drawn()).toBe(3);
  });

  test('a pair of one person counts as often as that person, not squared', () => {
    // Person 7 twice, person 9 once, person 5 never. Squared, the first pair would weigh 4 and not 2.
    const { uniform } = scripted([0, 0.1, 0.4]);
    const [low] = gainInterval(Int8Array.of(1, 0, 0), identities, uniform, 1).interval;
    expect(low).toBeCloseTo(2 / 4, 12);
  });
});
