import { expect, test } from 'vitest';
import type { StudyCell } from '../../client/study-run.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { cellsOf } from '../../study/cells.ts';
import { conditionFromText, type StudyPlan } from '../../study/plan.ts';
import type { ResultRow } from '../../study/results.ts';
import { planInRuns, timeLeft, timeOfAll } from './study-time.ts';

const CONFIG = { ...DEFAULT_CONFIG, steps: 100 };
const PLAN: StudyPlan = {
  name: 'time',
  version: '',
  config: CONFIG,
  conditions: [conditionFromText('blend', CONFIG), conditionFromText('long:strategy=blend', CONFIG)],
  axes: [{ setting: 'steps', values: [100, 300] }],
  seeds: [1, 2],
  seedSettings: ['seed'],
  evaluations: [],
  primary: 'heldout',
};

/** Cells of which the first so many took 2 ms a step. */
function cells(plan: StudyPlan, done: number): readonly StudyCell[] {
  return cellsOf(plan).map((cell, place) => {
    const rows = [{ seconds: 0.002 * cell.config.steps } as ResultRow];
    const ended = { phase: 'done', result: { rows } } as const;
    const waits = { phase: 'queued', result: undefined } as const;
    return { cell, reason: '', step: 0, record: undefined, ...(place < done ? ended : waits) };
  });
}

test('a run is as long as its work: axes of the steps and of the size of the network', () => {
  expect(planInRuns({ ...PLAN, axes: [] })).toBeCloseTo(6, 9);
  // Three conditions of two seeds at one and at three times the steps.
  expect(planInRuns(PLAN)).toBeCloseTo(2 * 3 * (1 + 3), 9);
  const wide = planInRuns({ ...PLAN, axes: [{ setting: 'filters', values: [32, 64] }] });
  expect(wide).toBeGreaterThan(12.1);
  expect(wide).toBeLessThan(24);
});

test('the time left is scaled from short runs to long ones', () => {
  const study = { plan: PLAN, cells: cells(PLAN, 3), side: 1 };
  // The three short runs of the first seed ended; 3 short and 6 long ones are left, 2 ms a step.
  expect(timeLeft(study)).toBeCloseTo(2 * (3 * 100 + 6 * 300), 3);
  expect(timeLeft({ ...study, side: 2 })).toBeCloseTo((2 * (3 * 100 + 6 * 300)) / 2, 3);
  expect(timeOfAll(study)).toBeCloseTo(2 * (6 * 100 + 6 * 300), 3);
  expect(timeLeft({ ...study, cells: cells(PLAN, 0) })).toBeUndefined();
  expect(timeLeft({ ...study, cells: cells(PLAN, 12) })).toBeUndefined();
});
