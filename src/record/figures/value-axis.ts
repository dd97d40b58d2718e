import { formatNumber, formatPercent } from '../../config/quantity.ts';
import type { SeriesName } from './chart-rows.ts';

/** The vertical axis of a chart. */
export interface ValueAxis {
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

const LOSS_STEPS = [1, 2, 5, 10, 20, 40, 60, 80, 100];

/** An axis of round values that holds `range`; before there are values, the one of the design. */
export function valueAxis(name: SeriesName, range: readonly [number, number] | undefined): ValueAxis {
  const [low, high] = range ?? [Number.POSITIVE_INFINITY, 0];
  switch (name) {
    case 'inactiveShare':
      return {
        ticks: high > 0.75 ? [0, 0.5, 1] : high > 0.5 ? [0, 0.25, 0.5, 0.75] : [0, 0.25, 0.5],
        format: (value) => formatPercent(value),
      };
    case 'verification': {
      const bottom = low < 0.5 ? 0.4 : 0.5;
      const top = high > 0.9 ? 1 : 0.9;
      return { ticks: [bottom, (bottom + top) / 2, top], format: (value) => formatPercent(value) };
    }
    case 'loss': {
      const top = LOSS_STEPS.find((step) => high <= step) ?? Math.ceil(high / 50) * 50;
      const shown = range === undefined ? 20 : top;
      return { ticks: [0, shown / 2, shown], format: formatNumber };
    }
  }
}

/** The next round value above a positive one: an axis can write its half, too, in a digit, as 0.4 and 0.2 above 0.24. */
export function roundTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8].find((one) => one * power >= value) ?? 10;
  return Number((factor * power).toPrecision(1));
}

/** A value as the chart's header says it. */
export function readoutText(name: SeriesName, value: number): string {
  switch (name) {
    case 'inactiveShare':
      return formatPercent(value);
    case 'verification':
      return formatPercent(value, 1);
    case 'loss':
      return value.toFixed(2);
  }
}
