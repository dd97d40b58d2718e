import { useMemo, useRef } from 'react';
import type { RunRecord } from '../../client/run-record.ts';
import type { ArmName } from '../../record/arm.ts';
import { strongestFirst } from '../../record/shown-layer.ts';
import type { FilterOrder } from '../state/view-store.ts';

const RESORT_INTERVAL = 1000;

interface OrderWish {
  readonly by: FilterOrder;
  /** Step whose norms count; the newest without one. */
  readonly step?: number | undefined;
  /** While it is true nothing moves: the pointer or the focus is on a filter. */
  readonly held: boolean;
}

/**
 * Filters of an arm in the order they are shown; empty before there is telemetry. By norm they are sorted anew at most
 * once a second. The same array until the order is another.
 */
export function useFilterOrder(run: RunRecord | undefined, arm: ArmName, wish: OrderWish): readonly number[] {
  const { by, step, held } = wish;
  const count = run?.arms[arm]?.filters ?? 0;
  const byIndex = useMemo(() => Array.from({ length: count }, (_, filter) => filter), [count]);
  const kept = useRef<{ runId: string; step: number | undefined; at: number; order: readonly number[] }>(undefined);
  const norms = run?.arms[arm]?.norms.at(step)?.row;
  if (run === undefined || norms === undefined) return NONE;
  if (by === 'index') {
    kept.current = undefined;
    return byIndex;
  }
  const now = performance.now();
  const before = kept.current?.runId === run.runId ? kept.current : undefined;
  if (before !== undefined) {
    const early = before.step === step && run.alive && now - before.at < RESORT_INTERVAL;
    if (held || early) return before.order;
  }
  const order = strongestFirst(norms);
  const same = before?.order.every((filter, place) => filter === order[place]) === true;
  kept.current = { runId: run.runId, step, at: now, order: same && before !== undefined ? before.order : order };
  return kept.current.order;
}

const NONE: readonly number[] = [];
