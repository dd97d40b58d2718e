import { expect, test } from 'vitest';
import { CRAFT, STANDARD } from '../config/arm.ts';
import { sampleHistory } from '../exchange/testing/histories.ts';
import { smallConfig, trainedNetwork } from '../exchange/testing/trained.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';
import { pairsWithStandard, shownRun } from './study-shown-run.ts';

const config = smallConfig({ steps: 200, arms: 'both', strategy: 'blend' });
const { state } = trainedNetwork(config, 4);

/** A run whose only arm has this name. */
function runOf(name: string, step = 200): OpenedRun {
  const [readings] = Object.values(sampleHistory(config, step).arms);
  if (readings === undefined) throw new Error('The sample has no arm.');
  const shape = [3, 3, 3, 8] as const;
  const event = { type: 'craft-switched', step: 5, arm: name, enabled: true } as const;
  return {
    kept: {
      runId: name,
      config,
      step,
      startedAt: 0,
      updatedAt: 0,
      end: 'completed',
      engine: { backend: 'wasm', adapter: 'SIMD' },
      figures: { [name]: { inactiveShare: 0.5 } },
    },
    history: { kernelShape: shape, arms: { [name]: readings }, events: [event], seams: [] },
    checkpoint: { config, step, arms: [{ name, settings: {}, state }] },
    arms: [{ name, settings: {}, kernelShape: shape, parameters: 7 }],
    classes: 4,
    notices: [],
  };
}

test('a condition is shown as the CRAFT arm with its settings, beside Standard of the same seed', () => {
  const cell = { condition: { name: 'random', settings: { strategy: 'random' } } } as const;
  const run = shownRun(runOf('random'), cell, runOf('standard'));
  expect(run.checkpoint.config).toMatchObject({ strategy: 'random', arms: 'both' });
  expect(run.kept.config).toBe(run.checkpoint.config);
  expect(run.checkpoint.arms.map(({ name, settings }) => [name, settings])).toEqual([
    ['standard', {}],
    ['craft', {}],
  ]);
  expect(run.arms.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['standard', 7],
    ['craft', 7],
  ]);
  expect(Object.keys(run.history.arms)).toEqual(['standard', 'craft']);
  expect(run.history.events).toMatchObject([{ arm: 'craft' }]);
  expect(run.kept.figures).toEqual({ standard: { inactiveShare: 0.5 }, craft: { inactiveShare: 0.5 } });
});

test('it is shown alone without Standard, or where that was read at another step', () => {
  const cell = { condition: CRAFT };
  for (const other of [undefined, runOf('standard', 100)]) {
    const run = shownRun(runOf('craft'), cell, other);
    expect(run.checkpoint.config.arms).toBe('craft');
    expect(run.checkpoint.arms).toHaveLength(1);
  }
  const standard = runOf('standard');
  expect(shownRun(standard, { condition: STANDARD })).toBe(standard);
});

test('one run shows both arms only where they differ in settings of CRAFT alone', () => {
  expect(pairsWithStandard({ condition: { name: 'late', settings: { stopAt: 90 } } })).toBe(true);
  expect(pairsWithStandard({ condition: { name: 'decay', settings: { weightDecay: 0.1 } } })).toBe(false);
  expect(pairsWithStandard({ condition: STANDARD })).toBe(false);
});
