import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../record/history-events.ts';
import { eventGroups } from './event-groups.ts';

function check(step: number, filters: readonly number[], skipped?: 'too-few-active'): HistoryEvent {
  const kernels = { before: new Float32Array(0), after: new Float32Array(0) };
  const base = { type: 'reactivation', runId: 'r', arm: 'craft', strategy: 'blend', donors: [], values: [] } as const;
  return { ...base, ...kernels, step, filters, ...(skipped === undefined ? {} : { skipped }) };
}

test('checks in a row that did nothing for one reason share a row, newest first', () => {
  const few = 'too-few-active';
  const events = [check(10, []), check(20, []), check(30, [1]), check(40, []), check(50, [], few), check(60, [], few)];
  const rows = eventGroups(events).map((group) =>
    group.type === 'quiet-checks' ? [group.reason, group.from, group.to, group.count] : group.step,
  );
  expect(rows).toEqual([[few, 50, 60, 2], ['none-inactive', 40, 40, 1], 30, ['none-inactive', 10, 20, 2]]);
});
