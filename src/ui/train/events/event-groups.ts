import type { HistoryEvent, ReactivationEntry } from '../../../record/history-events.ts';
import type { SeamEntry } from '../../../record/run-history.ts';

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
export type EventGroup = HistoryEvent | QuietChecks | SeamEvent;

/** A resume from a checkpoint, among the events. */
export interface SeamEvent extends SeamEntry {
  readonly type: 'seam';
}

/** Events by falling step; checks in a row that re-activated nothing share one row. */
export function eventGroups(events: readonly HistoryEvent[], seams: readonly SeamEntry[] = []): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  // Events at the step of a checkpoint are part of it, and come before the seam.
  const happened = [...events, ...seams.map((seam): SeamEvent => ({ ...seam, type: 'seam' }))];
  for (const event of happened.sort((a, b) => a.step - b.step)) {
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

function isQuiet(event: HistoryEvent | SeamEvent): event is ReactivationEntry {
  return event.type === 'reactivation' && event.filters.length === 0;
}
