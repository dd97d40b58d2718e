import { expect, test } from 'vitest';
import { mostDifferent } from './response-order.ts';

/** Maps of 2 × 2 pixels, each filter with one value. */
const maps = (...filters: readonly number[]) => ({
  side: 2,
  values: Float32Array.from(filters.flatMap((value) => [value, value, value, value])),
});

test('the filter whose responses differ most comes first, and those that respond to both photos alike last', () => {
  expect(mostDifferent([[maps(0, 1, -2, 0.5), maps(0, 2, 1, 0.5)]])).toEqual([2, 1, 0, 3]);
});

test('networks with as many filters share one order; numbers that are none do not lead', () => {
  const one = [maps(0, 1, 0), maps(0, 0, 0)] as const;
  const other = [maps(0, 0, 3), maps(0, 0, Number.NaN)] as const;
  const third = [maps(4, 0, 0), maps(1, 0, 0)] as const;
  expect(mostDifferent([one, other])).toEqual([1, 0, 2]);
  expect(mostDifferent([one, other, third])).toEqual([0, 1, 2]);
});
