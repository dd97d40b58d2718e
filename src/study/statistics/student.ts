import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { mean } from '../../config/average.ts';
import type { Interval } from '../../verification/bootstrap.ts';

/** Student's t of so many degrees of freedom is the normal distribution to twelve digits. */
const NORMAL = 1e12;

/** Of a sample: n - 1 in the denominator. NaN of fewer than two. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  // Rounding of the mean would leave a spread to values that have none.
  if (values.every((value) => value === values[0])) return values.length < 2 ? Number.NaN : 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** 95 % t-interval of the mean; undefined of fewer than two values. */
export function meanInterval(values: readonly number[]): Interval | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const reach = (tQuantile(0.975, values.length - 1) * deviation(values)) / Math.sqrt(values.length);
  return [centre - reach, centre + reach];
}

export function normalCdf(z: number): number {
  return tCdf(z, NORMAL);
}

export function normalQuantile(share: number): number {
  return tQuantile(share, NORMAL);
}
