import { join } from 'node:path';
import { svgText } from '../../record/figures/svg-text.ts';
import { analyse } from '../../study/analysis.ts';
import { noveltyRows } from '../../study/novelty-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { studyReport } from '../../study/report.ts';
import type { ResultRow } from '../../study/results.ts';
import { studyFigures } from '../../study/study-figures.ts';
import { type StudySummary, studySummary, summaryText } from '../../study/summary.ts';
import { twoWayOf } from '../../study/two-way.ts';
import { writeWhole } from '../files.ts';
import { pngOf } from '../run-pictures.ts';
import { readLayer, readScores } from './cell-files.ts';

/** Writes summary.json, report.md and the figures of a study from its rows and the files of its runs. */
export async function writeReport(out: string, plan: StudyPlan, rows: readonly ResultRow[]): Promise<StudySummary> {
  const analysis = analyse(plan, rows);
  const summary = studySummary(plan, analysis, rows, {
    twoWay: (comparison) => twoWayOf(plan, comparison, (cell, benchmark) => readScores(out, cell, benchmark)),
    novelty: noveltyRows(plan, (cell) => readLayer(out, cell)),
  });
  writeWhole(join(out, 'summary.json'), summaryText(summary));
  writeWhole(join(out, 'report.md'), studyReport(summary));
  for (const [name, drawing] of studyFigures(plan, analysis, rows)) {
    const path = join(out, 'figures', name);
    writeWhole(`${path}.svg`, svgText(drawing));
    writeWhole(`${path}.png`, await pngOf(drawing));
  }
  return summary;
}
