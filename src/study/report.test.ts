import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { svgText } from '../record/figures/svg-text.ts';
import { analyse } from './analysis.ts';
import { cellsOf } from './cells.ts';
import { curvePlot, dotPlot } from './figures.ts';
import { conditionFromText, type StudyPlan } from './plan.ts';
import { studyReport } from './report.ts';
import type { ResultRow } from './results.ts';
import { curveOf } from './statistics/curves.ts';

const PLAN: StudyPlan = {
  name: 'templates',
  version: '0.1.0',
  config: DEFAULT_CONFIG,
  conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
  axes: [],
  seeds: [1, 2, 3, 4, 5, 6],
  seedSettings: ['seed'],
  evaluations: [{ name: 'IJB|C & 100 %_x', data: 'ijbc' }],
  primary: 'heldout',
};

const ROWS: readonly ResultRow[] = cellsOf(PLAN).flatMap(({ seed, condition, axes }) => {
  const gain = condition.name === 'standard' ? 0 : 0.01 + 0.001 * seed;
  const row = { study: 'templates', condition: condition.name, axes, seed, step: 10, pairs: 20, seconds: 1 };
  const rest = { engine: 'wasm', adapter: 'SIMD', state: 'done', reason: '' } as const;
  return [
    { ...row, ...rest, measure: 'run', benchmark: '', value: 10 },
    { ...row, ...rest, measure: 'accuracy', benchmark: 'heldout', value: 0.6 + gain },
    { ...row, ...rest, measure: 'tar', benchmark: 'IJB|C & 100 %_x', value: 0.2 + gain },
  ];
});

const report = studyReport(PLAN, analyse(PLAN, ROWS), ROWS, { twoWay: () => undefined, novelty: [] });

test('a report has the verdict, every comparison and the plan', () => {
  expect(report).toContain('accuracy on held-out pairs is 1.4 points higher.');
  expect(report).toMatch(/accuracy, held-out pairs \(primary\) \| blend \| 6 \| \+1\.35 \[\+1\.15, \+1\.55\]/);
  // True-accept rates of templates are compared as accuracies are.
  expect(report).toMatch(/true-accept rate, IJB\\\|C & 100 %_x \| blend \| 6 \| \+1\.35/);
  expect(report).toContain('Seeds 1-6, 6 of 6 complete');
});

test('a seed that PyTorch and the playground share is named as left out', () => {
  const rows = ROWS.map((row) => (row.seed === 2 && row.condition === 'blend' ? { ...row, engine: 'torch' } : row));
  const text = studyReport(PLAN, analyse(PLAN, rows), rows, { twoWay: () => undefined, novelty: [] });
  expect(text).toContain('- Left out: seeds 2, since PyTorch and the playground trained a part each');
});

test('names from outside end no cell, neither in Markdown nor in LaTeX', () => {
  expect(report).toContain('IJB\\|C &');
  expect(report).toContain('IJB|C \\& 100 \\%\\_x');
});

test('figures show every seed, and escape names', () => {
  const row = {
    label: '<b>',
    standard: false,
    seeds: [1, 2, 3],
    mean: 2,
    interval: [0.5, 3.5],
    claimed: true,
  } as const;
  const drawing = dotPlot('Difference', [row], true);
  // Three dots and the mean.
  expect(drawing.shapes.filter((shape) => shape.kind === 'path' && shape.d.includes('a'))).toHaveLength(4);
  expect(svgText(drawing)).not.toContain('<b>');
  const curve = curveOf(ROWS, { measure: 'accuracy', benchmark: 'heldout' });
  const curves = curvePlot('Accuracy', [{ label: 'blend', standard: false, curve }]);
  expect(svgText(curves)).toContain('n = 12');
  expect(svgText(curves)).not.toContain('NaN');
});
