import { expect, test } from 'vitest';
import type { ReactivationEntry } from './history-events.ts';
import { sameYet } from './same-yet.ts';

const config = { arms: 'both', craft: true, checkEvery: 5, stopAt: 10 } as const;

function check(step: number, filters: readonly number[], skipped?: 'too-few-active'): ReactivationEntry {
  return {
    type: 'reactivation',
    step,
    arm: 'craft',
    strategy: 'blend',
    filters,
    donors: [],
    values: [],
    before: new Float32Array(),
    after: new Float32Array(),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

test('before the first check both arms are the same network, and the step of that check is named', () => {
  expect(sameYet({ config, totalSteps: 2400 })).toMatchObject({
    nextCheck: 120,
    short: 'Nothing differs before the first check at step 120',
  });
});

test('after a check that found nothing it says so, and which check is next', () => {
  const events = [check(120, [])];
  expect(sameYet({ config, totalSteps: 2400, events })?.short).toBe(
    'Nothing was inactive at step 120. Next check at step 240',
  );
  expect(sameYet({ config, totalSteps: 2400, events: [check(120, [], 'too-few-active')] })?.short).toMatch(
    /^Too few filters were active at step 120/,
  );
});

test('after the last check, or with CRAFT switched off, nothing is promised', () => {
  const past = sameYet({ config, totalSteps: 2400, events: [check(120, []), check(240, [])] });
  expect(past).toMatchObject({ nextCheck: undefined, short: 'No check is left: both networks are the same' });
  expect(sameYet({ config: { ...config, craft: false }, totalSteps: 2400 })?.short).toMatch(/^CRAFT is switched off/);
});

test('once a filter was re-activated, or where one arm trains alone, there is nothing to say', () => {
  expect(sameYet({ config, totalSteps: 2400, events: [check(120, [3]), check(240, [])] })).toBeUndefined();
  expect(sameYet({ config: { ...config, arms: 'craft' }, totalSteps: 2400 })).toBeUndefined();
});
