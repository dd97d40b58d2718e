import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { median } from '../config/average.ts';
import { CRITERIA, foldingFactors, judgeActivity, measureActivity } from './activity.ts';
import { filterAt, gatherFilters, type KernelShape, length } from './filter-bank.ts';
import { type ReactivationSettings, reactivate, strongSet } from './reactivation.ts';
import { resetBatchNorm } from './resets.ts';
import { STRATEGIES } from './strategies.ts';
import golden from './testing/draws.golden.json' with { type: 'json' };

const SETTINGS: ReactivationSettings = {
  criterion: 'maxAbs',
  epsilon: 0.01,
  rho: 0.05,
  strategy: 'blend',
  strongShare: 0.5,
};
const RESET_ALL = { resetScale: true, resetShift: true, resetStatistics: true };

function uniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

interface Bank {
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly shape: KernelShape;
  readonly batchNorm: { gamma: Float32Array; movingVariance: Float32Array; epsilon: number };
}

/** A bank whose filters have norms of any size between dead and huge, each with a batch norm of its own. */
const banks: fc.Arbitrary<Bank> = fc
  .record({
    k: fc.constantFrom(1, 3, 5),
    channels: fc.constantFrom(1, 3),
    scales: fc.array(fc.oneof(fc.constant(0), fc.double({ min: -6, max: 2, noNaN: true })), {
      minLength: 1,
      maxLength: 24,
    }),
    seed: fc.nat(),
  })
  .map(({ k, channels, scales, seed }) => {
    const draw = uniform(seed);
    const n = k * k * channels;
    const sizes = scales.map((exponent) => (exponent === 0 ? 0 : 10 ** exponent));
    return {
      kernel: Float32Array.from(
        { length: n * scales.length },
        (_, i) => (sizes[i % scales.length] ?? 0) * (draw() - 0.5),
      ),
      shape: [k, k, channels, scales.length] as const,
      batchNorm: {
        gamma: Float32Array.from(scales, () => 2 * draw() - 1),
        movingVariance: Float32Array.from(scales, () => 10 ** (4 * draw() - 3)),
        epsilon: 1e-5,
      },
    };
  });

const settingsOf: fc.Arbitrary<ReactivationSettings> = fc.record({
  criterion: fc.constantFrom(...CRITERIA),
  epsilon: fc.constantFrom(1e-5, 0.01, 0.3, 1),
  rho: fc.constantFrom(0.001, 0.05, 0.5, 0.99),
  strategy: fc.constantFrom(...STRATEGIES),
  strongShare: fc.constantFrom(0.1, 0.5, 1),
});

