import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { svgText } from '../record/figures/svg-text.ts';
import { analyse } from './analysis.ts';
import { axisFromText } from './axes.ts';
import { cellsOf } from './cells.ts';
import { curvePlot, dotPlot } from './figures.ts';
import { conditionFromText, type StudyPlan } from './plan.ts';
import { planOfRows } from './plan-of-rows.ts';
import { studyReport, studySection } from './report.ts';
import type { ResultRow } from './results.ts';
import { curveOf } from './statistics/curves.ts';
import { studyFigures } from './study-figures.ts';
import { readSummary, studySummary, summaryText } from './summary.ts';

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

const NOVELTY = {
  axes: '',
  condition: 'blend',
  filters: 'active',
  pairs: [1, 2, 3].map((seed) => ({ seed, value: 0.3 + 0.01 * seed, control: 0.2 })),
} as const;
const summaryOf = (rows: readonly ResultRow[]) =>
  studySummary(PLAN, analyse(PLAN, rows), rows, { twoWay: () => [0.002, 0.02], novelty: [NOVELTY] });
const report = studyReport(summaryOf(ROWS));

test('a report has the verdict, every comparison and the plan', () => {
  expect(report).toContain('accuracy on held-out pairs is 1.4 points higher.');
  expect(report).toMatch(/accuracy, held-out pairs \(primary\) \| blend \| 6 \| \+1\.35 \[\+1\.15, \+1\.55\]/);
  // True-accept rates of templates are compared as accuracies are.
  expect(report).toMatch(/true-accept rate, IJB\\\|C & 100 %_x \| blend \| 6 \| \+1\.35/);
  expect(report).toContain('Seeds 1-6, 6 of 6 complete');
  expect(report).toContain(
    'Primary outcome: the test on held-out pairs (20), of blend; beside it: IJB|C & 100 %_x (20)',
  );
  expect(report).toMatch(/A\/A check: Standard against Standard, by the same rule, from 12 seeds on/);
  expect(report).toContain('| all active | 3 | 0.320 | 0.200 | 0.120 [0.095, 0.145] |');
});

test('a seed that PyTorch and the playground share is named as left out', () => {
  const rows = ROWS.map((row) => (row.seed === 2 && row.condition === 'blend' ? { ...row, engine: 'torch' } : row));
  const text = studyReport(summaryOf(rows));
  expect(text).toContain('- Left out: seeds 2, since PyTorch and the playground trained a part each');
});

test('names from outside end no cell, neither in Markdown nor in LaTeX', () => {
  expect(report).toContain('IJB\\|C &');
  expect(report).toContain('IJB|C \\& 100 \\%\\_x');
});

test('a summary comes back from its file as it was written, and gives the same report', () => {
  const summary = summaryOf(ROWS);
  const read = readSummary(JSON.parse(summaryText(summary)));
  expect(read).toEqual(summary);
  expect(studySection(read)).toContain('#### Values');
  expect(summary.comparisons[0]).toMatchObject({ seeds: 6, mean: 0.0135, primary: true, twoWay: [0.002, 0.02] });
  expect(summary.comparisons[0]?.holm).toBeUndefined();
  expect(() => readSummary({ study: 'x' })).toThrow('This is no summary.json of a study');
});

test('the figures of a study have names of files', () => {
  expect([...studyFigures(PLAN, analyse(PLAN, ROWS), ROWS).keys()]).toEqual([
    'difference-heldout',
    'difference-IJB-C-100-_x',
    'curve-accuracy',
  ]);
});

test('equal differences have no interval, in the report and in the figures', () => {
  const rows = ROWS.map((row) =>
    row.measure === 'accuracy' ? { ...row, value: row.condition === 'blend' ? 0.61 : 0.6 } : row,
  );
  const equal = studyReport(summaryOf(rows));
  expect(equal).toMatch(/accuracy, held-out pairs \(primary\) \| blend \| 6 \| \+1\.00 in every seed \| – \|/);
  expect(equal).toContain('$61.0$, $n{=}6$ ($+1.00$)');
  const drawn = (all: readonly ResultRow[]) =>
    svgText(studyFigures(PLAN, analyse(PLAN, all), all).get('difference-heldout') ?? expect.fail('no figure'));
  expect(drawn(ROWS)).toContain('+1.35 [+1.15, +1.55]');
  expect(drawn(rows)).toMatch(/\+1(\.00)?, n = 6</);
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
  // Each seed once, also where a file has its rows twice.
  const blend = ROWS.filter(({ condition }) => condition === 'blend');
  const curve = curveOf([...blend, ...blend], { measure: 'accuracy', benchmark: 'heldout' });
  const curves = curvePlot('Accuracy', [{ label: 'blend', standard: false, curve }]);
  expect(svgText(curves)).toContain('n = 6');
  expect(svgText(curves)).not.toContain('NaN');
});

