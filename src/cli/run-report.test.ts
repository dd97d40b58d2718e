import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { MeasuredRun } from '../record/measured-run.ts';
import { runReport } from './run-report.ts';

const FACTS = {
  engine: { backend: 'wasm', adapter: 'SIMD', software: false },
  data: { identities: 10, images: 60, pairs: 20 },
  stepMs: 12,
} as const;

/** A run of one arm that is read at every step, checked at steps 2 and 3 and verified at step 3. */
function run(): MeasuredRun {
  const measured = new MeasuredRun(DEFAULT_CONFIG);
  measured.begin([{ name: 'mine', kernelShape: [1, 1, 1, 3] }]);
  const reading = (step: number, dead: number) => ({
    type: 'filters' as const,
    arm: 'mine',
    step,
    norms: Float32Array.of(step, 2, 3),
    maxAbs: Float32Array.of(step / 2, 1, 1),
    inactive: Uint8Array.from([0, 1, 2], (filter) => (filter < dead ? 1 : 0)),
    contributions: Float32Array.of(1, 1, 1),
    inactiveShare: dead / 3,
    relativeInactiveShare: 0,
    unusedShare: 0,
    kernel: Float32Array.of(step, 2, 3),
  });
  const check = (step: number, filters: number[]) => ({
    ...({ type: 'reactivation', arm: 'mine', step, strategy: 'blend', filters, donors: [2] } as const),
    ...{
      values: filters.map(() => 0.001),
      before: new Float32Array(filters.length),
      after: new Float32Array(filters.length),
    },
  });
  measured.measure(reading(0, 0));
  for (const step of [1, 2, 3]) {
    measured.measure({ type: 'progress', arm: 'mine', step, loss: 1 / step });
    measured.measure(reading(step, step === 2 ? 2 : 1));
    if (step === 2) measured.measure(check(2, [0, 1]));
    if (step === 2) measured.measure(reading(2, 0));
  }
  measured.measure(check(3, []));
  measured.measure({ type: 'verification', arm: 'mine', step: 3, accuracy: 0.95, deviation: 0.02 });
  return measured;
}

test('a report is made of the readings: columns of one length, from the first loss on', () => {
  const report = runReport(run(), FACTS);
  expect(report).toMatchObject({ backend: 'wasm', adapter: 'SIMD', stepMs: 12, kernelShape: [1, 1, 1, 3] });
  expect(report.checks).toEqual([2, 3]);
  expect(report.events).toEqual([{ step: 2, arm: 'mine', filters: [0, 1], strategy: 'blend' }]);
  const arm = report.arms.mine ?? expect.fail('no arm');
  expect(arm.step).toEqual([1, 2, 2, 3]);
  expect(arm.loss).toEqual([1, 0.5, 0.5, 0.3333333]);
  expect(arm.inactiveShare).toEqual([0.3333333, 0.6666667, 0, 0.3333333]);
  expect(arm.unusedShare).toEqual([0, 0, 0, 0]);
  expect(report.conclusion).toEqual([
    '1 of 3 first-layer filters is inactive in the mine network; unused: 0.',
    'Held-out accuracy 95.0\u00a0%.',
  ]);
  expect(report.dose.sum).toBeCloseTo(1.2, 1);
  expect(report.dose.shrink).toBeCloseTo(Math.exp(-report.dose.sum / 0.1), 12);
  expect(arm.accuracy).toEqual([{ step: 3, value: 0.95, deviation: 0.02 }]);
  expect(arm.filters.map(({ step, norm }) => [step, norm[0]])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [2, 2],
    [3, 3],
  ]);
  expect([arm.kernel, arm.inactive]).toEqual([
    [3, 2, 3],
    [1, 0, 0],
  ]);
});
