import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import { MeasuredRun } from '../../../record/measured-run.ts';
import { filmSteps } from './film-steps.ts';

/** A run whose filters were read at so many steps, every tenth of them twice. */
function runRead(times: number): MeasuredRun {
  const run = new MeasuredRun({ ...DEFAULT_CONFIG, steps: 10_000 });
  run.begin([{ name: 'craft', kernelShape: [1, 1, 1, 1] }]);
  const one = Float32Array.of(1);
  for (let time = 0; time < times; time++) {
    for (let again = 0; again < (time % 10 === 0 ? 2 : 1); again++) {
      run.measure({
        type: 'filters',
        arm: 'craft',
        step: 5 * time,
        norms: one,
        maxAbs: one,
        inactive: Uint8Array.of(0),
        inactiveShare: 0,
        relativeInactiveShare: 0,
        contributions: one,
        unusedShare: 0,
        kernel: one,
      });
    }
  }
  return run;
}

test('a short run has a frame for every step at which filters were read', () => {
  expect(filmSteps(runRead(4))).toEqual([0, 5, 10, 15]);
});

test('a long run has a hundred frames, from its first reading to its last', () => {
  const steps = filmSteps(runRead(300));
  expect(steps).toHaveLength(100);
  expect([steps[0], steps.at(-1)]).toEqual([0, 5 * 299]);
  expect(steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? 0))).toBe(true);
});

test('a run without readings has no film', () => {
  expect(filmSteps(new MeasuredRun(DEFAULT_CONFIG))).toEqual([]);
});
