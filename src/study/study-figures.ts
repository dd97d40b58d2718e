import type { Drawing } from '../record/figures/drawing.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { countedRows, isTest, type StudyAnalysis } from './analysis.ts';
import { axesPoints, axesText } from './axes.ts';
import { conditionsOf } from './cells.ts';
import { curvePlot, dotPlot } from './figures.ts';
import { conditionLabel, outcomeLabel } from './labels.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import type { ResultRow } from './results.ts';
import { curveOf } from './statistics/curves.ts';

/**
 * The figures of a study by the names of their files: dot plots of the inactive share and of each test's difference to
 * Standard, and curves over training at each point of the axes.
 */
export function studyFigures(
  plan: StudyPlan,
  analysis: StudyAnalysis,
  rows: readonly ResultRow[],
): ReadonlyMap<string, Drawing> {
  const figures = new Map<string, Drawing>();
  const add = (name: string, drawing: Drawing) => figures.set(name.replace(/[^\w.-]+/g, '-'), drawing);
  const inactive = analysis.values.filter(({ outcome }) => outcome.measure === 'inactive_share');
  if (inactive.length > 0) {
    const dots = inactive.map(({ axes, condition, seeds, mean, interval }) => ({
      label: rowLabel(condition, axes),
      standard: condition === 'standard',
      seeds: seeds.map(({ value }) => 100 * value),
      mean: 100 * mean,
      interval: interval && hundredfold(interval),
      claimed: true,
    }));
    add('inactive-share', dotPlot('Inactive share at the end, per cent: mean, 95 % interval, seeds', dots, false));
  }
  const tests = analysis.comparisons.filter(({ outcome, statistics }) => isTest(outcome) && statistics !== undefined);
  for (const benchmark of new Set(tests.map(({ outcome }) => outcome.benchmark))) {
    const compared = tests.filter(({ outcome }) => outcome.benchmark === benchmark);
    const [first] = compared;
    if (first === undefined) continue;
    const dots = compared.flatMap(({ axes, condition, statistics, pairs, claimed }) =>
      statistics === undefined
        ? []
        : [
            {
              label: rowLabel(condition, axes),
              standard: false,
              seeds: pairs.map((pair) => 100 * (pair.condition - pair.standard)),
              mean: 100 * statistics.mean,
              // Equal differences have no spread, and so no interval.
              interval: statistics.deviation === 0 ? undefined : hundredfold(statistics.interval),
              claimed,
            },
          ],
    );
    add(
      `difference-${benchmark}`,
      dotPlot(`Difference to Standard in points: ${outcomeLabel(first.outcome)}`, dots, true),
    );
  }
  const points = axesPoints(plan.axes).map(axesText);
  const counted = countedRows(plan, rows);
  for (const [at, axes] of points.entries()) {
    for (const [name, outcome] of [
      ['inactive-share', { measure: 'inactive_share', benchmark: '' }],
      ['accuracy', { measure: 'accuracy', benchmark: HELD_OUT }],
    ] as const) {
      const curves = conditionsOf(plan).flatMap((condition) => {
        const own = counted.filter((row) => row.axes === axes && row.condition === condition.name);
        const curve = curveOf(own, outcome);
        const standard = condition.name === 'standard';
        return curve.means.length === 0 ? [] : [{ label: conditionLabel(condition.name), standard, curve }];
      });
      if (curves.length === 0) continue;
      const title = `${outcomeLabel(outcome)} over training, per cent${axes === '' ? '' : `; ${axes}`}`;
      add(`curve-${name}${points.length > 1 ? `-${at + 1}` : ''}`, curvePlot(title, curves));
    }
  }
  return figures;
}

function rowLabel(condition: string, axes: string): string {
  return `${conditionLabel(condition)}${axes === '' ? '' : `, ${axes}`}`;
}

function hundredfold([low, high]: Interval): Interval {
  return [100 * low, 100 * high];
}
