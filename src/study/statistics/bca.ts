import { mean } from '../../config/average.ts';
import { stream } from '../../config/random.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { deviation, normalCdf, normalQuantile } from './student.ts';

const RESAMPLES = 10_000;

/**
 * 95 % bias-corrected and accelerated bootstrap interval of the mean (Efron 1987), from a seeded stream. Undefined of
 * fewer than two values, or of equal ones.
 */
export function bcaInterval(values: readonly number[], resamples: number = RESAMPLES): Interval | undefined {
  if (values.length < 2 || deviation(values) === 0) return undefined;
  const places = placesOf(values.length, resamples);
  const means = new Float64Array(resamples);
  for (let at = 0, one = 0; one < resamples; one++) {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[places[at++] ?? 0] ?? 0;
    means[one] = sum / values.length;
  }
  means.sort();
  const centre = mean(values);
  const below = means.reduce((count, one) => count + (one < centre ? 1 : one === centre ? 0.5 : 0), 0) / resamples;
  const bias = normalQuantile(below);
  // Leaving a value out moves the mean against it, so that these are the jackknife's differences but for a factor.
  const cubes = values.reduce((sum, value) => sum + (value - centre) ** 3, 0);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const acceleration = cubes / (6 * squares ** 1.5);
  const end = (share: number) => {
    const z = bias + normalQuantile(share);
    return percentile(means, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return [end(0.025), end(0.975)];
}

let drawn: { readonly count: number; readonly places: Uint32Array } | undefined;

/** [resamples, count] drawn places. All comparisons of a study have the same, so the last are kept. */
function placesOf(count: number, resamples: number): Uint32Array {
  if (drawn?.count !== count || drawn.places.length !== count * resamples) {
    const uniform = stream(1, 'bca', count);
    const places = new Uint32Array(count * resamples);
    for (let draw = 0; draw < places.length; draw++) places[draw] = Math.floor(uniform() * count);
    drawn = { count, places };
  }
  return drawn.places;
}

/** Of rising values, interpolated as numpy.percentile does. */
function percentile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
