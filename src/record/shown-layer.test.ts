import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { MeasuredRun } from './measured-run.ts';
import { shownLayer } from './shown-layer.ts';

const NORMS = [0.9, 0.001, 0.5, 0.7, 0.002];

function runAt(step: number): MeasuredRun {
  const run = new MeasuredRun({ ...DEFAULT_CONFIG, steps: 160 });
  run.begin([{ name: 'craft', kernelShape: [1, 1, 1, 5] }]);
  run.measure({
    type: 'reactivation',
    arm: 'craft',
    step: 100,
    strategy: 'blend',
    filters: [2, 4],
    before: new Float32Array(2),
    after: new Float32Array(2),
    donors: [0],
    values: [0, 0],
  });
  const norms = Float32Array.from(NORMS);
  run.measure({
    type: 'filters',
    arm: 'craft',
    step,
    norms,
    maxAbs: norms,
    inactive: Uint8Array.from(NORMS, (norm) => (norm < 0.01 ? 1 : 0)),
    inactiveShare: 0.4,
    relativeInactiveShare: 0.4,
    contributions: norms,
    unusedShare: 0.4,
  });
  return run;
}

test('a filter is strong from the median of the active ones on, and fresh only while it lives', () => {
  const shown = shownLayer(runAt(105), 'craft');
  expect(shown?.states).toEqual(['strong', 'inactive', 'reactivated', 'strong', 'inactive']);
  expect(shown?.ranks).toEqual([1, 5, 3, 2, 4]);
});

test('after a sixteenth of the run a re-activated filter is like any other', () => {
  expect(shownLayer(runAt(110), 'craft')?.states[2]).toBe('reactivated');
  expect(shownLayer(runAt(111), 'craft')?.states[2]).toBe('weak');
});

test('there is nothing to show of an arm that does not train', () => {
  expect(shownLayer(runAt(105), 'standard')).toBeUndefined();
});

test('of an even number of active filters the strong norm is the mean of the middle two', () => {
  const run = new MeasuredRun(DEFAULT_CONFIG);
  run.begin([{ name: 'craft', kernelShape: [1, 1, 1, 5] }]);
  const norms = Float32Array.of(1, 2, 3, 4, 9);
  const inactive = Uint8Array.of(0, 0, 0, 0, 1);
  const shares = { inactiveShare: 0.2, relativeInactiveShare: 0.2, unusedShare: 0 };
  run.measure({
    type: 'filters',
    arm: 'craft',
    step: 1,
    norms,
    maxAbs: norms,
    inactive,
    contributions: norms,
    ...shares,
  });
  expect(shownLayer(run, 'craft')?.strongNorm).toBe(2.5);
  expect(shownLayer(run, 'craft')?.states).toEqual(['weak', 'weak', 'strong', 'strong', 'inactive']);
});
