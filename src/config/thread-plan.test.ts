import { expect, test } from 'vitest';
import { threadPlan, threadsOf } from './thread-plan.ts';

const shared = { backend: 'wasm', sharesSteps: true };

test.each([
  [2, 2, { arms: 2, each: 1 }],
  [1, 2, { arms: 1, each: 2 }],
  [2, 8, { arms: 2, each: 4 }],
  [3, 8, { arms: 3, each: 2 }],
  [3, 2, { arms: 2, each: 1 }],
  [2, 3, { arms: 2, each: 1 }],
  [2, 1, { arms: 1, each: 1 }],
])('%i arms on %i threads: arms first, the rest inside a step', (arms, most, plan) => {
  expect(threadPlan(shared, arms, most)).toEqual(plan);
  expect(threadsOf(plan)).toBeLessThanOrEqual(most);
});

test('where steps cannot be shared there is a thread an arm at most, and one on every other engine', () => {
  expect(threadPlan({ backend: 'wasm' }, 2, 8)).toEqual({ arms: 2, each: 1 });
  expect(threadPlan({ backend: 'webgpu', sharesSteps: true }, 2, 8)).toEqual({ arms: 1, each: 1 });
});
