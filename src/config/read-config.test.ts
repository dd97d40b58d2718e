import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from './read-config.ts';
import { CONFIG_KEYS, DEFAULT_CONFIG, runConfigSchema } from './run-config.ts';

describe('readConfig', () => {
  it('clamps numbers and says so', () => {
    const { config, notices } = readConfig({ batchSize: '100000', learningRate: -1 });
    expect(config.batchSize).toBe(512);
    expect(config.learningRate).toBe(0.0001);
    expect(notices.map((notice) => notice.key)).toEqual(['batchSize', 'learningRate']);
  });

  it('rounds whole numbers', () => {
    expect(readConfig({ seed: '7.6' }).config.seed).toBe(8);
  });

  it('ignores unknown names and unreadable values with a notice', () => {
    const { config, notices } = readConfig({ colour: 'red', head: 'triplet', steps: 'many', flip: 'perhaps' });
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(notices).toHaveLength(4);
  });

  it('is not fooled by names every object has', () => {
    expect(readConfig(JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}')).config).toEqual(DEFAULT_CONFIG);
    expect(readConfig({ head: 'constructor' }).config.head).toBe(DEFAULT_CONFIG.head);
  });

  it('makes no text of objects, which may throw', () => {
    const { config, notices } = readConfig({ faces: { toString: [] }, batchSize: { toString: [] } });
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(notices).toHaveLength(2);
  });

  it('gives a valid config from any input', () => {
    const anyValue = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.object());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CONFIG_KEYS, 'other'), anyValue), (values) => {
        expect(runConfigSchema.safeParse(readConfig(values).config).success).toBe(true);
      }),
    );
  });

  it('reads its own output back', () => {
    const { config, notices } = readConfig(JSON.parse(JSON.stringify({ ...DEFAULT_CONFIG, seed: 9, head: 'cosface' })));
    expect(config).toEqual({ ...DEFAULT_CONFIG, seed: 9, head: 'cosface' });
    expect(notices).toEqual([]);
  });

  it('takes a range as two numbers, the lower first, within its bounds', () => {
    const read = (photoYaw: unknown) => readConfig({ photoYaw });
    expect(read('-10,30').config.photoYaw).toBe('-10 30');
    expect(read('30 -10.5').config.photoYaw).toBe('-10.5 30');
    expect(read('-24 24').notices).toEqual([]);
    expect(read('-200 0').config.photoYaw).toBe('-90 0');
    expect(read('-200 0').notices[0]?.message).toBe('Pose -200 0 is out of range; -90 0 is used.');
    for (const bad of ['', '5', '1 2 3', 'a b', 5]) {
      expect(read(bad).config.photoYaw).toBe(DEFAULT_CONFIG.photoYaw);
      expect(read(bad).notices).toHaveLength(1);
    }
  });

  it('takes shares of the run as numbers with anything between them, sorted, and reports the entries left out', () => {
    const read = (dropsAt: unknown) => readConfig({ dropsAt });
    expect(read('90, 50;75').config.dropsAt).toBe('50 75 90');
    expect(read(60).config.dropsAt).toBe('60');
    expect(read('').config.dropsAt).toBe('');
    expect(read('50 75').notices).toEqual([]);
    expect(read('50 120').config.dropsAt).toBe('50 100');
    expect(read('50 120').notices[0]?.message).toBe('Drops at 50 120 is out of range; 50 100 is used.');
    expect(read('half').config.dropsAt).toBe(DEFAULT_CONFIG.dropsAt);
    expect(read('half').notices).toHaveLength(1);
  });
});
