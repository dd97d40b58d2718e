import { describe, expect, test } from 'vitest';
import {
  type ActivitySettings,
  activeFilters,
  filterStates,
  foldingFactors,
  inactiveFilters,
  inactiveShare,
  judgeActivity,
  measureActivity,
} from './activity.ts';
import type { KernelShape } from './filter-bank.ts';

const SETTINGS: ActivitySettings = { criterion: 'maxAbs', epsilon: 0.01, rho: 0.05 };

/** A bank of 1 × 1 filters with two weights each, given filter by filter. */
function bankOf(...filters: readonly (readonly [number, number])[]): { kernel: Float32Array; shape: KernelShape } {
  const kernel = new Float32Array(filters.length * 2);
  filters.forEach(([first, second], f) => {
    kernel[f] = first;
    kernel[filters.length + f] = second;
  });
  return { kernel, shape: [1, 1, 2, filters.length] };
}

function judge(filters: readonly (readonly [number, number])[], settings: Partial<ActivitySettings>, gamma?: number[]) {
  const { kernel, shape } = bankOf(...filters);
  const batchNorm = gamma && { gamma, movingVariance: gamma.map(() => 1), epsilon: 0 };
  return judgeActivity(measureActivity(kernel, shape, foldingFactors(filters.length, batchNorm)), {
    ...SETTINGS,
    ...settings,
  });
}

describe('measures', () => {
  test('reads filters along the fastest axis', () => {
    const { kernel, shape } = bankOf([3, -4], [0, 0.5]);
    expect([...kernel]).toEqual([3, 0, -4, 0.5]);
    const activity = measureActivity(kernel, shape, foldingFactors(2));
    expect([...activity.maxAbs]).toEqual([4, 0.5]);
    expect([...activity.norms]).toEqual([5, 0.5]);
    expect(activity.foldedNorms).toEqual(activity.norms);
    expect(activity.foldedMaxAbs).toEqual(activity.maxAbs);
  });

  test('folds |gamma| / sqrt(variance + epsilon) in', () => {
    const { kernel, shape } = bankOf([3, -4]);
    const fold = foldingFactors(1, { gamma: [-2], movingVariance: [0.24], epsilon: 0.01 });
    const activity = measureActivity(kernel, shape, fold);
    expect(activity.foldedNorms[0]).toBeCloseTo((2 / 0.5) * 5, 5);
    expect(activity.foldedMaxAbs[0]).toBeCloseTo((2 / 0.5) * 4, 5);
  });
});

describe('criteria', () => {
  test('maxAbs: below epsilon, strictly', () => {
    // 2^-6 is exact in float32.
    const found = judge(
      [
        [2 ** -6, 0],
        [2 ** -7, -(2 ** -7)],
        [1, 0],
      ],
      { epsilon: 2 ** -6 },
    );
    expect(inactiveFilters(found.inactive)).toEqual([1]);
  });

  test('relativeNorm: below rho of the median of the top quarter, at any scale', () => {
    // Top quarter of eight: 100 and 10, median 55, threshold 5.5.
    const norms = [100, 10, 6, 5, 5.6, 1, 0.1, 9];
    for (const scale of [1, 1e-6, 1e6]) {
      const found = judge(
        norms.map((norm) => [norm * scale, 0] as const),
        { criterion: 'relativeNorm', rho: 0.1 },
      );
      expect(inactiveFilters(found.inactive)).toEqual([3, 5, 6]);
    }
  });

  test('a quarter of five filters is two', () => {
    // Median of 10 and 8 is 9, threshold 4.5; of 10 alone it would be 5.
    const found = judge(
      [10, 8, 4.7, 4.4, 4.6].map((norm) => [norm, 0] as const),
      { criterion: 'relativeNorm', rho: 0.5 },
    );
    expect(inactiveFilters(found.inactive)).toEqual([3]);
  });

  test('batch norm can hide a dead filter and fake one', () => {
    const filters = [
      [0.001, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ] as const;
    const gamma = [1000, 0.001, 1, 1];
    expect(inactiveFilters(judge(filters, { criterion: 'maxAbs' }, gamma).inactive)).toEqual([0]);
    expect(inactiveFilters(judge(filters, { criterion: 'foldedMaxAbs' }, gamma).inactive)).toEqual([1]);
    expect(inactiveFilters(judge(filters, { criterion: 'relativeNorm' }, gamma).inactive)).toEqual([0]);
    expect(inactiveFilters(judge(filters, { criterion: 'foldedRelativeNorm' }, gamma).inactive)).toEqual([1]);
  });

  test('a bank that is all zero is all inactive by every criterion', () => {
    for (const criterion of ['maxAbs', 'relativeNorm', 'foldedMaxAbs', 'foldedRelativeNorm'] as const) {
      expect(
        inactiveShare(
          judge(
            [
              [0, 0],
              [0, 0],
            ],
            { criterion },
          ).inactive,
        ),
      ).toBe(1);
    }
  });
});

test('a strong tile has at least the median norm of the active filters', () => {
  const inactive = Uint8Array.of(1, 0, 0, 0, 1, 0);
  expect(activeFilters(inactive)).toEqual([1, 2, 3, 5]);
  // The inactive filters' norms, 9 and 0, do not count: median of 1 2 3 4 is 2.5.
  expect(filterStates([9, 1, 2, 3, 0, 4], inactive)).toEqual([
    'inactive',
    'weak',
    'weak',
    'strong',
    'inactive',
    'strong',
  ]);
  // Of an odd number the middle one is strong.
  expect(filterStates([1, 2, 3], Uint8Array.of(0, 0, 0))).toEqual(['weak', 'strong', 'strong']);
  expect(filterStates([9, 1], Uint8Array.of(1, 1))).toEqual(['inactive', 'inactive']);
});
