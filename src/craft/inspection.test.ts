import { describe, expect, it } from 'vitest';
import type { Convolution } from './convolution.ts';
import { DEFAULT_INSPECTION, inspectLayer, shareOf } from './inspection.ts';
import { similarFilters } from './similar-filters.ts';
import { verdictOn } from './verdict.ts';

/** A convolution of 1 × 2 windows on one channel, from its filters. */
function bank(filters: readonly (readonly [number, number])[], batchNorm?: Convolution['batchNorm']): Convolution {
  const kernel = Float32Array.from({ length: 2 * filters.length }, (_, i) => {
    return filters[i % filters.length]?.[Math.floor(i / filters.length)] ?? 0;
  });
  return { name: 'first', shape: [1, 2, 1, filters.length], kernel, ...(batchNorm ? { batchNorm } : {}) };
}

const MIXED = bank([
  [0, 0],
  [0.001, 0.002],
  [0.02, 0],
  [1, 1],
  [0.8, -1],
  [1, 0],
  [0, 1],
  [0.5, 0.5],
]);

/** A batch norm that changes nothing. */
const EIGHT = { name: 'bn', gamma: Array(8).fill(1), movingVariance: Array(8).fill(1), epsilon: 0 };

describe('the inspection of a layer', () => {
  it('keeps near zero and weak next to the others apart', () => {
    const { raw, exactlyZero } = inspectLayer(MIXED);
    expect(exactlyZero).toEqual([0]);
    expect(raw.nearZero).toEqual([0, 1]);
    // A twentieth of the strong norm, 1.35, is 0.067: filter 2 is weak without being near zero.
    expect(raw.weak).toEqual([0, 1, 2]);
    expect(raw.states.slice(0, 4)).toEqual(['near-zero', 'near-zero', 'weak', 'active']);
  });

  it('shows a filter that the batch norm has switched off in the folded view alone', () => {
    const gamma = [1, 1, 1, 1e-5, 1, 1, 1, 1];
    const movingVariance = gamma.map(() => 1);
    const { raw, folded } = inspectLayer({ ...MIXED, batchNorm: { name: 'bn', gamma, movingVariance, epsilon: 0 } });
    expect(raw.states[3]).toBe('active');
    expect(folded.states[3]).toBe('near-zero');
  });

  it('calls no filter of a uniformly small layer weak, but all near zero', () => {
    const small = bank(Array.from({ length: 8 }, () => [1e-4, 2e-4]));
    const { raw } = inspectLayer(small);
    expect(raw.nearZero).toHaveLength(8);
    expect(raw.weak).toEqual([]);
  });

  it('an outlier makes others weak only where the largest is the reference', () => {
    const outlier = bank([[100, 0], ...Array.from({ length: 15 }, (): [number, number] => [1, 1])]);
    expect(inspectLayer(outlier).raw.weak).toEqual([]);
    expect(inspectLayer(outlier, { ...DEFAULT_INSPECTION, reference: 'largest' }).raw.weak).toHaveLength(15);
  });

  it('gives the share of a layer', () => {
    const share = { name: 'first', shape: [1, 2, 1, 8], nearZero: 2 / 8, weak: 3 / 8, notFinite: 0 };
    expect(shareOf(inspectLayer(MIXED), 'raw')).toEqual(share);
  });
});

