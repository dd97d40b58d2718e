import type { SeenFace } from '../../craft/response.ts';
import type { MeasuredRun } from '../measured-run.ts';
import type { Drawing } from './drawing.ts';
import { filterParts, filterWalls, responseWalls } from './filter-walls.ts';
import { runCharts } from './run-charts.ts';

/** The figures of a run that need nothing but the run, by the names they have in its .zip. */
const PLAIN_FIGURES = ['filter-walls', 'charts'] as const;

export type Figure = (typeof PLAIN_FIGURES)[number] | 'filter-parts' | 'response-walls';

/** The data of a figure besides the run. */
interface FigureOptions {
  /** Of walls; the newest without one. */
  readonly step?: number | undefined;
  /** Of the responses, which are left empty without one. */
  readonly face?: SeenFace | undefined;
}

/** The figures of a run's .zip; the responses are among them where there is a face to respond to. */
export function zippedFigures(run: MeasuredRun, face: SeenFace | undefined): readonly Figure[] {
  const answers = face !== undefined && Object.values(run.arms).some((arm) => arm.layerAt()?.channels !== undefined);
  return answers ? [...PLAIN_FIGURES, 'response-walls'] : PLAIN_FIGURES;
}

/**
 * A figure of the run at its current step, walls also at another; `name` is written under the title.
 * @throws Error where responses are asked for without a face
 */
export function drawFigure(
  figure: Figure,
  run: MeasuredRun,
  name: string,
  { step, face }: FigureOptions = {},
): Drawing {
  switch (figure) {
    case 'filter-walls':
      return filterWalls(run, name, step);
    case 'filter-parts':
      return filterParts(run, name, step);
    case 'response-walls':
      if (face === undefined) throw new Error('There is no face that the filters could respond to.');
      return responseWalls(run, name, face, step);
    case 'charts':
      return runCharts(run, name);
  }
}
