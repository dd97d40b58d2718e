import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig } from './read-config.ts';
import { DEFAULT_CONFIG } from './run-config.ts';
import { configFromAddress, configToHash } from './url.ts';

const read = (hash: string, search = '') => configFromAddress({ hash, search });

describe('configToHash', () => {
  test('holds the version and only settings that differ from the defaults', () => {
    expect(configToHash(DEFAULT_CONFIG)).toBe('v=3');
    expect(configToHash({ ...DEFAULT_CONFIG, seed: 7, craft: false })).toBe('v=3&craft=false&seed=7');
  });

  test('never speaks of own faces', () => {
    expect(configToHash({ ...DEFAULT_CONFIG, faces: 'own' })).toBe('v=3');
  });
});

describe('the view in a link', () => {
  test('theme and step come back, and are no settings', () => {
    const link = configToHash({ ...DEFAULT_CONFIG, seed: 7 }, { theme: 'dark', step: 1330 });
    expect(link).toBe('v=3&seed=7&theme=dark&step=1330');
    const { config, view, notices } = read(`#${link}`);
    expect(config).toEqual({ ...DEFAULT_CONFIG, seed: 7 });
    expect(view).toEqual({ theme: 'dark', step: 1330 });
    expect(notices).toEqual([]);
    expect(read('#v=3&seed=7').view).toEqual({});
  });

  test.each(['theme=blue', 'step=2401', 'step=-1', 'step=1e3', 'step='])('%s is named and left out', (text) => {
    const { view, notices } = read(`#v=3&${text}`);
    expect(view).toEqual({});
    expect(notices).toHaveLength(1);
  });
});

describe('configFromAddress', () => {
  test('gives back every setting that was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
          weightDecay: fc.double({ min: 0, max: 0.1, noNaN: true }),
          strategy: fc.constantFrom('blend', 'gaussian', 'per-weight', 'orthogonal', 'random'),
          craft: fc.boolean(),
          filters: fc.integer({ min: 8, max: 64 }),
        }),
        (values) => {
          const { config } = readConfig(values);
          const again = read(`#${configToHash(config)}`);
          expect(again.config).toEqual(config);
          expect(again.notices).toEqual([]);
        },
      ),
    );
  });

  test('a link of version 1 keeps its meaning: its seed was that of split, people and test too', () => {
    const seeds = ({ config }: ReturnType<typeof read>) => [
      config.seed,
      config.splitSeed,
      config.facesSeed,
      config.testSeed,
    ];
    expect(seeds(read('#v=1&seed=7'))).toEqual([7, 7, 7, 7]);
    expect(seeds(read('#v=1'))).toEqual([1, 1, 1, 1]);
    expect(seeds(read('#v=3&seed=7'))).toEqual([7, 1, 1, 1]);
    expect(seeds(read('#v=2&seed=7&testSeed=3'))).toEqual([7, 1, 1, 3]);
    expect(read('#v=1&seed=7').notices).toEqual([]);
  });

  test('a link of version 1 or 2 has its faces drawn as they were then', () => {
    const drawnBy = (hash: string) => read(hash).config.faceVersion;
    expect([drawnBy('#v=1'), drawnBy('#v=2&seed=7'), drawnBy('#v=2&faceVersion=2')]).toEqual(['1', '1', '2']);
    expect([drawnBy('#v=3'), drawnBy('#seed=7'), drawnBy('')]).toEqual(['2', '2', '2']);
    expect(drawnBy('#v=3&faceVersion=1')).toBe('1');
    expect(read('#v=2').notices).toEqual([]);
  });

  test('clamps values out of range and says so', () => {
    const { config, notices } = read('#v=1&steps=999999999&batchSize=-4');
    expect([config.steps, config.batchSize]).toEqual([1_000_000, 2]);
    expect(notices.map(({ key }) => key)).toEqual(['steps', 'batchSize']);
  });

  test('keeps the default for values it cannot read, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (hash, search) => {
        expect(() => read(`#${hash}`, `?${search}`)).not.toThrow();
      }),
    );
    const { config, notices } = read('#filters=lots&__proto__=1&nonsense=2');
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(notices).toHaveLength(3);
  });

  test('takes an engine from the query and leaves foreign parameters alone', () => {
    const { config, notices, given } = read('', '?backend=webgpu&utm_source=mail');
    expect([config.backend, notices, given]).toEqual(['webgpu', [], true]);
    expect(read('', '?utm_source=mail').given).toBe(false);
  });

  test('lets the part behind the # win over the query', () => {
    expect(read('#seed=3', '?seed=2').config.seed).toBe(3);
  });

  test('reports another version and own photos', () => {
    expect(read('#v=99').notices[0]?.message).toContain('version 99');
    const own = read('#faces=own');
    expect(own.config.faces).toBe('synthetic');
    expect(own.notices).toHaveLength(1);
  });
});
