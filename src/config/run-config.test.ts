import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, DEFAULT_CONFIG, fieldOf, runConfigSchema } from './run-config.ts';

describe('fields', () => {
  it('describe every setting with a label and a sentence', () => {
    for (const key of CONFIG_KEYS) {
      const field = fieldOf(key);
      expect(field.label).not.toBe('');
      expect(field.help).toMatch(/\.$/);
    }
  });

  it('have defaults inside their ranges', () => {
    expect(runConfigSchema.parse(DEFAULT_CONFIG)).toEqual(DEFAULT_CONFIG);
  });
});
