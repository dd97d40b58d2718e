import type { ArmRecord } from './arm-record.ts';
import { decimate } from './decimation.ts';

/** An event in the life of a filter, with its step. */
export interface LifeEvent {
  readonly kind: 'died' | 'recovered' | 're-activated';
  readonly step: number;
}

/**
 * When a filter became inactive, was re-activated, or became active without a check, up to `step`, by rising step.
 * Steps of deaths are those of the readings that are kept: in a long run some steps late.
 */
export function filterLife(record: ArmRecord, filter: number, step = Number.POSITIVE_INFINITY): readonly LifeEvent[] {
  const { steps, rows } = record.tables.inactive;
  const events: LifeEvent[] = record
    .reactivationSteps(filter)
    .filter((at) => at <= step)
    .map((at) => ({ kind: 're-activated', step: at }));
  const reactivated = events.map((event) => event.step);
  for (let row = 1; row < steps.length; row++) {
    const [from = 0, at = 0] = [steps[row - 1], steps[row]];
    if (at > step) break;
    const [was, is] = [rows[(row - 1) * record.filters + filter], rows[row * record.filters + filter]];
    if (was === 0 && is === 1) events.push({ kind: 'died', step: at });
    const checked = reactivated.some((check) => check >= from && check <= at);
    if (was === 1 && is === 0 && !checked) events.push({ kind: 'recovered', step: at });
  }
  // A filter is read as inactive and re-activated at the same step.
  const later = ({ kind }: LifeEvent) => (kind === 're-activated' ? 1 : 0);
  return events.sort((a, b) => a.step - b.step || later(a) - later(b));
}

/** A filter's value over the run, as few points as draw the same line. */
export interface FilterCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

const MOST_POINTS = 120;

/** Norm or use of a filter over the run; without points where it was not measured. */
export function filterCurve(record: ArmRecord, table: 'norms' | 'contributions', filter: number): FilterCurve {
  const { steps, rows } = record.tables[table];
  const values = Float32Array.from(steps, (_, row) => rows[row * record.filters + filter] ?? 0);
  const kept = decimate(steps, values, MOST_POINTS);
  return { steps: kept.map((row) => steps[row] ?? 0), values: kept.map((row) => values[row] ?? 0) };
}
