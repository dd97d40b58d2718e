/** Counts between two powers of ten, four bars each. */
export interface LogHistogram {
  /** Values that are exactly zero have no logarithm. */
  readonly zeros: number;
  /** From 10^from to 10^to. */
  readonly from: number;
  readonly to: number;
  /** Of equal width on the logarithmic axis, ascending. */
  readonly bins: readonly number[];
}

const BINS_PER_DECADE = 4;
/** Anything smaller falls into the first bar. */
const LEAST = -12;

/** A histogram over whole decades that also holds `threshold`; values that are no finite number are left out. */
export function logHistogram(values: Float32Array, threshold: number): LogHistogram {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const all = threshold > 0 ? [...positive, Math.log10(threshold)] : positive;
  const from = Math.max(LEAST, Math.floor(all.reduce((least, value) => Math.min(least, value), 0)));
  const to = Math.max(from + 1, Math.ceil(all.reduce((most, value) => Math.max(most, value), from + 1)));
  const bins = Array.from({ length: (to - from) * BINS_PER_DECADE }, () => 0);
  for (const value of positive) {
    const bin = Math.max(0, Math.min(bins.length - 1, Math.floor((value - from) * BINS_PER_DECADE)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { zeros: values.filter((value) => value === 0).length, from, to, bins };
}
