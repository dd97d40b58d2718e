import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { MeasuredRun } from '../measured-run.ts';
import { chartRows, commonStep, rangeOf } from './chart-rows.ts';

function started(steps: number): MeasuredRun {
  const run = new MeasuredRun({ ...DEFAULT_CONFIG, steps });
  run.begin(['standard', 'craft'].map((name) => ({ name, kernelShape: [3, 3, 3, 8] })));
  return run;
}

test('a run of thousands of ticks becomes at most 300 points an arm, by rising step', () => {
  const run = started(3000);
  for (let step = 1; step <= 3000; step++) {
    for (const arm of ['standard', 'craft'] as const) run.measure({ type: 'progress', arm, step, loss: 20 / step });
  }
  const rows = chartRows(run, 'loss');
  expect(rows.filter(({ standard }) => standard !== undefined).length).toBeLessThanOrEqual(300);
  expect(rows.filter(({ craft }) => craft !== undefined).length).toBeLessThanOrEqual(300);
  expect(rows.at(-1)?.step).toBe(3000);
  expect(rows.every(({ step }, place) => place === 0 || step > (rows[place - 1]?.step ?? 0))).toBe(true);
});

test('a loss that is no number is left out, and nothing gives no range', () => {
  const run = started(10);
  run.measure({ type: 'progress', arm: 'standard', step: 1, loss: Number.NaN });
  run.measure({ type: 'progress', arm: 'standard', step: 2, loss: 4 });
  expect(chartRows(run, 'loss')).toEqual([{ step: 2, standard: 4 }]);
  expect(rangeOf([])).toBeUndefined();
  expect(rangeOf([{ step: 1, standard: 4, craft: 2 }, { step: 2 }])).toEqual([2, 4]);
});

test('both arms are read at the last step that both have', () => {
  const run = started(10);
  for (const step of [1, 2, 3]) run.measure({ type: 'progress', arm: 'standard', step, loss: 4 });
  expect(commonStep(run, 'loss', ['standard', 'craft'])).toBeUndefined();
  for (const step of [1, 2]) run.measure({ type: 'progress', arm: 'craft', step, loss: 4 });
  expect(commonStep(run, 'loss', ['standard', 'craft'])).toBe(2);
  expect(commonStep(run, 'loss', ['standard', 'craft'], 1)).toBe(1);
  expect(commonStep(run, 'loss', ['standard'])).toBe(3);
  expect(commonStep(run, 'loss', [])).toBeUndefined();
});
