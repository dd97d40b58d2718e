import { expect, test } from 'vitest';
import { z } from 'zod';
import { type DecaySettings, learningRateAt, type ScheduleSettings, weightDecayAt } from './rates.ts';
import golden from './testing/rates.golden.json' with { type: 'json' };

const SETTINGS: ScheduleSettings = {
  learningRate: 0.1,
  schedule: 'cosine',
  dropsAt: '50 75',
  dropFactor: 0.1,
  warmupSteps: 10,
  steps: 110,
};

test('the learning rate rises in a straight line to its peak', () => {
  expect(learningRateAt(0, SETTINGS)).toBeCloseTo(0.01);
  expect(learningRateAt(4, SETTINGS)).toBeCloseTo(0.05);
  expect(learningRateAt(9, SETTINGS)).toBeCloseTo(0.1);
  expect(learningRateAt(10, SETTINGS)).toBeCloseTo(0.1);
});

const goldenSchema = z.array(
  z.object({
    settings: z.object({
      learningRate: z.number(),
      schedule: z.enum(['cosine', 'polynomial', 'constant', 'step']),
      warmupSteps: z.number(),
      steps: z.number(),
      dropsAt: z.string(),
      dropFactor: z.number(),
    }),
    rates: z.array(z.number()),
  }),
);

test.each(goldenSchema.parse(golden))(
  "$settings.schedule after $settings.warmupSteps of $settings.steps steps: the rate of every step is PyTorch's",
  ({ settings, rates }) => {
    expect(rates).toHaveLength(settings.steps);
    rates.forEach((rate, step) => {
      expect(learningRateAt(step, { ...SETTINGS, ...settings })).toBeCloseTo(rate, 9);
    });
  },
);

test.each([
  ['cosine', 0.05, 0.1 * 0.0244717],
  ['polynomial', 0.05, 0.01],
  ['constant', 0.1, 0.1],
] as const)('%s: half way and at nine tenths', (schedule, half, late) => {
  expect(learningRateAt(60, { ...SETTINGS, schedule })).toBeCloseTo(half);
  expect(learningRateAt(100, { ...SETTINGS, schedule })).toBeCloseTo(late);
});

test('without warm-up the first step is at the peak, and a warm-up longer than the run never gets there', () => {
  expect(learningRateAt(0, { ...SETTINGS, warmupSteps: 0 })).toBeCloseTo(0.1);
  expect(learningRateAt(109, { ...SETTINGS, warmupSteps: 1000 })).toBeCloseTo(0.011);
});

test('drops: times the factor at each share of the whole run, warm-up included', () => {
  const rate = (step: number) => learningRateAt(step, { ...SETTINGS, schedule: 'step', steps: 200, dropFactor: 0.2 });
  expect([4, 10, 99].map(rate)).toEqual([0.05, 0.1, 0.1]);
  expect([100, 149].map(rate)).toEqual([0.1 * 0.2, 0.1 * 0.2]);
  expect(rate(150)).toBeCloseTo(0.004, 12);
  expect(learningRateAt(150, { ...SETTINGS, schedule: 'step', dropsAt: '' })).toBe(0.1);
});

test('the weight decay changes at its share of the run, where it changes at all', () => {
  const settings: DecaySettings = {
    weightDecay: 0.01,
    weightDecaySchedule: 'change',
    laterWeightDecay: 0.0005,
    laterDecayFrom: 50,
    steps: 100,
  };
  expect([0, 49, 50, 99].map((step) => weightDecayAt(step, settings))).toEqual([0.01, 0.01, 0.0005, 0.0005]);
  expect(weightDecayAt(99, { ...settings, weightDecaySchedule: 'constant' })).toBe(0.01);
});
