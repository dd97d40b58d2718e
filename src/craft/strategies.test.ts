import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { dot, length } from './filter-bank.ts';
import { drawFilter, type FilterContext, normalFrom, STRATEGIES, type Strategy, type Weights } from './strategies.ts';
import golden from './testing/draws.golden.json' with { type: 'json' };

function normal(seed: number) {
  const generator = xoroshiro128plus(seed);
  return normalFrom(() => uniformFloat64(generator));
}

/** `count` filters of n weights; weight i has mean i and deviation 1 + i. */
function filters(count: number, n: number, seed: number): Weights[] {
  const draw = normal(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: n }, (_, i) => i + (1 + i) * draw()));
}

function contextOf(strong: Weights[], active = strong, drawn: Weights[] = []): FilterContext {
  return { strong, active, drawn };
}

function draws(strategy: Strategy, context: FilterContext, count: number): Weights[] {
  const source = normal(99);
  return Array.from({ length: count }, () => drawFilter(strategy, context, source));
}

const moments = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
};

const columnOf = (rows: Weights[], i: number) => rows.map((row) => row[i] ?? Number.NaN);

describe('given the same normal numbers', () => {
  const rows = (values: readonly number[][]) => values.map((weights) => Float64Array.from(weights));

  test.each(STRATEGIES)("%s draws PyTorch's filter", (strategy) => {
    const context = { strong: rows(golden.strong), active: rows(golden.active), drawn: rows(golden.drawn) };
    let at = 0;
    const found = drawFilter(strategy, context, () => golden.numbers[at++] ?? Number.NaN);
    expect(found).toHaveLength(12);
    golden.filters[strategy].forEach((weight, i) => {
      expect(found[i]).toBeCloseTo(weight, 7);
    });
  });
});

const DRAWS = 20_000;

describe('gaussian', () => {
  test('has the mean and deviation of all weights of the strong set', () => {
    const strong = filters(5, 4, 1);
    const expected = moments(strong.flatMap((weights) => [...weights]));
    const drawn = moments(draws('gaussian', contextOf(strong), DRAWS).flatMap((weights) => [...weights]));
    expect(drawn.mean).toBeCloseTo(expected.mean, 1);
    expect(drawn.deviation / expected.deviation).toBeCloseTo(1, 1);
  });
});

describe('per-weight', () => {
  test('has the moments of each weight, and no relation between weights', () => {
    const strong = filters(6, 3, 2);
    const rows = draws('per-weight', contextOf(strong), DRAWS);
    for (const i of [0, 1, 2]) {
      const expected = moments(columnOf(strong, i));
      const drawn = moments(columnOf(rows, i));
      expect(Math.abs(drawn.mean - expected.mean) / expected.deviation).toBeLessThan(0.03);
      expect(drawn.deviation / expected.deviation).toBeCloseTo(1, 1);
    }
    expect(Math.abs(correlation(columnOf(rows, 0), columnOf(rows, 2)))).toBeLessThan(0.03);
  });
});

describe('blend', () => {
  test('has the mean and the covariance of the strong set', () => {
    const strong = filters(4, 3, 3);
    const rows = draws('blend', contextOf(strong), DRAWS);
    for (const i of [0, 1, 2]) {
      const expected = moments(columnOf(strong, i));
      expect(Math.abs(moments(columnOf(rows, i)).mean - expected.mean) / expected.deviation).toBeLessThan(0.03);
      expect(moments(columnOf(rows, i)).deviation / expected.deviation).toBeCloseTo(1, 1);
    }
    expect(correlation(columnOf(rows, 0), columnOf(rows, 1))).toBeCloseTo(
      correlation(columnOf(strong, 0), columnOf(strong, 1)),
      1,
    );
  });

  test('stays in the affine span of the strong filters', () => {
    // Three points of a plane with sum of weights 1: so is every blend of them.
    const strong = [Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 1, 0, 0), Float64Array.of(0, 0, 1, 0)];
    for (const blend of draws('blend', contextOf(strong), 50)) {
      expect(blend.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      expect(blend[3]).toBe(0);
    }
  });
});

describe('orthogonal', () => {
  test('is orthogonal to all active filters and to those drawn before, while there is room', () => {
    const active = filters(5, 9, 4);
    const context = contextOf(active.slice(0, 2), active, filters(3, 9, 5));
    for (const drawn of draws('orthogonal', context, 20)) {
      for (const other of [...context.active, ...context.drawn]) {
        expect(Math.abs(dot(drawn, other)) / length(drawn) / length(other)).toBeLessThan(1e-12);
      }
    }
  });

  test('stays orthogonal to the active ones when the drawn ones have taken the last direction', () => {
    const active = filters(7, 9, 6);
    for (const drawn of draws('orthogonal', contextOf(active, active, filters(2, 9, 7)), 5)) {
      for (const other of active) {
        expect(Math.abs(dot(drawn, other)) / length(drawn) / length(other)).toBeLessThan(1e-12);
      }
    }
  });

  test('keeps clear of the strong ones where the active ones span everything', () => {
    const active = filters(12, 9, 8);
    const strong = active.slice(0, 4);
    for (const drawn of draws('orthogonal', contextOf(strong, active), 5)) {
      for (const other of strong) expect(Math.abs(dot(drawn, other)) / length(drawn)).toBeLessThan(1e-10);
    }
  });

  test('is a random direction where even the strong ones span everything', () => {
    const [first, second] = draws('orthogonal', contextOf(filters(12, 4, 9)), 2);
    expect(length(first ?? [])).toBeGreaterThan(0.01);
    expect(first).not.toEqual(second);
  });

  test('copies of one filter span one direction only', () => {
    const one = Float64Array.of(1, 2, 3);
    const copies = Array.from({ length: 6 }, (_, i) => one.map((weight) => weight * (i + 1)));
    for (const drawn of draws('orthogonal', contextOf(copies), 5))
      expect(Math.abs(dot(drawn, one))).toBeLessThan(1e-12);
  });
});

test('random has the deviation He et al. give, sqrt(2 / n), and ignores the context', () => {
  const rows = draws('random', contextOf(filters(4, 8, 10)), DRAWS / 4);
  const drawn = moments(rows.flatMap((weights) => [...weights]));
  expect(drawn.mean).toBeCloseTo(0, 2);
  expect(drawn.deviation).toBeCloseTo(0.5, 2);
});

function correlation(a: number[], b: number[]): number {
  const first = moments(a);
  const second = moments(b);
  const products = a.map((value, i) => (value - first.mean) * ((b[i] ?? 0) - second.mean));
  return moments(products).mean / first.deviation / second.deviation;
}
