import { analyse, type Comparison, type StudyAnalysis } from '../../study/analysis.ts';
import { latexTable } from '../../study/latex.ts';
import { noveltyRows } from '../../study/novelty-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { studyReport } from '../../study/report.ts';
import type { ResultRow } from '../../study/results.ts';
import type { FinalLayer } from '../../study/statistics/seed-novelty.ts';
import { studyFigures } from '../../study/study-figures.ts';
import { studySummary, summaryText } from '../../study/summary.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import { figureFile } from '../kit/figure-files.ts';
import { overPeople } from './over-people.ts';

/** Files of finished cells by their ids: final first layers, and scores.npz. */
interface CellFiles {
  readonly layers: ReadonlyMap<string, FinalLayer>;
  readonly scores: ReadonlyMap<string, Uint8Array>;
}

/** summary.json, report.md and the figures as SVG and PNG, by their paths, as the command line writes them. */
export async function reportFiles(
  plan: StudyPlan,
  rows: readonly ResultRow[],
  cells: CellFiles,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const analysis = analyse(plan, rows);
  const novelty = noveltyRows(plan, ({ id }) => cells.layers.get(id));
  const intervals = await twoWayIntervals(plan, analysis, cells.scores);
  const summary = studySummary(plan, analysis, rows, { twoWay: (one) => intervals.get(one), novelty });
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
  const summary = studySummary(plan, analysis, rows, {
    twoWay: () => undefined,
    novelty: noveltyRows(plan, () => undefined),
  });
  return `${latexTable(summary)}\n`;
}

/** Of each comparison. */
async function twoWayIntervals(
  plan: StudyPlan,
  { comparisons }: StudyAnalysis,
  scores: CellFiles['scores'],
): Promise<ReadonlyMap<Comparison, Interval | undefined>> {
  const intervals = new Map<Comparison, Interval | undefined>();
  for (const comparison of comparisons) {
    intervals.set(comparison, await overPeople(plan, comparison, scores));
  }
  return intervals;
}
