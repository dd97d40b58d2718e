import { describe, expect, test } from 'vitest';
import { decayDose } from './dose.ts';
import { ALL_PRESETS, presetMatching, withPreset } from './presets.ts';
import { DEFAULT_CONFIG, runConfigSchema } from './run-config.ts';

describe('presets', () => {
  test.each(ALL_PRESETS.map(({ id }) => id))('%s is a valid config that is recognised again', (id) => {
    const config = withPreset(id);
    expect(runConfigSchema.parse(config)).toEqual(config);
    expect(presetMatching(config, id)).toBe(id);
  });

  test('leave faces, seed, engine and arms to the user', () => {
    const mine = { ...DEFAULT_CONFIG, faces: 'own', seed: 42, backend: 'wasm', arms: 'craft' } as const;
    const chosen = withPreset('paper', mine);
    expect([chosen.faces, chosen.seed, chosen.backend, chosen.arms]).toEqual(['own', 42, 'wasm', 'craft']);
    expect(presetMatching(chosen)).toBe('paper');
  });

  // InsightFace's ms1mv3 recipe: 2.5 on eight cards (METHOD, "Dose").
  test.each(['insightface', 'paper'] as const)('%s has the decay dose of the recipe that it is named after', (id) => {
    expect(Math.abs(decayDose(withPreset(id)).sum - 2.5)).toBeLessThan(0.13);
  });

  test('an own recipe follows none of them', () => {
    expect(presetMatching({ ...withPreset('quick'), weightDecay: 0.0123 }, 'quick')).toBeUndefined();
  });
});
