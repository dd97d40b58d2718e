import { stream } from '../../config/random.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { dot, filterAt, length, setFilter } from '../../craft/filter-bank.ts';
import { reactivate } from '../../craft/reactivation.ts';
import { DRAWN, type DrawnName, drawnWeights } from './drawn-filters.ts';

/** The three strong filters that every strategy is shown on. */
export const STRONG: readonly DrawnName[] = ['edge', 'opponent', 'spot'];

const COUNT = STRONG.length + 1;

/** A strategy's new filter from the three strong ones. */
export interface NewFilter {
  /** [3 * 3 * 3]. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** |cosine| with each of the strong filters: 1 the same pattern, 0 nothing in common. */
  readonly likeness: readonly number[];
}

/** A first layer of the three strong filters and a dead one, [3, 3, 3, 4]. */
function drawnLayer(): Float32Array<ArrayBuffer> {
  const kernel = new Float32Array(27 * COUNT);
  STRONG.forEach((name, place) => {
    setFilter(kernel, COUNT, place, drawnWeights(DRAWN[name]));
  });
  return kernel;
}

/** Draws a new filter by a strategy, with the rule and the code of a run. The same `draw` gives the same filter. */
export function drawNewFilter(strategy: RunConfig['strategy'], draw: number): NewFilter {
  const kernel = drawnLayer();
  const settings = { criterion: 'maxAbs', epsilon: 0.01, rho: 0.05, strategy, strongShare: 1 } as const;
  const { after } = reactivate(kernel, [3, 3, 3, COUNT], settings, stream(draw, 'method', strategy));
  const likeness = STRONG.map((_, place) => {
    const strong = filterAt(kernel, COUNT, place);
    return Math.abs(dot(strong, after)) / (length(strong) * length(after));
  });
  return { weights: after, likeness };
}
