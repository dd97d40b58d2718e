import type { MeasuredRun } from '../measured-run.ts';
import type { Drawing } from './drawing.ts';
import { filterWalls } from './filter-walls.ts';
import { runCharts } from './run-charts.ts';

/** The figures of a run, by the names they have in its .zip. */
export const FIGURES = ['filter-walls', 'charts'] as const;
export type Figure = (typeof FIGURES)[number];

/** A figure of the run at its current step, walls also at `step`; `name` is written under the title. */
export function drawFigure(figure: Figure, run: MeasuredRun, name: string, step?: number): Drawing {
  return figure === 'filter-walls' ? filterWalls(run, name, step) : runCharts(run, name);
}
