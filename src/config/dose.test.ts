import { describe, expect, test } from 'vitest';
import { decayDose, firstDeaths, shrinkBetween, stepOfDose } from './dose.ts';
import { withPreset } from './presets.ts';
import { readConfig } from './read-config.ts';
import { DEFAULT_CONFIG, type RunConfig } from './run-config.ts';
import runs from './testing/first-deaths.json' with { type: 'json' };

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

describe('first deaths in 20 runs, docs/data/first-death.md', () => {
  const measured = runs.map(({ firstDeath, ...settings }) => {
    const config: RunConfig = readConfig(settings, DEFAULT_CONFIG).config;
    return { config, firstDeath, dose: decayDose(config, firstDeath).dose };
  });

  test('the doses are theirs: none died below the least, half of them below the median', () => {
    const doses = measured.map(({ dose }) => dose).sort((a, b) => a - b);
    const rule = firstDeaths(DEFAULT_CONFIG);
    expect(doses).toHaveLength(20);
    expect(rule?.least).toBe(3);
    expect(doses[0]).toBeGreaterThan(3);
    expect(doses[0]).toBeCloseTo(3, 1);
    expect(((doses[9] ?? 0) + (doses[10] ?? 0)) / 2).toBeCloseTo(rule?.median ?? 0, 1);
  });

  test('the predicted step is within a quarter of the measured one, on average', () => {
    const errors = measured.map(({ config, firstDeath }) => {
      const predicted = stepOfDose(config, firstDeaths(config)?.median ?? 0) ?? config.steps;
      return Math.abs(predicted - firstDeath) / firstDeath;
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeLessThan(0.25);
    // The worst is the run of the gentlest decay.
    expect(Math.max(...errors)).toBeLessThan(0.5);
  });

  test('a larger threshold is reached sooner; of other criteria nothing is said', () => {
    const larger = firstDeaths({ criterion: 'maxAbs', epsilon: 0.02 });
    expect((firstDeaths(DEFAULT_CONFIG)?.median ?? 0) - (larger?.median ?? 0)).toBeCloseTo(Math.LN2, 10);
    expect(firstDeaths({ criterion: 'maxAbs', epsilon: 0.2 })).toBeUndefined();
    expect(firstDeaths({ criterion: 'relativeNorm', epsilon: 0.01 })).toBeUndefined();
  });
});
