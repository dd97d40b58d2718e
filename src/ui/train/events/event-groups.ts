import type { ReactivationEvent } from '../../../training/events.ts';
import type { LoggedEvent } from '../../run-record.ts';

/** Checks in a row that re-activated nothing for the same reason. */
export interface QuietChecks {
  readonly type: 'quiet-checks';
  readonly reason: 'none-inactive' | 'too-few-active';
  /** Steps of the first and the last of them. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A row of the event list. */
export type EventGroup = LoggedEvent | QuietChecks;

/** Events by falling step; checks in a row that re-activated nothing share one row. */
export function eventGroups(events: readonly LoggedEvent[]): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events) {
    if (!isQuiet(event)) {
      groups.push(event);
      continue;
    }
    const reason = event.skipped ?? 'none-inactive';
    const last = groups.at(-1);
    if (last?.type === 'quiet-checks' && last.reason === reason) {
      groups[groups.length - 1] = { ...last, to: event.step, count: last.count + 1 };
    } else {
      groups.push({ type: 'quiet-checks', reason, from: event.step, to: event.step, count: 1 });
    }
  }
  return groups.reverse();
}

function isQuiet(event: LoggedEvent): event is ReactivationEvent {
  return event.type === 'reactivation' && event.filters.length === 0;
}
