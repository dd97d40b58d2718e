import { join } from 'node:path';
import { stream } from '../../config/random.ts';
import { svgText } from '../../record/figures/svg-text.ts';
import { analyse, type Comparison, isTest, type StudyAnalysis } from '../../study/analysis.ts';
import { axesPoints, axesText } from '../../study/axes.ts';
import { cellsOf, conditionsOf } from '../../study/cells.ts';
import { curvePlot, dotPlot } from '../../study/figures.ts';
import { HELD_OUT, type StudyPlan } from '../../study/plan.ts';
import { conditionLabel, type NoveltyRow, outcomeLabel, studyReport } from '../../study/report.ts';
import type { ResultRow } from '../../study/results.ts';
import { curveOf } from '../../study/statistics/curves.ts';
import { detectable, seedsNeeded } from '../../study/statistics/power.ts';
import { type FinalLayer, noveltyBySeed } from '../../study/statistics/seed-novelty.ts';
import { verdictOn } from '../../study/verdict.ts';
import { type Interval, twoWayInterval } from '../../verification/bootstrap.ts';
import { rightPairs } from '../../verification/significance.ts';
import { writeWhole } from '../files.ts';
import { pngOf } from '../run-pictures.ts';
import { readLayer, readScores } from './cell-files.ts';

/** Writes summary.json, report.md and the figures of a study from its rows and the files of its runs. */
export async function writeReport(out: string, plan: StudyPlan, rows: readonly ResultRow[]): Promise<StudyAnalysis> {
  const analysis = analyse(plan, rows);
  const intervals = new Map<Comparison, Interval>();
  for (const comparison of analysis.comparisons) {
    const interval = isTest(comparison.outcome) ? twoWayOf(out, plan, comparison) : undefined;
    if (interval !== undefined) intervals.set(comparison, interval);
  }
  const novelty = noveltyOf(out, plan);
  const report = studyReport(plan, analysis, rows, { twoWay: (comparison) => intervals.get(comparison), novelty });
  writeWhole(join(out, 'report.md'), report);
  const summary = {
    study: plan.name,
    interim: analysis.complete < analysis.planned,
    complete: analysis.complete,
    planned: analysis.planned,
    failed: analysis.failed,
    verdicts: axesPoints(plan.axes).flatMap((point) =>
      plan.conditions.map(({ name: condition }) => {
        const axes = axesText(point);
        return { axes, condition, ...verdictOn(analysis, { axes, condition, benchmark: plan.primary }) };
      }),
    ),
    values: analysis.values,
    comparisons: analysis.comparisons.map((comparison) => {
      const { statistics } = comparison;
      if (statistics === undefined) return comparison;
      const { deviation, seeds } = statistics;
      return {
        ...comparison,
        twoWay: intervals.get(comparison),
        detectable: detectable(deviation, seeds),
        seedsForHalfAPoint: seedsNeeded(deviation, 0.005),
        seedsForOnePoint: seedsNeeded(deviation, 0.01),
      };
    }),
    nullChecks: analysis.nullChecks,
    novelty,
  };
  writeWhole(join(out, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  await writeFigures(out, plan, analysis, rows);
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

/** Of every condition that re-activates, against Standard of the other seeds. */
function noveltyOf(out: string, plan: StudyPlan): readonly NoveltyRow[] {
  return axesPoints(plan.axes).flatMap((point): NoveltyRow[] => {
    const axes = axesText(point);
    const layersOf = (condition: string) =>
      new Map(
        cellsOf(plan).flatMap((cell): [number, FinalLayer][] => {
          const layer = cell.axes === axes && cell.condition.name === condition ? readLayer(out, cell) : undefined;
          return layer === undefined ? [] : [[cell.seed, layer]];
        }),
      );
    const standard = layersOf('standard');
    const control = noveltyBySeed(standard, standard);
    return plan.conditions.flatMap(({ name: condition }) => {
      const layers = layersOf(condition);
      return (['active', 'reactivated'] as const).map((filters) => ({
        axes,
        condition,
        filters,
        pairs: [...noveltyBySeed(layers, standard, filters)].flatMap(([seed, value]) => {
          const same = control.get(seed);
          return same === undefined ? [] : [{ seed, value, control: same }];
        }),
      }));
    });
  });
}

/** figures/: a dot plot of each comparison's outcome and of the inactive share, and curves over training. */
async function writeFigures(
  out: string,
  plan: StudyPlan,
  analysis: StudyAnalysis,
  rows: readonly ResultRow[],
): Promise<void> {
  const points = axesPoints(plan.axes).map(axesText);
  const labelOf = (condition: string, axes: string) => `${conditionLabel(condition)}${axes === '' ? '' : `, ${axes}`}`;
  const write = async (name: string, drawing: Parameters<typeof svgText>[0]) => {
    const path = join(out, 'figures', name.replace(/[^\w.-]+/g, '-'));
    writeWhole(`${path}.svg`, svgText(drawing));
    writeWhole(`${path}.png`, await pngOf(drawing));
  };
  const inactive = analysis.values.filter(({ outcome }) => outcome.measure === 'inactive_share');
  if (inactive.length > 0) {
    const dots = inactive.map(({ axes, condition, seeds, mean, interval }) => ({
      label: labelOf(condition, axes),
      standard: condition === 'standard',
      seeds: seeds.map(({ value }) => 100 * value),
      mean: 100 * mean,
      interval: interval && hundredfold(interval),
      claimed: true,
    }));
    await write(
      'inactive-share',
      dotPlot('Inactive share at the end, per cent: mean, 95 % interval, seeds', dots, false),
    );
  }
  const outcomes = new Set(
    analysis.comparisons.filter(({ outcome }) => isTest(outcome)).map(({ outcome }) => outcome.benchmark),
  );
  for (const benchmark of outcomes) {
    const compared = analysis.comparisons.filter(({ outcome }) => isTest(outcome) && outcome.benchmark === benchmark);
    const [first] = compared;
    const dots = compared.flatMap(({ axes, condition, statistics, pairs, claimed }) =>
      statistics === undefined
        ? []
        : [
            {
              label: labelOf(condition, axes),
              standard: false,
              seeds: pairs.map((pair) => 100 * (pair.condition - pair.standard)),
              mean: 100 * statistics.mean,
              interval: hundredfold(statistics.interval),
              claimed,
            },
          ],
    );
    if (first === undefined || dots.length === 0) continue;
    await write(
      `difference-${benchmark}`,
      dotPlot(`Difference to Standard in points: ${outcomeLabel(first.outcome)}`, dots, true),
    );
  }
  for (const [at, axes] of points.entries()) {
    for (const [name, outcome] of [
      ['inactive-share', { measure: 'inactive_share', benchmark: '' }],
      ['accuracy', { measure: 'accuracy', benchmark: HELD_OUT }],
    ] as const) {
      const curves = conditionsOf(plan).map((condition) => ({
        label: conditionLabel(condition.name),
        standard: condition.name === 'standard',
        curve: curveOf(
          rows.filter((row) => row.axes === axes && row.condition === condition.name),
          outcome,
        ),
      }));
      if (curves.every(({ curve }) => curve.means.length === 0)) continue;
      const title = `${outcomeLabel(outcome)} over training, per cent${axes === '' ? '' : `; ${axes}`}`;
      await write(
        `curve-${name}${points.length > 1 ? `-${at + 1}` : ''}`,
        curvePlot(
          title,
          curves.filter(({ curve }) => curve.means.length > 0),
        ),
      );
    }
  }
}

function hundredfold([low, high]: Interval): Interval {
  return [100 * low, 100 * high];
}
