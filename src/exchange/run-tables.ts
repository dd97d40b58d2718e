import { csvLine } from '../formats/csv-line.ts';
import type { ArmHistory, RunHistory } from '../record/run-history.ts';

/** Metrics as a table: one row an arm and step at which anything of it was measured. */
export function metricsCsv(history: RunHistory): string {
  const rows = Object.entries(history.arms).flatMap(([name, arm]) => armRows(name, arm));
  return ['arm,step,loss,inactive_share,relative_inactive_share,unused_share,accuracy', ...rows, ''].join('\n');
}

function armRows(name: string, arm: ArmHistory): readonly string[] {
  const columns = [arm.loss, arm.inactiveShare, arm.relativeInactiveShare, arm.unusedShare, arm.verification].map(
    ({ steps, rows }) => new Map(Array.from(steps, (step, index) => [step, rows[index] ?? Number.NaN])),
  );
  const steps = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return steps.map((step) => csvLine([name, step, ...columns.map((column) => column.get(step))]));
}

/** Re-activations and switches as a table: one row a re-activated filter, with the criterion's value before. */
export function eventsCsv(history: RunHistory): string {
  const rows = history.events.flatMap((event) =>
    event.type === 'reactivation'
      ? event.filters.map((filter, place) =>
          csvLine([event.step, event.arm, event.type, event.strategy, filter, event.values[place]]),
        )
      : [csvLine([event.step, event.arm, event.enabled ? 'craft-on' : 'craft-off', '', '', ''])],
  );
  return ['step,arm,event,strategy,filter,value', ...rows, ''].join('\n');
}
