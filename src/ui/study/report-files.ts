import { analyse, type StudyAnalysis } from '../../study/analysis.ts';
import { latexTable } from '../../study/latex.ts';
import { noveltyRows } from '../../study/novelty-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { studyReport } from '../../study/report.ts';
import type { ResultRow } from '../../study/results.ts';
import type { FinalLayer } from '../../study/statistics/seed-novelty.ts';
import { studyFigures } from '../../study/study-figures.ts';
import { type StudySummary, studySummary, summaryText } from '../../study/summary.ts';
import { figureFile } from '../kit/figure-files.ts';

/**
 * summary.json, report.md and the figures as SVG and PNG, by their paths, as the command line writes them; `layers` by the
 * ids of their cells.
 */
export async function reportFiles(
  plan: StudyPlan,
  rows: readonly ResultRow[],
  layers: ReadonlyMap<string, FinalLayer>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const analysis = analyse(plan, rows);
  const summary = summaryOf(plan, analysis, rows, layers);
  const text = new TextEncoder();
  const files = new Map<string, Uint8Array>([
    ['summary.json', text.encode(summaryText(summary))],
    ['report.md', text.encode(studyReport(summary))],
  ]);
  for (const [name, drawing] of studyFigures(plan, analysis, rows)) {
    for (const kind of ['svg', 'png'] as const) {
      const file = await figureFile(drawing, kind);
      files.set(`figures/${name}.${kind}`, new Uint8Array(await file.arrayBuffer()));
    }
  }
  return files;
}

/** The results as a LaTeX (booktabs) table. */
export function resultsLatex(plan: StudyPlan, analysis: StudyAnalysis, rows: readonly ResultRow[]): string {
  return `${latexTable(summaryOf(plan, analysis, rows, new Map()))}\n`;
}

/** Intervals over seeds and people together need the scores, which the page does not keep. */
function summaryOf(
  plan: StudyPlan,
  analysis: StudyAnalysis,
  rows: readonly ResultRow[],
  layers: ReadonlyMap<string, FinalLayer>,
): StudySummary {
  const novelty = noveltyRows(plan, ({ id }) => layers.get(id));
  return studySummary(plan, analysis, rows, { twoWay: () => undefined, novelty });
}
