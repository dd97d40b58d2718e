import { expect, test } from 'vitest';
import type { KernelShape } from './filter-bank.ts';
import { novelty } from './novelty.ts';

const shape = (filters: number): KernelShape => [1, 1, 2, filters];
// Filters (1, 0) and (3, 4); weights of one position lie side by side.
const BANK = Float32Array.of(1, 3, 0, 4);

test('is 0 for a known pattern up to sign and strength, 1 for one orthogonal to all', () => {
  const other = Float32Array.of(-5, 0);
  const values = novelty(BANK, shape(2), other, shape(1), Uint8Array.of(0));
  expect(values[0]).toBeCloseTo(0, 6);
  expect(values[1]).toBeCloseTo(0.4, 6);
  expect(novelty(Float32Array.of(0, 2), shape(1), other, shape(1), Uint8Array.of(0))[0]).toBe(1);
});

test("looks at the other bank's active filters only", () => {
  const values = novelty(BANK, shape(2), BANK, shape(2), Uint8Array.of(0, 1));
  expect(values[1]).toBeCloseTo(0.4, 6);
  expect([...novelty(BANK, shape(2), BANK, shape(2), Uint8Array.of(1, 1))]).toEqual([1, 1]);
});

test('a filter of norm zero has no novelty', () => {
  expect([...novelty(Float32Array.of(0, 0), shape(1), BANK, shape(2), Uint8Array.of(0, 0))]).toEqual([Number.NaN]);
});
