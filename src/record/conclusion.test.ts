import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import type { AccuracyDifference } from './accuracy-difference.ts';
import { conclusionOf } from './conclusion.ts';
import { MeasuredRun } from './measured-run.ts';

interface End {
  readonly name: string;
  readonly step?: number;
  /** Of 32 filters. */
  readonly inactive: number;
  readonly unused: number;
  readonly accuracy?: number;
  readonly difference?: AccuracyDifference;
}

function ended(...arms: readonly End[]): MeasuredRun {
  const run = new MeasuredRun(DEFAULT_CONFIG);
  run.begin(arms.map(({ name }) => ({ name, kernelShape: [3, 3, 3, 32] })));
  for (const { name, step = 2400, inactive, unused, accuracy, difference } of arms) {
    const flags = (count: number) => Uint8Array.from({ length: 32 }, (_, filter) => (filter < count ? 1 : 0));
    run.measure({
      type: 'filters',
      arm: name,
      step,
      norms: new Float32Array(32).fill(1),
      maxAbs: new Float32Array(32).fill(1),
      inactive: flags(inactive),
      inactiveShare: inactive / 32,
      relativeInactiveShare: 0,
      contributions: Float32Array.from(flags(unused), (flag) => (flag === 1 ? 0.01 : 1)),
      unusedShare: unused / 32,
    });
    if (accuracy === undefined) continue;
    run.measure({
      type: 'verification',
      arm: name,
      step,
      accuracy,
      ...(difference === undefined ? {} : { difference }),
    });
  }
  return run;
}

const STANDARD = { name: 'standard', inactive: 13, unused: 24, accuracy: 0.952 };
const CRAFT = { name: 'craft', inactive: 2, unused: 15, accuracy: 0.955 };
const concluded = (run: MeasuredRun) => {
  const { headline, sentences } = conclusionOf(run) ?? expect.fail('no conclusion');
  return { headline, text: sentences.join(' ').replaceAll('\u00a0', ' ') };
};

describe('the conclusion of a run', () => {
  test('without a clear difference: the networks cannot be told apart', () => {
    const difference = { value: 0.003, low: -0.019, high: 0.024, chance: 0.7, pairs: 400 };
    const { headline, text } = concluded(ended(STANDARD, { ...CRAFT, difference }));
    expect(headline).toBe(
      '13 of 32 first-layer filters are inactive in the standard network, 2 with CRAFT. Accuracy: no clear difference.',
    );
    expect(text).toBe(
      '13 of 32 first-layer filters are inactive in the standard network, 2 with CRAFT; unused: 24 and 15. ' +
        'Held-out accuracy 95.2 % and 95.5 %: these two networks cannot be told apart ' +
        '(400 pairs, 95 % interval −1.9 to +2.4). Another seed may turn it round.',
    );
  });

  test('with a clear one: of these two networks, never of the method', () => {
    const difference = { value: -0.031, low: -0.05, high: -0.012, chance: 0.001, pairs: 2000 };
    const { headline, text } = concluded(ended(STANDARD, { ...CRAFT, difference }));
    expect(headline).toContain('Standard is more accurate by 3.1 points, these two networks only.');
    expect(text).toContain('of these two networks the standard network is more accurate (2\u202f000 pairs,');
    // The interval alone is no claim.
    const doubtful = concluded(ended(STANDARD, { ...CRAFT, difference: { ...difference, chance: 0.08 } }));
    expect(doubtful.headline).toContain('no clear difference');
  });

  test('equal networks, one arm alone, no verification', () => {
    const none = { value: 0, low: 0, high: 0, chance: 1, pairs: 400 };
    expect(concluded(ended(STANDARD, { ...STANDARD, name: 'craft', difference: none })).text).toContain(
      'both networks judge all 400 pairs alike',
    );
    expect(concluded(ended(CRAFT)).text).toBe(
      '2 of 32 first-layer filters are inactive in the CRAFT network; unused: 15. Held-out accuracy 95.5 %.',
    );
    const { accuracy: _, ...unverified } = STANDARD;
    expect(concluded(ended(unverified)).text).toContain('Accuracy was not measured.');
    expect(concluded(ended(STANDARD, CRAFT)).text).toContain('did not record the interval');
    expect(conclusionOf(new MeasuredRun(DEFAULT_CONFIG))).toBeUndefined();
  });

  test('arms read at different steps are not compared', () => {
    expect(concluded(ended(STANDARD, { ...CRAFT, step: 2390 })).text).toBe(
      'They were read at different steps: Standard at step 2\u202f400, CRAFT at step 2\u202f390.',
    );
  });
});
