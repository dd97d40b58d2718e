import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../run-record.ts';
import { eventGroups } from './event-groups.ts';

function check(step: number, filters: readonly number[], skipped?: 'too-few-active'): LoggedEvent {
  const kernels = { before: new Float32Array(0), after: new Float32Array(0) };
  const base = { type: 'reactivation', runId: 'r', arm: 'craft', strategy: 'blend', donors: [], values: [] } as const;
  return { ...base, ...kernels, step, filters, ...(skipped === undefined ? {} : { skipped }) };
}

test('checks in a row without work share a row, everything else has its own, newest first', () => {
  const events = [check(10, []), check(20, []), check(30, [1]), check(40, []), check(50, [], 'too-few-active')];
  const groups = eventGroups(events);
  expect(
    groups.map((group) => (group.type === 'quiet-checks' ? [group.from, group.to, group.count] : group.step)),
  ).toEqual([50, [40, 40, 1], 30, [10, 20, 2]]);
});