test('runs that the plan does not have, and runs of other pairs, are named as left out', () => {
  const stranger = ROWS.filter(({ seed }) => seed === 6).map((row) => ({ ...row, seed: 9, condition: '1E+05' }));
  const rows = [
    ...ROWS.map((row) => (row.measure === 'accuracy' && row.seed === 2 ? { ...row, pairs: 40 } : row)),
    ...stranger,
  ];
  const text = studyReport(summaryOf(rows));
  expect(text).toContain(
    '- Left out: 2 finished runs of the results that the plan does not have, the first of 1E+05 with seed 9\n',
  );
  expect(text).toContain(
    '- Left out: 2 runs in accuracy, held-out pairs, tested on another number of pairs than the 20 of the others\n',
  );
  expect(text).toContain('Primary outcome: the test on held-out pairs (20), of blend');
  expect(report).not.toContain('Left out');
});

test('of results alone no setting is named that they do not have', () => {
  const rows = ROWS.map((row) => (row.measure === 'run' ? { ...row, value: 10, step: 10 } : row));
  const plan = planOfRows(rows);
  const text = studyReport(studySummary(plan, analyse(plan, rows), rows, { twoWay: () => undefined, novelty: [] }));
  expect(text).toContain('- Seeds 1-6, 6 of 6 complete\n');
  expect(text).toContain('- 12 runs of 10 steps; engines: wasm (SIMD)\n');
  expect(text).not.toContain('Recipe');
});

test('a study that varies the steps has no number of steps for all', () => {
  const plan = { ...PLAN, axes: [axisFromText('steps=10,20', DEFAULT_CONFIG)] };
  const rows = cellsOf(plan).map(({ seed, condition, axes, config: { steps } }): ResultRow => {
    const run = { study: 'templates', condition: condition.name, axes, seed, measure: 'run', benchmark: '' } as const;
    const end = { pairs: 0, seconds: 1, engine: 'wasm', adapter: 'SIMD', state: 'done', reason: '' } as const;
    return { ...run, ...end, step: steps, value: steps };
  });
  const text = studyReport(studySummary(plan, analyse(plan, rows), rows, { twoWay: () => undefined, novelty: [] }));
  expect(text).toContain('- 24 runs; engines: wasm (SIMD)');
});

test('the power after the correction by Holm is beside the one before', () => {
  // SciPy, a deviation of 0.17838 points over twelve seeds, at the levels 0.05 and 0.05 / 3.
  const conditions = ['blend', 'random'].map((name) => conditionFromText(name, DEFAULT_CONFIG));
  const plan = { ...PLAN, conditions, seeds: Array.from({ length: 12 }, (_, at) => at + 1) };
  const both = ROWS.flatMap((row) => (row.condition === 'blend' ? [row, { ...row, condition: 'random' }] : [row]));
  const rows = [0, 6].flatMap((more) => both.map((row) => ({ ...row, seed: row.seed + more })));
  const summary = studySummary(plan, analyse(plan, rows), rows, { twoWay: () => undefined, novelty: [] });
  expect(summary.comparisons).toHaveLength(4);
  const [primary, other] = summary.comparisons;
  expect([primary?.detectable, primary?.detectableByHolm]).toEqual([expect.closeTo(0.0015841858, 9), undefined]);
  expect([other?.detectable, other?.detectableByHolm]).toEqual([
    expect.closeTo(0.0015841858, 9),
    expect.closeTo(0.0019029516, 9),
  ]);
  expect(studyReport(summary)).toContain('| smallest p | shows | by Holm | claimed |');
  // Of six seeds no p passes 0.05 / 3.
  const six = { ...plan, seeds: PLAN.seeds };
  const few = studySummary(six, analyse(six, both), both, { twoWay: () => undefined, novelty: [] });
  expect(few.comparisons.map(({ detectableByHolm }) => detectableByHolm)).toEqual(Array(4).fill(undefined));
});
