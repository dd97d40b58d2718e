import { expect, test } from 'vitest';
import { amdahl, measuredRatio, modelledRatio, serialShare } from '../bench/thread-model.ts';

const part = (ratio: number, threads: number) => ({
  machine: { date: '', command: '', processor: '', cores: 2, loadBefore: 0, loadAfter: 0, versions: {} },
  threads,
  steps: 60,
  oneMs: [10, 20, 40],
  severalMs: [10, 20, 40].map((ms) => ms * ratio),
});

test('the ratio is of neighbouring blocks, with its middle half', () => {
  const { median, low, high } = measuredRatio({ oneMs: [10, 20, 10, 40, 10], severalMs: [5, 12, 7, 32, 9] });
  expect([median, low, high]).toEqual([0.7, 0.6, 0.8]);
});

test("Amdahl's law goes through the measured point", () => {
  expect(serialShare(0.6, 2)).toBeCloseTo(0.2);
  expect(serialShare(0.4, 4)).toBeCloseTo(0.2);
  expect(amdahl(serialShare(0.6, 2), 2)).toBeCloseTo(0.6);
  expect(amdahl(0.2, 8)).toBeCloseTo(0.3);
  expect([serialShare(0.45, 2), serialShare(1.2, 2)]).toEqual([0, 1]);
});

test('both arms have half of the cores each, at the price of arms side by side', () => {
  expect(modelledRatio(8, part(0.6, 2)).median).toBeCloseTo(0.3);
  expect(modelledRatio(8, part(0.6, 2), part(0.55, 2)).median).toBeCloseTo(0.55 * 0.4);
  expect(modelledRatio(2, part(0.6, 2), part(0.55, 2)).median).toBeCloseTo(0.55);
});
