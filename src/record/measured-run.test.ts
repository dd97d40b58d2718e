import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { MeasuredRun } from './measured-run.ts';

function trained(run: MeasuredRun, from: number, to: number): void {
  for (let step = from; step <= to; step++) {
    run.measure({ type: 'progress', runId: 'r', arm: 'craft', step, loss: 20 / (step + 1) });
    run.measure({
      type: 'filters',
      runId: 'r',
      arm: 'craft',
      step,
      norms: Float32Array.of(step, 1),
      maxAbs: Float32Array.of(step, 1),
      inactive: Uint8Array.of(0, 1),
      inactiveShare: 0.5,
      relativeInactiveShare: 0,
      contributions: Float32Array.of(step, 1),
      unusedShare: 0,
    });
    if (step % 10 === 0) run.measure({ type: 'craft-switched', runId: 'r', arm: 'craft', step, enabled: true });
  }
}

function started(): MeasuredRun {
  const run = new MeasuredRun({ ...DEFAULT_CONFIG, steps: 100 });
  run.begin([{ name: 'craft', kernelShape: [1, 1, 1, 2] }]);
  return run;
}

test('a run that broke off and resumed has the readings of an unbroken one, but for the seam', () => {
  const whole = started();
  trained(whole, 0, 60);
  const broken = started();
  trained(broken, 0, 47);
  broken.goOnFrom(40, 'device-lost');
  // The session reports its filters at the checkpoint once more.
  trained(broken, 40, 60);
  const [resumed, expected] = [broken.history(), whole.history()];
  expect(resumed?.arms.craft?.norms).toEqual(expected?.arms.craft?.norms);
  expect(resumed?.seams).toEqual([{ step: 40, lostAt: 47, reason: 'device-lost' }]);
});

test('a history names no run, since it may be taken over by another', () => {
  const run = started();
  trained(run, 0, 20);
  expect(JSON.stringify(run.history()?.events)).not.toContain('runId');
  const again = started();
  again.restore(run.history() ?? expect.fail('no history'));
  expect(again.history()).toEqual(run.history());
});

test('use and difference are those of the step asked for', () => {
  const run = started();
  trained(run, 0, 20);
  const difference = { value: 0.01, low: -0.02, high: 0.04, chance: 0.4, pairs: 400 };
  run.measure({ type: 'verification', arm: 'craft', step: 20, accuracy: 0.75, difference });
  const arm = run.arms.craft ?? expect.fail('no arm');
  // 5 % of 20 is 1: the second filter's contribution of 1 is not below it, at step 21 it would be.
  expect([...(arm.layerAt(20)?.use?.unused ?? [])]).toEqual([0, 0]);
  trained(run, 21, 21);
  expect([...(arm.layerAt()?.use?.unused ?? [])]).toEqual([0, 1]);
  expect(arm.differenceAt(19)).toBeUndefined();
  const read = arm.differenceAt();
  expect(read?.step).toBe(20);
  expect(read?.value).toBeCloseTo(0.01, 6);
  expect(read?.chance).toBeCloseTo(0.4, 6);
});

test('there is no history of a run that has not started', () => {
  expect(new MeasuredRun(DEFAULT_CONFIG).history()).toBeUndefined();
});

test('the layers behind a kernel are those of its own step, and unknown where only the kernel was kept', () => {
  const run = started();
  const reading = {
    norms: Float32Array.of(1, 1),
    maxAbs: Float32Array.of(1, 1),
    inactive: Uint8Array.of(0, 0),
    inactiveShare: 0,
    relativeInactiveShare: 0,
    contributions: Float32Array.of(1, 1),
    unusedShare: 0,
  };
  const measure = (step: number, kernel: number, channels?: number) =>
    run.measure({
      type: 'filters',
      arm: 'craft',
      step,
      ...reading,
      kernel: Float32Array.of(kernel, kernel),
      ...(channels === undefined ? {} : { channels: new Float32Array(6).fill(channels) }),
    });
  measure(0, 1);
  measure(10, 2, 7);
  const shown = (step?: number) => {
    const view = run.arms.craft?.layerAt(step);
    return [view?.kernel?.[0], view?.channels?.[0]];
  };
  expect(shown(5)).toEqual([1, undefined]);
  expect(shown(15)).toEqual([2, 7]);
  // A re-activation reports its step once more.
  measure(10, 3, 8);
  expect(shown(15)).toEqual([3, 8]);
});
