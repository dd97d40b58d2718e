import { median } from '../src/config/average.ts';
import type { ThreadsPart } from './results.ts';

/** A ratio of times and the middle half of its blocks. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The ratios of neighbouring blocks, several threads over one. */
export function measuredRatio({ oneMs, severalMs }: Pick<ThreadsPart, 'oneMs' | 'severalMs'>): Ratio {
  const ratios = severalMs.map((ms, pair) => ms / (oneMs[pair] ?? Number.NaN)).sort((a, b) => a - b);
  const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))] ?? Number.NaN;
  return { median: median(ratios), low: at(0.25), high: at(0.75) };
}

/** The share of a step that one thread does alone where `threads` take `ratio` of the time of one: Amdahl 1967. */
export function serialShare(ratio: number, threads: number): number {
  return Math.min(1, Math.max(0, (ratio - 1 / threads) / (1 - 1 / threads)));
}

/** The time on so many threads, as a share of that of one. */
export function amdahl(serial: number, threads: number): number {
  return serial + (1 - serial) / threads;
}

/**
 * The expected time of a step on so many cores, as a share of that on one thread, by Amdahl's law through `one` (one arm on
 * several threads). With both arms each has half of the cores, at the price that `both` measured for arms side by side.
 */
export function modelledRatio(cores: number, one: ThreadsPart, both?: ThreadsPart): Ratio {
  const [single, pair] = [measuredRatio(one), both === undefined ? undefined : measuredRatio(both)];
  const of = (key: keyof Ratio) => {
    const serial = serialShare(single[key], one.threads);
    return pair === undefined ? amdahl(serial, cores) : pair[key] * amdahl(serial, Math.max(1, Math.floor(cores / 2)));
  };
  return { median: of('median'), low: of('low'), high: of('high') };
}
