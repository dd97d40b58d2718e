import type { ReactivationEvent } from '../../../training/events.ts';
import type { LoggedEvent } from '../../run-record.ts';

/** Checks in a row that found nothing to do. */
export interface QuietChecks {
  readonly type: 'quiet-checks';
  /** Steps of the first and the last of them. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A row of the event list. */
export type EventGroup = LoggedEvent | QuietChecks;

/** Events by falling step; checks in a row at which no filter was inactive share one row. */
export function eventGroups(events: readonly LoggedEvent[]): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (!isQuiet(event)) groups.push(event);
    else if (last?.type === 'quiet-checks')
      groups[groups.length - 1] = { ...last, to: event.step, count: last.count + 1 };
    else groups.push({ type: 'quiet-checks', from: event.step, to: event.step, count: 1 });
  }
  return groups.reverse();
}

function isQuiet(event: LoggedEvent): event is ReactivationEvent {
  return event.type === 'reactivation' && event.filters.length === 0 && event.skipped === undefined;
}
