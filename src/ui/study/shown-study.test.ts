import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { cellsOf } from '../../study/cells.ts';
import { conditionFromText, HELD_OUT, type StudyPlan } from '../../study/plan.ts';
import type { ResultRow } from '../../study/results.ts';
import { shownStudy } from './shown-study.ts';

const PLAN: StudyPlan = {
  name: 'study',
  config: { ...DEFAULT_CONFIG, steps: 10 },
  conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
  axes: [],
  seeds: [1],
  seedSettings: ['seed'],
  evaluations: [],
  primary: HELD_OUT,
  version: '1',
};

function rowOf(condition: string, state: 'done' | 'failed'): ResultRow {
  const run = { study: 'study', condition, axes: '', seed: 1, step: 10, measure: 'run', benchmark: '' } as const;
  return { ...run, value: 10, pairs: 0, seconds: 1, engine: 'wasm', adapter: 'SIMD', state, reason: '' };
}

it('takes a run that failed here from the file in which it is done, and says that it is of the file', () => {
  const own = { standard: rowOf('standard', 'done'), blend: rowOf('blend', 'failed') };
  const cells = cellsOf(PLAN).map((cell) => {
    const done = cell.condition.name === 'standard';
    return {
      cell,
      phase: done ? 'done' : 'failed',
      reason: '',
      step: 10,
      record: undefined,
      result: undefined,
    } as const;
  });
  const file = [rowOf('standard', 'done'), rowOf('blend', 'done')];
  const dropped = { name: 'results.csv', plan: undefined, planned: false, rows: file, planOfRows: undefined };
  const files = { runs: new Map(), layers: new Map(), scores: new Map() };
  const shown = shownStudy({ plan: PLAN, rows: Object.values(own), cells }, { ...dropped, ...files });
  expect([...(shown?.elsewhere ?? [])]).toEqual(['1 blend ']);
  expect(shown?.leftOut).toBe(1);
  expect(new Set(shown?.rows)).toEqual(new Set([own.standard, file[1]]));
  expect(shown?.cells.map(({ condition, state, own: ofPage }) => [condition, state, ofPage !== undefined])).toEqual([
    ['standard', 'done', true],
    ['blend', 'done', false],
  ]);
});

it('says that seeds of a file were added to the plan', () => {
  const rows = [1, 7].flatMap((seed) =>
    [rowOf('standard', 'done'), rowOf('blend', 'done')].map((row) => ({ ...row, seed })),
  );
  const files = { runs: new Map(), layers: new Map(), scores: new Map() };
  const dropped = { name: 'results.csv', planned: false, rows, planOfRows: undefined, ...files };
  const shown = shownStudy({ plan: PLAN, rows: [], cells: [] }, { ...dropped, plan: undefined });
  expect(shown?.plan).toMatchObject({ seeds: [1, 7], addedSeeds: [7] });
  expect(shownStudy(undefined, { ...dropped, plan: { ...PLAN, seeds: [1, 7] } })?.plan.addedSeeds).toEqual([]);
});
