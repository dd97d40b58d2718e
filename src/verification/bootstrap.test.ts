import { describe, expect, test } from 'vitest';
import { stream } from '../config/random.ts';
import { gainInterval, type Interval, twoWayInterval } from './bootstrap.ts';

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

test('over seeds and pairs together: wider than over either alone, and right for independent ones', () => {
  const uniform = stream(4, 'two-way');
  const [seeds, pairs] = [12, 300];
  // Gains of half of the pairs, the same pairs for all seeds in the second case.
  const alike = Int8Array.from({ length: pairs }, () => Math.floor(3 * uniform()) - 1);
  const own = Array.from({ length: seeds }, () => Int8Array.from(alike, () => Math.floor(3 * uniform()) - 1));
  const width = ([low, high]: Interval) => high - low;
  const same = twoWayInterval(Array(seeds).fill(alike), undefined, stream(1, 'same'));
  // All seeds agree: only the pairs vary, with variance 2/3.
  expect(width(same.interval)).toBeCloseTo(2 * 1.96 * Math.sqrt(2 / 3 / pairs), 1);
  expect(same.resampled).toBe('pairs');
  // Independent gains: the variances of both ways add up.
  const both = twoWayInterval(own, undefined, stream(1, 'own'));
  expect(width(both.interval)).toBeGreaterThan(2 * 1.96 * Math.sqrt(2 / 3 / pairs / seeds));
  const people = {
    left: Int32Array.from(alike, (_, pair) => pair % 20),
    right: Int32Array.from(alike, (_, pair) => pair % 20),
  };
  expect(twoWayInterval(own, people, stream(1, 'people')).resampled).toBe('identities');
});
