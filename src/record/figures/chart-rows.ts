import { ARMS, type ArmName } from '../arm.ts';
import { decimate } from '../decimation.ts';
import type { MeasuredRun } from '../measured-run.ts';
import type { Series } from '../series.ts';

/** A step with the value of each arm that has one there. */
export type ChartRow = { readonly step: number } & { readonly [Line in ArmName | ThinLine]?: number };

/** The second, thinner line of an arm in the chart of inactive filters: the share of unused ones. */
export type ThinLine = `${ArmName}Unused`;

/** The readings of an arm in a chart. */
export type SeriesName = 'inactiveShare' | 'verification' | 'loss';

const MOST_POINTS = 300;

/**
 * The last step at or before `cursor` at which all of these arms have a value of the series, so that a readout never
 * puts two steps beside each other; undefined while an arm has none.
 */
export function commonStep(
  run: MeasuredRun | undefined,
  name: SeriesName,
  arms: readonly ArmName[],
  cursor?: number,
): number | undefined {
  const last = arms.map((arm) => run?.arms[arm]?.[name].at(cursor)?.step);
  return last.every((step) => step !== undefined) && last.length > 0 ? Math.min(...last) : undefined;
}

/** Both arms' lines, at most 300 points each, as rows by rising step. Values that are no numbers are left out. */
export function chartRows(run: MeasuredRun | undefined, name: SeriesName): readonly ChartRow[] {
  const rows = new Map<number, { step: number } & { [Line in ArmName | ThinLine]?: number }>();
  const add = (line: ArmName | ThinLine, series: Series | undefined) => {
    if (series === undefined) return;
    const { steps, rows: values } = series;
    for (const index of decimate(steps, values, MOST_POINTS)) {
      const step = steps[index] ?? 0;
      const value = values[index];
      if (value === undefined || !Number.isFinite(value)) continue;
      const row = rows.get(step) ?? { step };
      row[line] = value;
      rows.set(step, row);
    }
  };
  for (const arm of ARMS) {
    add(arm, run?.arms[arm]?.[name]);
    if (name === 'inactiveShare') add(`${arm}Unused`, run?.arms[arm]?.unusedShare);
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

/** Lowest and highest value of the rows, or undefined without any. */
export function rangeOf(rows: readonly ChartRow[]): readonly [number, number] | undefined {
  const values = rows.flatMap(({ step: _, ...lines }) => Object.values(lines));
  return values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)];
}
