import { expect, test } from 'vitest';
import { analyse } from './analysis.ts';
import { cellsOf } from './cells.ts';
import { planOfRows } from './plan-of-rows.ts';
import { cellKey, type ResultRow } from './results.ts';

const END: ResultRow = {
  study: 'wide',
  condition: 'standard',
  axes: '',
  seed: 1,
  step: 10,
  measure: 'run',
  benchmark: '',
  value: 10,
  pairs: 0,
  seconds: 1,
  engine: 'torch',
  adapter: 'A100',
  state: 'done',
  reason: '',
};

/** The end and the accuracy of a cell. */
function cell(about: Partial<ResultRow>, accuracy = 0.9): readonly ResultRow[] {
  return [
    { ...END, ...about },
    { ...END, ...about, measure: 'accuracy', benchmark: 'lfw', value: accuracy, pairs: 6000 },
  ];
}

test('every cell of the rows is one of the plan, also where an axis has one value', () => {
  for (const points of [['filters=32;kernelSize=3', 'filters=64;kernelSize=3'], ['']]) {
    const rows = points.flatMap((axes) =>
      [4, 9].flatMap((seed) => ['standard', 'own-rule'].flatMap((condition) => cell({ axes, seed, condition }))),
    );
    const plan = planOfRows(rows);
    const planned = cellsOf(plan).map((one) => cellKey({ ...one, condition: one.condition.name }));
    expect(new Set(planned)).toEqual(new Set(rows.map(cellKey)));
    expect(plan).toMatchObject({ name: 'wide', seeds: [4, 9], primary: 'lfw' });
  }
});

test('the statistics of such a plan are those of the rows', () => {
  const rows = [1, 2, 3].flatMap((seed) => [
    ...cell({ seed }, 0.9),
    ...cell({ seed, condition: 'blend' }, 0.9 + seed / 100),
  ]);
  const { complete, planned, comparisons } = analyse(planOfRows(rows), rows);
  expect([complete, planned]).toEqual([3, 3]);
  const lfw = comparisons.find(({ outcome }) => outcome.benchmark === 'lfw');
  expect(lfw?.statistics?.mean).toBeCloseTo(0.02, 12);
});

test('an axis that is no setting is refused by name', () => {
  expect(() => planOfRows(cell({ axes: 'colour=red' }))).toThrow('"colour=red", which is no setting');
  expect(() => planOfRows(cell({ axes: 'filters=4096' }))).toThrow('"filters=4096"');
});

test('results that nothing can be said of are refused with the reason', () => {
  expect(() => planOfRows([])).toThrow('The results have no run.');
  expect(() => planOfRows(cell({}))).toThrow('runs of Standard alone');
  expect(() => planOfRows([...cell({ condition: 'blend' }), ...cell({ study: 'doses' })])).toThrow(
    'The results are of 2 studies: wide, doses.',
  );
  const tests = Array.from({ length: 101 }, (_, test) => ({ ...END, measure: 'tar' as const, benchmark: `${test}` }));
  expect(() => planOfRows([...cell({ condition: 'blend' }), ...tests])).toThrow('are of 102 tests; at most 100');
  // 48 runs, whose settings have 12^4 points.
  const settings = ['seed', 'splitSeed', 'facesSeed', 'testSeed'];
  const many = settings.flatMap((name) =>
    Array.from({ length: 12 }, (_, at) => cell({ axes: `${name}=${8 + at}`, condition: 'blend' })).flat(),
  );
  expect(() => planOfRows(many)).toThrow('their plan has 41 472 runs; at most 10 000 are judged together');
});
