import { expect, it } from 'vitest';
import { permutation, stream } from './random.ts';

const draw = (uniform: () => number, count = 1000) => Array.from({ length: count }, uniform);

it('gives the same numbers for the same seed and names', () => {
  expect(draw(stream(1, 'order', 3))).toEqual(draw(stream(1, 'order', 3)));
});

it('gives unrelated numbers for other seeds and names', () => {
  const first = draw(stream(1, 'order', 3));
  for (const other of [stream(2, 'order', 3), stream(1, 'order', 4), stream(1, 'weights', 3)]) {
    const second = draw(other);
    const covariance =
      first.reduce((sum, value, i) => sum + (value - 0.5) * ((second[i] ?? 0) - 0.5), 0) / first.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.12);
  }
});

it('is uniform over [0, 1)', () => {
  const values = draw(stream(5, 'a'), 10_000);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
});

it('permutes all indices', () => {
  const order = permutation(100, stream(1, 'p'));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...order]).not.toEqual([...permutation(100, stream(2, 'p'))]);
});
