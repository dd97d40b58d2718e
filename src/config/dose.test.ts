import { expect, test } from 'vitest';
import { decayDose, shrinkBetween, stepOfDose } from './dose.ts';
import { withPreset } from './presets.ts';
import { DEFAULT_CONFIG } from './run-config.ts';

const FLAT = {
  ...DEFAULT_CONFIG,
  ...({ schedule: 'constant', warmupSteps: 0, steps: 1000, learningRate: 0.1, weightDecay: 0.01 } as const),
};

test('a constant rate: steps times rate times decay, and its effect with momentum', () => {
  const { sum, dose, shrink } = decayDose({ ...FLAT, momentum: 0.9 });
  expect(sum).toBeCloseTo(1, 10);
  expect(dose).toBeCloseTo(10, 10);
  expect(shrink).toBeCloseTo(4.54e-5, 7);
  expect(decayDose({ ...FLAT, momentum: 0 }).dose).toBeCloseTo(1, 10);
  expect(decayDose(FLAT, 250).sum).toBeCloseTo(0.25, 10);
  expect(decayDose({ ...FLAT, weightDecay: 0 })).toEqual({ sum: 0, dose: 0, shrink: 1 });
});

test('a second weight decay counts from its share on, a drop of the rate likewise', () => {
  const change = { weightDecaySchedule: 'change', laterWeightDecay: 0.001, laterDecayFrom: 50 } as const;
  expect(decayDose({ ...FLAT, ...change }).sum).toBeCloseTo(0.5 + 0.05, 10);
  const drops = { schedule: 'step', dropsAt: '40 80', dropFactor: 0.1 } as const;
  expect(decayDose({ ...FLAT, ...drops }).sum).toBeCloseTo(0.4 + 0.04 + 0.002, 10);
});

test('the presets: Small has 1.2, as measured elsewhere; a rise and a cosine have half the dose of their peak', () => {
  expect(decayDose(withPreset('small')).sum).toBeCloseTo(0.1 * 0.01 * (100.5 + 1100.5), 6);
});

test('the step from which on the dose is reached', () => {
  expect(stepOfDose({ ...FLAT, momentum: 0.9 }, 2.5)).toBe(250);
  expect(stepOfDose({ ...FLAT, momentum: 0.9 }, 10.1)).toBeUndefined();
});

test('a weight shrinks between two steps by the dose between them', () => {
  const settings = { ...FLAT, momentum: 0.9 };
  expect(shrinkBetween(settings, 100, 300)).toBeCloseTo(Math.exp(-2), 10);
  expect(shrinkBetween(settings, 0, 300) / shrinkBetween(settings, 0, 100)).toBeCloseTo(Math.exp(-2), 10);
});