describe('a re-activated bank', () => {
  test('has no inactive filter under the same criterion, once the batch norm is reset', () => {
    fc.assert(
      fc.property(banks, settingsOf, fc.nat(), ({ kernel, shape, batchNorm }, settings, seed) => {
        const found = reactivate(kernel, shape, settings, uniform(seed), batchNorm);
        if (found.skipped !== undefined) return;
        const zeros = new Float32Array(shape[3]);
        const after = resetBatchNorm(
          { ...batchNorm, beta: zeros, movingMean: zeros },
          found.filters,
          found.active,
          RESET_ALL,
        );
        const fold = foldingFactors(shape[3], { ...after, epsilon: batchNorm.epsilon });
        const judged = judgeActivity(measureActivity(found.kernel, shape, fold), settings);
        expect([...judged.inactive]).toEqual(Array(shape[3]).fill(0));
      }),
      { numRuns: 600 },
    );
  });

  test('leaves all other filters, and the kernel it was given, bit for bit', () => {
    fc.assert(
      fc.property(banks, settingsOf, fc.nat(), ({ kernel, shape, batchNorm }, settings, seed) => {
        const given = kernel.slice();
        const found = reactivate(kernel, shape, settings, uniform(seed), batchNorm);
        expect(kernel).toEqual(given);
        for (let f = 0; f < shape[3]; f++) {
          if (!found.filters.includes(f)) {
            expect(filterAt(found.kernel, shape[3], f)).toEqual(filterAt(kernel, shape[3], f));
          }
        }
        expect(found.before).toEqual(gatherFilters(kernel, shape[3], found.filters));
        expect(found.after).toEqual(gatherFilters(found.kernel, shape[3], found.filters));
      }),
      { numRuns: 200 },
    );
  });

  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(banks, settingsOf, fc.nat(), ({ kernel, shape, batchNorm }, settings, seed) => {
        expect(reactivate(kernel, shape, settings, uniform(seed), batchNorm)).toEqual(
          reactivate(kernel, shape, settings, uniform(seed), batchNorm),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('another seed gives other weights', () => {
    const { kernel, shape } = bankWithNorms([1, 1, 1, 0, 0]);
    expect(reactivate(kernel, shape, SETTINGS, uniform(1)).after).not.toEqual(
      reactivate(kernel, shape, SETTINGS, uniform(2)).after,
    );
  });
});

/** Random 3 × 3 × 3 filters of these norms. */
function bankWithNorms(norms: readonly number[], seed = 5): { kernel: Float32Array<ArrayBuffer>; shape: KernelShape } {
  const draw = uniform(seed);
  const kernel = Float32Array.from({ length: 27 * norms.length }, () => draw() - 0.5);
  const present = norms.map((_, f) => length(filterAt(kernel, norms.length, f)));
  for (let i = 0; i < kernel.length; i++) {
    const f = i % norms.length;
    kernel[i] = ((kernel[i] ?? 0) * (norms[f] ?? 0)) / (present[f] ?? 1);
  }
  return { kernel, shape: [3, 3, 3, norms.length] };
}

describe('norms', () => {
  const { kernel, shape } = bankWithNorms([4, 0, 3, 2, 1, 0, 0.001]);

  test.each(STRATEGIES.filter((name) => name !== 'gaussian'))(
    '%s takes the median norm of the strong set',
    (strategy) => {
      const found = reactivate(kernel, shape, { ...SETTINGS, strategy }, uniform(3));
      expect(found.filters).toEqual([1, 5, 6]);
      expect(found.rescaled).toEqual([]);
      for (const f of found.filters) expect(length(filterAt(found.kernel, 7, f))).toBeCloseTo(3.5, 5);
    },
  );

  test("the median is PyTorch's, of three norms that are far apart", () => {
    const filters = [...golden.active, Array(12).fill(0), Array(12).fill(0)];
    const bank = Float32Array.from({ length: 12 * 9 }, (_, i) => filters[i % 9]?.[Math.floor(i / 9)] ?? Number.NaN);
    const found = reactivate(bank, [2, 2, 3, 9], { ...SETTINGS, strongShare: 0.43 }, uniform(3));
    expect(found.filters).toEqual([7, 8]);
    for (const f of found.filters) expect(length(filterAt(found.kernel, 9, f))).toBeCloseTo(golden.norm, 5);
  });

  test('gaussian keeps the norm of its draw', () => {
    const found = reactivate(kernel, shape, { ...SETTINGS, strategy: 'gaussian' }, uniform(3));
    const norms = found.filters.map((f) => length(filterAt(found.kernel, 7, f)));
    expect(new Set(norms.map((norm) => norm.toFixed(2))).size).toBe(3);
    // 27 weights of the strong pair's deviation: about as long as they are.
    expect(median(norms)).toBeGreaterThan(2);
    expect(median(norms)).toBeLessThan(5);
  });

  test('a draw below the criterion is scaled up to just above it, and said so', () => {
    // Norm 0.06 over 27 weights: the largest of an active filter is above 0.02, but only just.
    const spiky = bankWithNorms([0, 0, 0, 0, 0, 0, 0, 0]);
    for (const f of [0, 1]) spiky.kernel[f] = f === 0 ? 0.02 : -0.02;
    const found = reactivate(
      spiky.kernel,
      spiky.shape,
      { ...SETTINGS, epsilon: 0.019, strategy: 'random' },
      uniform(1),
    );
    expect(found.filters).toEqual([2, 3, 4, 5, 6, 7]);
    expect(found.rescaled).toEqual(found.filters);
    for (const f of found.filters) {
      const largest = Math.max(...filterAt(found.kernel, 8, f).map(Math.abs));
      expect(largest).toBeGreaterThanOrEqual(0.019);
      expect(largest).toBeLessThan(0.0192);
    }
  });

  test('newcomers that would push a weak filter below the relative bar are held back, and said so', () => {
    // The top quarter 101, 100, 4, 0 has the median 52: the filter of norm 4 is active. Newcomers of the strong median,
    // 100.5, would raise that median to theirs and the bar to 5. Of 79.9 they would still make it 90, of 40 it is 70.
    const uneven = bankWithNorms([101, 100, 4, ...Array(13).fill(0)]);
    const settings: ReactivationSettings = { ...SETTINGS, criterion: 'relativeNorm', rho: 0.05, strongShare: 0.1 };
    const found = reactivate(uneven.kernel, uneven.shape, settings, uniform(1));
    expect(found.active).toEqual([0, 1, 2]);
    expect(found.rescaled).toEqual(found.filters);
    for (const f of found.filters) expect(length(filterAt(found.kernel, 16, f))).toBeCloseTo(4 / 0.05 / 1.001 / 2, 3);
  });
});

describe('blend and orthogonal in the bank', () => {
  test('a blend lies in the linear span of its donors after its norm is matched', () => {
    const { kernel, shape } = bankWithNorms([3, 2, 1, 1, 0, 0]);
    const found = reactivate(kernel, shape, SETTINGS, uniform(7));
    expect(found.donors).toEqual([0, 1]);
    const [a, b] = found.donors.map((f) => filterAt(kernel, 6, f));
    for (const f of found.filters) {
      expect(
        distanceFromPlane(filterAt(found.kernel, 6, f), a ?? new Float64Array(), b ?? new Float64Array()),
      ).toBeLessThan(1e-6);
    }
  });

  test('an orthogonal filter is orthogonal to every active filter in float32, too', () => {
    const { kernel, shape } = bankWithNorms([...Array(20).fill(1), ...Array(4).fill(0)]);
    const found = reactivate(kernel, shape, { ...SETTINGS, strategy: 'orthogonal' }, uniform(7));
    expect(found.donors).toEqual([]);
    for (const f of found.filters) {
      for (const other of [...found.active, ...found.filters.filter((filter) => filter !== f)]) {
        const cosine = filterAt(found.kernel, 24, f).reduce(
          (sum, weight, i) => sum + weight * (filterAt(found.kernel, 24, other)[i] ?? 0),
          0,
        );
        expect(Math.abs(cosine)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('strong sets', () => {
  test('empty: an all-dead bank is left alone, and the reason given', () => {
    const { kernel, shape } = bankWithNorms([0, 0, 0, 0]);
    const found = reactivate(kernel, shape, SETTINGS, uniform(1));
    expect(found).toMatchObject({ filters: [], skipped: 'too-few-active', inactive: [0, 1, 2, 3], donors: [] });
    expect(found.kernel).toEqual(kernel);
  });

  test('one filter: too few to draw from', () => {
    const { kernel, shape } = bankWithNorms([0, 2, 0, 0]);
    expect(reactivate(kernel, shape, SETTINGS, uniform(1))).toMatchObject({
      filters: [],
      skipped: 'too-few-active',
      inactive: [0, 2, 3],
      active: [1],
    });
  });

  test('full: nothing is inactive, nothing happens, no random number is drawn', () => {
    const { kernel, shape } = bankWithNorms([1, 2, 3, 4]);
    const found = reactivate(kernel, shape, SETTINGS, () => {
      throw new Error('drew a number');
    });
    expect(found.filters).toEqual([]);
    expect(found.skipped).toBeUndefined();
    expect(found.kernel).toEqual(kernel);
  });

  test('the top share of the active ones by norm, at least two, the lower index first among equals', () => {
    const norms = [1, 5, 3, 5, 2];
    expect(strongSet(norms, [0, 1, 2, 3, 4], 0.5)).toEqual([1, 3, 2]);
    expect(strongSet(norms, [0, 1, 2, 3, 4], 0.1)).toEqual([1, 3]);
    expect(strongSet(norms, [0, 4], 0.1)).toEqual([4, 0]);
    expect(strongSet(norms, [0, 1, 2, 3, 4], 1)).toEqual([1, 3, 2, 4, 0]);
    expect(strongSet(norms, [2], 1)).toEqual([]);
  });
});

function distanceFromPlane(point: Float64Array, a: Float64Array, b: Float64Array): number {
  const unit = (v: Float64Array) => v.map((x) => x / length(v));
  const first = unit(a);
  const off = (v: Float64Array, axis: Float64Array) => {
    const share = v.reduce((sum, x, i) => sum + x * (axis[i] ?? 0), 0);
    return v.map((x, i) => x - share * (axis[i] ?? 0));
  };
  return length(off(off(point, first), unit(off(b, first)))) / length(point);
}
