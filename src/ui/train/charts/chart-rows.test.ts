import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import { createRunStore } from '../../run-store.ts';
import { ScriptedClient } from '../../testing/scripted-client.ts';
import { chartRows, rangeOf } from './chart-rows.ts';

test('a run of thousands of ticks becomes at most 300 points an arm, by rising step', () => {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: { ...DEFAULT_CONFIG, steps: 3000, telemetryEvery: 1, filters: 8 } });
  store.actions.train();
  client.advance(3000);
  const rows = chartRows(store.getState().run, 'loss');
  expect(rows.filter(({ standard }) => standard !== undefined).length).toBeLessThanOrEqual(300);
  expect(rows.filter(({ craft }) => craft !== undefined).length).toBeLessThanOrEqual(300);
  expect(rows.at(-1)?.step).toBe(3000);
  expect(rows.every(({ step }, place) => place === 0 || step > (rows[place - 1]?.step ?? 0))).toBe(true);
});

test('a loss that is no number is left out, and nothing gives no range', () => {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: { ...DEFAULT_CONFIG, steps: 10 } });
  store.actions.train();
  const run = store.getState().run;
  run?.arms.standard?.loss.push(1, Number.NaN);
  run?.arms.standard?.loss.push(2, 4);
  expect(chartRows(run, 'loss')).toEqual([{ step: 2, standard: 4 }]);
  expect(rangeOf([])).toBeUndefined();
  expect(rangeOf([{ step: 1, standard: 4, craft: 2 }, { step: 2 }])).toEqual([2, 4]);
});
