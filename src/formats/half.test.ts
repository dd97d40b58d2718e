import { expect, it } from 'vitest';
import { fromHalfBits, halfBits } from './half.ts';

it('every half that is a number comes back', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const values = fromHalfBits(bits);
  const wrong = [...bits].filter((one) => !Number.isNaN(values[one]) && halfBits(values[one] ?? 0) !== one);
  expect(wrong).toEqual([]);
});

it('rounds to the nearest half', () => {
  // 2049 lies between 2048 and 2050: halves to even.
  expect([...fromHalfBits(Uint16Array.from([1 / 3, 2049, 2051, 1e6, Number.NaN], halfBits))]).toEqual([
    0.333251953125,
    2048,
    2052,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
});