describe('weights that are NaN or infinite', () => {
  const broken = bank([
    [Number.NaN, 0],
    [0, 0],
    [1, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, 0.9],
    [0.001, 0.002],
  ]);

  it('have a state of their own and do not decide about the others', () => {
    const { raw } = inspectLayer(broken);
    expect(raw.notFinite).toEqual([0, 3]);
    expect(raw.states).toEqual(['not-finite', 'near-zero', 'active', 'not-finite', 'active', 'near-zero']);
    expect(raw.weakBelow).toBeGreaterThan(0);
    expect(raw.weakBelow).toBeLessThan(1);
    const largest = inspectLayer(broken, { ...DEFAULT_INSPECTION, reference: 'largest' }).raw;
    expect(largest.weakBelow).toBeCloseTo(0.05 * Math.SQRT2);
  });

  it('are the headline, of some filters and of all', () => {
    const { headline, detail } = verdictOn(inspectLayer(broken), DEFAULT_INSPECTION);
    expect(headline).toBe('2 of 6 first-layer filters hold weights that are not finite numbers.');
    expect(detail).toContain('The other 4 were judged without them: 2 of 6 filters (33 %) have a largest weight');
    const all = inspectLayer(
      bank([
        [Number.NaN, Number.NaN],
        [Number.NaN, 0],
      ]),
    );
    expect(verdictOn(all, DEFAULT_INSPECTION).headline).toMatch(/^All 2 first-layer filters hold weights that are not/);
  });

  it.each([
    ['bias', { bias: [0, 0, Number.NaN, 0, 0, 0, 0, 0] }],
    [
      'shift',
      { batchNorm: { ...EIGHT, centre: { beta: [0, 0, Number.NaN, 0, 0, 0, 0, 0], movingMean: EIGHT.gamma } } },
    ],
    [
      'mean',
      {
        batchNorm: {
          ...EIGHT,
          centre: { beta: EIGHT.gamma, movingMean: [0, 0, Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0] },
        },
      },
    ],
    ['negative variance', { batchNorm: { ...EIGHT, movingVariance: [1, 1, -1, 1, 1, 1, 1, 1] } }],
  ])('as its %s are the headline', (_, numbers) => {
    const found = inspectLayer({ ...MIXED, ...numbers });
    expect([found.raw.notFinite, found.folded.notFinite]).toEqual([[2], [2]]);
    expect(verdictOn(found, DEFAULT_INSPECTION).headline).toBe(
      '1 of 8 first-layer filters holds numbers that are not finite.',
    );
  });

  it('of a batch norm are the headline of both views', () => {
    const movingVariance = [1, 1, Number.NaN, 1, 1, 1, 1, 1];
    const found = inspectLayer({
      ...MIXED,
      batchNorm: { name: 'bn', gamma: movingVariance.map(() => 1), movingVariance, epsilon: 0 },
    });
    expect([found.raw.notFinite, found.folded.notFinite]).toEqual([[2], [2]]);
    for (const view of ['raw', 'folded'] as const) {
      expect(verdictOn(found, DEFAULT_INSPECTION, { view }).headline).toMatch(/^1 of 8 .* holds numbers that/);
    }
  });
});

describe('the verdict', () => {
  const verdict = (dead: number, of: number) =>
    verdictOn(
      inspectLayer(bank(Array.from({ length: of }, (_, f) => (f < dead ? [0.001, 0] : [1, f])))),
      DEFAULT_INSPECTION,
    );

  it.each([
    [0, 'Every first-layer filter is active.'],
    [5, 'Almost all of the first layer is active.'],
    [20, '20 of 64 filters are inactive.'],
    [31, 'Nearly half of the first layer is inactive.'],
    [32, 'Half of the first layer is inactive.'],
    [33, 'More than half of the first layer is inactive.'],
    [40, 'More than half of the first layer is inactive.'],
  ])('%i of 64: %s', (dead, headline) => {
    expect(verdict(dead, 64).headline).toBe(headline);
  });

  it('says that a batch norm behind may raise small responses, unless it is folded in', () => {
    const found = inspectLayer({
      ...bank([
        [0.001, 0],
        [1, 1],
      ]),
      batchNorm: { name: 'bn', gamma: [1, 1], movingVariance: [1, 1], epsilon: 0 },
    });
    expect(verdictOn(found, DEFAULT_INSPECTION).detail).toContain('the batch norm behind them may raise them');
    const folded = verdictOn(found, DEFAULT_INSPECTION, { view: 'folded' });
    expect(folded.detail).toContain('It takes next to nothing of the image on');
  });

  it('says how many, by which measure', () => {
    expect(verdict(31, 64).detail).toBe(
      '31 of 64 filters (48 %) have a largest weight below 0.01. They take next to nothing of the image on to later layers.',
    );
  });
});

describe('similar filters', () => {
  it('finds copies and negatives of any size, leaves zeros out, the most similar first', () => {
    const pairs = similarFilters(
      bank([
        [1, 2],
        [0, 0],
        [-10, -20],
        [1, 2.4],
        [2, -1],
      ]),
    );
    expect(pairs.map(({ filters, kind }) => [filters, kind])).toEqual([
      [[0, 2], 'duplicate'],
      [[0, 3], 'near-duplicate'],
      [[2, 3], 'near-duplicate'],
    ]);
    expect(pairs[0]?.cosine).toBeCloseTo(-1, 6);
  });
});
