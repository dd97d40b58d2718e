import type { HistoryEvent } from './history-events.ts';

/** CRAFT was switched in mid-run. */
export interface CraftSwitch {
  readonly step: number;
  readonly enabled: boolean;
}

/** The switches of the CRAFT arm, by rising step. */
export function craftSwitches(events: readonly HistoryEvent[]): readonly CraftSwitch[] {
  return events.flatMap((event) =>
    event.type === 'craft-switched' && event.arm === 'craft' ? [{ step: event.step, enabled: event.enabled }] : [],
  );
}

/** The steps during which CRAFT was off, up to `end`. A run whose first switch is "on" began with CRAFT off. */
export function offSpans(
  switches: readonly CraftSwitch[],
  end: number,
): readonly { readonly from: number; readonly to: number }[] {
  const spans: { readonly from: number; readonly to: number }[] = [];
  let off = switches[0]?.enabled === true ? 0 : undefined;
  for (const { step, enabled } of switches) {
    if (!enabled) off ??= step;
    else if (off !== undefined) {
      if (step > off) spans.push({ from: off, to: step });
      off = undefined;
    }
  }
  if (off !== undefined && end > off) spans.push({ from: off, to: end });
  return spans;
}

/** "off from step 777", "off from step 777 to 1 010"; empty where CRAFT was never off. */
export function offInWords(switches: readonly CraftSwitch[], end: number, format: (step: number) => string): string {
  return offSpans(switches, end)
    .map(({ from, to }) => `off from step ${format(from)}${to < end ? ` to ${format(to)}` : ''}`)
    .join(', ');
}
