import { randomNormal } from 'd3-random';
import { mean } from '../config/average.ts';
import { dot, length } from './filter-bank.ts';

/** How new weights are drawn; the names are those of the run's settings. */
export const STRATEGIES = ['gaussian', 'per-weight', 'blend', 'orthogonal', 'random'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Draws a number, uniform in [0, 1). */
export type Uniform = () => number;

/** Draws a number from N(0, 1). */
export type Normal = () => number;

/** A filter's weights, [k * k * channels]. */
export type Weights = Float64Array<ArrayBuffer>;

/** The filters that a new one is drawn from. Every list holds whole filters of n weights. */
export interface FilterContext {
  /** At least 2. */
  readonly strong: readonly Weights[];
  /** All active filters, the strong ones among them. */
  readonly active: readonly Weights[];
  /** Filters already drawn at this check. */
  readonly drawn: readonly Weights[];
}

/** N(0, 1) from a uniform source. */
export function normalFrom(uniform: Uniform): Normal {
  return randomNormal.source(uniform)(0, 1);
}

/**
 * Draws the weights of one new filter, before its norm is matched. The strategies are METHOD.md's; deviations and
 * covariances are those of the population (divided by the number, not by one less).
 */
export function drawFilter(strategy: Strategy, context: FilterContext, normal: Normal): Weights {
  switch (strategy) {
    case 'gaussian':
      return drawGaussian(context.strong, normal);
    case 'per-weight':
      return drawPerWeight(context.strong, normal);
    case 'blend':
      return drawBlend(context.strong, normal);
    case 'orthogonal':
      return drawOrthogonal(context, normal);
    case 'random':
      return drawHe(size(context), normal);
  }
}

/** Whether the strategy's filters take the strong set's median norm; `gaussian` keeps the norm it was drawn with. */
export function matchesNorm(strategy: Strategy): boolean {
  return strategy !== 'gaussian';
}

/** Whether the strategy draws from the strong filters' weights; the others take nothing but their norm. */
export function usesDonors(strategy: Strategy): boolean {
  return strategy === 'gaussian' || strategy === 'per-weight' || strategy === 'blend';
}

/** Every weight from N(mean, deviation) of all weights of the strong set. */
function drawGaussian(strong: readonly Weights[], normal: Normal): Weights {
  const [centre, deviation] = moments(strong.flatMap((weights) => [...weights]));
  return fill(strong, () => centre + deviation * normal());
}

/** Weight i from N(mean, deviation) of the strong set's weights i. */
function drawPerWeight(strong: readonly Weights[], normal: Normal): Weights {
  return fill(strong, (i) => {
    const [centre, deviation] = moments(strong.map((weights) => weights[i] ?? 0));
    return centre + deviation * normal();
  });
}

/** mean + sum_j z_j (w_j - mean) / sqrt(S), z ~ N(0, 1): a draw from the strong set's empirical covariance. */
function drawBlend(strong: readonly Weights[], normal: Normal): Weights {
  const shares = strong.map(() => normal() / Math.sqrt(strong.length));
  return fill(strong, (i) => {
    const column = strong.map((weights) => weights[i] ?? 0);
    const centre = mean(column);
    return column.reduce((sum, weight, j) => sum + (shares[j] ?? 0) * (weight - centre), centre);
  });
}

/** He initialisation, N(0, 2 / n) with n = k * k * channels: the control without context. */
function drawHe(n: number, normal: Normal): Weights {
  const deviation = Math.sqrt(2 / n);
  return Float64Array.from({ length: n }, () => deviation * normal());
}

/**
 * A random direction nobody has. It is orthogonal to all active filters and to the ones drawn at this check while these
 * leave a direction free; else to the active filters; else, where the active filters span everything, to the strong
 * ones; and where even these span everything it is a plain random direction.
 */
function drawOrthogonal(context: FilterContext, normal: Normal): Weights {
  const n = size(context);
  const direction = drawHe(n, normal);
  const taken = [[...context.active, ...context.drawn], context.active, context.strong];
  const basis = taken.map(orthonormalBasis).find((vectors) => vectors.length < n) ?? [];
  return residual(direction, basis);
}

/** Part of a vector shorter than this share of it is rounding: float32 weights hold seven digits. */
const RANK_TOLERANCE = 1e-6;

/** An orthonormal basis of the span of the vectors (Gram-Schmidt). */
function orthonormalBasis(vectors: readonly Weights[]): readonly Weights[] {
  const basis: Weights[] = [];
  for (const vector of vectors) {
    const rest = residual(vector, basis);
    const norm = length(rest);
    if (norm > RANK_TOLERANCE * length(vector)) basis.push(rest.map((weight) => weight / norm));
  }
  return basis;
}

/** The vector without its part in the span of the basis. Taken off twice, since once loses digits near the span. */
function residual(vector: Weights, basis: readonly Weights[]): Weights {
  const rest = vector.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const axis of basis) {
      const share = dot(rest, axis);
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - share * (axis[i] ?? 0);
    }
  }
  return rest;
}

/** Mean and population deviation. */
function moments(values: readonly number[]): readonly [mean: number, deviation: number] {
  const centre = mean(values);
  return [centre, Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))];
}

function fill(like: readonly Weights[], weight: (index: number) => number): Weights {
  return Float64Array.from({ length: like[0]?.length ?? 0 }, (_, i) => weight(i));
}

function size(context: FilterContext): number {
  return context.active[0]?.length ?? 0;
}
