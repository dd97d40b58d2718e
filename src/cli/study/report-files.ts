import { join } from 'node:path';
import { stream } from '../../config/random.ts';
import { svgText } from '../../record/figures/svg-text.ts';
import { analyse, type Comparison, isTest, type StudyAnalysis } from '../../study/analysis.ts';
import { cellsOf } from '../../study/cells.ts';
import { noveltyRows } from '../../study/novelty-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { studyReport } from '../../study/report.ts';
import type { ResultRow } from '../../study/results.ts';
import { studyFigures } from '../../study/study-figures.ts';
import { studySummary, summaryText } from '../../study/summary.ts';
import { type Interval, twoWayInterval } from '../../verification/bootstrap.ts';
import { rightPairs } from '../../verification/significance.ts';
import { writeWhole } from '../files.ts';
import { pngOf } from '../run-pictures.ts';
import { readLayer, readScores } from './cell-files.ts';

/** Writes summary.json, report.md and the figures of a study from its rows and the files of its runs. */
export async function writeReport(out: string, plan: StudyPlan, rows: readonly ResultRow[]): Promise<StudyAnalysis> {
  const analysis = analyse(plan, rows);
  const summary = studySummary(plan, analysis, rows, {
    twoWay: (comparison) => (isTest(comparison.outcome) ? twoWayOf(out, plan, comparison) : undefined),
    novelty: noveltyRows(plan, (cell) => readLayer(out, cell)),
  });
  writeWhole(join(out, 'summary.json'), summaryText(summary));
  writeWhole(join(out, 'report.md'), studyReport(summary));
  for (const [name, drawing] of studyFigures(plan, analysis, rows)) {
    const path = join(out, 'figures', name);
    writeWhole(`${path}.svg`, svgText(drawing));
    writeWhole(`${path}.png`, await pngOf(drawing));
  }
  return analysis;
}

/** Over seeds and people together, from the scores of both networks of each seed; all seeds have to share the pairs. */
function twoWayOf(out: string, plan: StudyPlan, { axes, condition, outcome, pairs }: Comparison): Interval | undefined {
  if (outcome.measure !== 'accuracy' || pairs.length < 2 || plan.seedSettings.length > 1) return undefined;
  const cells = cellsOf(plan).filter((cell) => cell.axes === axes && cell.condition.name === condition);
  const gains: Int8Array[] = [];
  let people: Parameters<typeof twoWayInterval>[1];
  for (const { seed } of pairs) {
    const cell = cells.find((one) => one.seed === seed);
    const own = cell && readScores(out, cell, outcome.benchmark);
    const standard = cell && readScores(out, { id: cell.standardId }, outcome.benchmark);
    // Runs of another machine come without their scores; other pairs cannot be resampled together.
    if (own === undefined || standard === undefined || own.same.length !== (gains[0] ?? own.same).length)
      return undefined;
    const right = rightPairs(own.distances, own.same);
    const before = rightPairs(standard.distances, standard.same);
    gains.push(Int8Array.from(right, (answer, pair) => answer - (before[pair] ?? 0)));
    people = own.identities;
  }
  return twoWayInterval(gains, people, stream(1, 'two-way')).interval;
}
