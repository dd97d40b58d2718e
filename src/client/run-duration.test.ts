import { expect, test } from 'vitest';
import { withPreset } from '../config/presets.ts';
import { runDuration, runWork } from './run-duration.ts';

const SMALL = withPreset('small');
const STEP = { ms: 25, whole: true };

test('steps of every arm, and the embeddings of each measurement of accuracy', () => {
  const once = { ...SMALL, verifyEvery: 0, verifyPairs: 20 };
  // 2 arms x (2,400 steps + 80 embeddings at a third of an image's step, 32 images a step).
  expect(runDuration(once, STEP)).toBeCloseTo(2 * 25 * (2400 + 80 / 96), 6);
  expect(runDuration({ ...once, arms: 'craft' }, STEP)).toBeCloseTo(25 * (2400 + 80 / 96), 6);
  // Each arm on a thread of its own, if there are so many.
  expect([1, 2, 8].map((threads) => runDuration(once, STEP, threads) / runDuration(once, STEP))).toEqual([1, 0.5, 0.5]);
  // 1,229 held-out faces, fewer than the pairs have places, 12 times.
  expect(runDuration(SMALL, STEP)).toBeCloseTo(2 * 25 * (2400 + (12 * 2 * 256 * 0.2 * 24) / 96), 3);
});

test("InsightFace's recipe is some three hundred times the work of Small", () => {
  const ratio = runWork(withPreset('insightface')) / runWork(SMALL);
  expect(ratio).toBeGreaterThan(300);
  expect(ratio).toBeLessThan(3000);
  expect(runWork({ ...SMALL, steps: 4800 })).toBe(2 * runWork(SMALL));
});
