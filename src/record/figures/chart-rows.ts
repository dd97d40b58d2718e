import { ARMS, type ArmName } from '../arm.ts';
import { decimate } from '../decimation.ts';
import type { MeasuredRun } from '../measured-run.ts';
import type { Series } from '../series.ts';

/** A step with the value of each arm that has one there. */
export type ChartRow = { readonly step: number } & { readonly [Arm in ArmName]?: number };

/** What a chart shows of an arm. */
export type SeriesName = 'inactiveShare' | 'verification' | 'loss';

const MOST_POINTS = 300;

/** Both arms' lines, at most 300 points each, as rows by rising step. Values that are no numbers are left out. */
export function chartRows(run: MeasuredRun | undefined, name: SeriesName): readonly ChartRow[] {
  const rows = new Map<number, { step: number; standard?: number; craft?: number }>();
  for (const arm of ARMS) {
    const series: Series | undefined = run?.arms[arm]?.[name];
    if (series === undefined) continue;
    const { steps, rows: values } = series;
    for (const index of decimate(steps, values, MOST_POINTS)) {
      const step = steps[index] ?? 0;
      const value = values[index];
      if (value === undefined || !Number.isFinite(value)) continue;
      const row = rows.get(step) ?? { step };
      row[arm] = value;
      rows.set(step, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

/** Lowest and highest value of the rows, or undefined without any. */
export function rangeOf(rows: readonly ChartRow[]): readonly [number, number] | undefined {
  const values = rows.flatMap(({ standard, craft }) => [standard, craft].filter((value) => value !== undefined));
  return values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)];
}
