import { describe, expect, test } from 'vitest';
import { resetBatchNorm, resetSlot } from './resets.ts';
import golden from './testing/resets.golden.json' with { type: 'json' };

const BATCH_NORM = {
  gamma: Float32Array.of(2, 1e-5, -4, 7),
  beta: Float32Array.of(0.5, 0.6, 0.7, 0.8),
  movingMean: Float32Array.of(1, 2, 3, 4),
  movingVariance: Float32Array.of(1, 1e-9, 3, 100),
};
const ON = { resetScale: true, resetShift: true, resetStatistics: true };

describe('batch norm of a re-activated channel', () => {
  test('takes its scale and variance from the active channels; the others stay', () => {
    // Channel 3 is neither active nor re-activated: it is not averaged over.
    const after = resetBatchNorm(BATCH_NORM, [1], [0, 2], ON);
    expect([...after.gamma]).toEqual([2, 3, -4, 7]);
    expect([...after.beta]).toEqual([...Float32Array.of(0.5, 0, 0.7, 0.8)]);
    expect([...after.movingMean]).toEqual([1, 0, 3, 4]);
    expect([...after.movingVariance]).toEqual([1, 2, 3, 100]);
    expect(BATCH_NORM.gamma[1]).toBe(Math.fround(1e-5));
  });

  test('has the values that PyTorch gives', () => {
    const { filters, active, before, after } = golden;
    const found = resetBatchNorm(
      {
        gamma: Float32Array.from(before.gamma),
        beta: Float32Array.from(before.beta),
        movingMean: Float32Array.from(before.mean),
        movingVariance: Float32Array.from(before.variance),
      },
      filters,
      active,
      ON,
    );
    expectClose(found.gamma, after.gamma);
    expectClose(found.beta, after.beta);
    expectClose(found.movingMean, after.mean);
    expectClose(found.movingVariance, after.variance);
  });

  test.each([
    ['resetScale', ['gamma']],
    ['resetShift', ['beta']],
    ['resetStatistics', ['movingMean', 'movingVariance']],
  ] as const)('without %s, %s stay', (name, kept) => {
    const after = resetBatchNorm(BATCH_NORM, [1], [0, 2], { ...ON, [name]: false });
    for (const part of ['gamma', 'beta', 'movingMean', 'movingVariance'] as const) {
      expect(after[part][1] === BATCH_NORM[part][1]).toBe(kept.some((name) => name === part));
    }
  });
});

function expectClose(found: Float32Array, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 6);
  });
}

describe('optimiser slots', () => {
  const kernelSlot = Float32Array.of(1, 2, 3, 4, 5, 6);

  test('lose only the entries of the re-activated filters', () => {
    expect([...resetSlot(kernelSlot, 3, [0, 2], { resetOptimizer: true })]).toEqual([0, 2, 0, 0, 5, 0]);
    expect([...resetSlot(Float32Array.of(1, 2, 3), 3, [1], { resetOptimizer: true })]).toEqual([1, 0, 3]);
  });

  test('stay where that is switched off', () => {
    expect(resetSlot(kernelSlot, 3, [0, 2], { resetOptimizer: false })).toEqual(kernelSlot);
  });
});
