import { describe, expect, test } from 'vitest';
import { describeDifference, differences, recipeInWords } from './difference.ts';
import { withPreset } from './presets.ts';
import { CONFIG_KEYS, DEFAULT_CONFIG } from './run-config.ts';

describe('describeDifference', () => {
  test('says nothing about equal runs', () => {
    expect(describeDifference(DEFAULT_CONFIG, { ...DEFAULT_CONFIG })).toBe('');
  });

  test('names the setting, its value and the other one', () => {
    const gentle = { ...DEFAULT_CONFIG, weightDecay: 0.001, craft: false, strategy: 'random' as const };
    expect(describeDifference(gentle, DEFAULT_CONFIG)).toBe(
      'weight decay 0.001 instead of 0.01; re-activate dead filters off instead of on; ' +
        'strategy Random, no context (control) instead of Blend of strong filters',
    );
  });

  test('needs no field before it to be understood', () => {
    const other = { ...DEFAULT_CONFIG, epsilon: 0.02, stopAt: 75 };
    expect(describeDifference(other, DEFAULT_CONFIG)).toBe(
      'inactive below 0.02 instead of 0.01; checks stop at 75 % of run instead of 60 % of run',
    );
  });

  test('counts the settings that it does not name', () => {
    const far = { ...DEFAULT_CONFIG, seed: 2, filters: 64, steps: 4000, batchSize: 64 };
    expect(describeDifference(far, DEFAULT_CONFIG, 2)).toBe(
      'first-layer filters 64 instead of 32; batch 64 instead of 32; and 2 more',
    );
  });

  test('keeps proper names as they are', () => {
    const literal = { ...DEFAULT_CONFIG, arcfaceGradient: 'literal' as const };
    expect(describeDifference(literal, DEFAULT_CONFIG)).toMatch(/^ArcFace gradient Literal/);
  });
});

test('differences lists settings in the order of the form', () => {
  const keys = differences({ ...DEFAULT_CONFIG, seed: 9, identities: 9, head: 'softmax' }, DEFAULT_CONFIG).map(
    ({ key }) => key,
  );
  expect(keys).toEqual([...keys].sort((a, b) => CONFIG_KEYS.indexOf(a) - CONFIG_KEYS.indexOf(b)));
  expect(keys).toHaveLength(3);
});

test('a recipe is the nearest preset and the settings that differ from it; seeds and faces are not of a recipe', () => {
  const small = withPreset('small');
  expect(recipeInWords({ ...small, faces: 'own', seed: 7 })).toBe('Small');
  expect(recipeInWords({ ...small, weightDecay: 0.002 })).toBe('Small, with weight decay 0.002 instead of 0.01');
  expect(recipeInWords({ ...small, weightDecaySchedule: 'change' })).toBe(
    'Small, with decay schedule Changes to 0.0005 at 50 % instead of Constant',
  );
  expect(recipeInWords({ ...withPreset('paper'), filters: 32 })).toBe(
    'Paper scale, with first-layer filters 32 instead of 64',
  );
});
