import { expect, test } from 'vitest';
import { STRATEGIES } from '../../craft/strategies.ts';
import { drawNewFilter, STRONG } from './strategy-demo.ts';

test.each(STRATEGIES)('%s draws another filter each time, and the same one again', (strategy) => {
  const first = drawNewFilter(strategy, 1);
  expect(first.weights).toHaveLength(27);
  expect(Math.max(...first.weights.map(Math.abs))).toBeGreaterThan(0.01);
  expect(drawNewFilter(strategy, 1)).toEqual(first);
  expect(drawNewFilter(strategy, 2).weights).not.toEqual(first.weights);
});

test('orthogonal has nothing in common with the strong filters, a blend has', () => {
  const draws = Array.from({ length: 50 }, (_, draw) => draw);
  const most = (strategy: 'orthogonal' | 'blend') =>
    draws.map((draw) => Math.max(...drawNewFilter(strategy, draw).likeness));
  expect(Math.max(...most('orthogonal'))).toBeLessThan(1e-5);
  // A blend lies in the span of the three, so at least one of them is near.
  expect(Math.min(...most('blend'))).toBeGreaterThan(1 / STRONG.length);
});
