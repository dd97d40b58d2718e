import { useRef } from 'react';
import type { ArmName } from '../../../training/events.ts';
import type { RunRecord } from '../../run-record.ts';
import { strongestFirst } from '../shown-layer.ts';

const RESORT_INTERVAL = 1000;

/** Filters by their norm now. Sorted anew at most once a second, and never while the pointer is inside. */
export function useRowOrder(run: RunRecord | undefined, arm: ArmName, pointerInside: boolean): readonly number[] {
  const kept = useRef<{ runId: string; at: number; order: readonly number[] }>(undefined);
  const norms = run?.arms[arm]?.norms.at()?.row;
  if (run === undefined || norms === undefined) return [];
  const now = performance.now();
  const before = kept.current?.runId === run.runId ? kept.current : undefined;
  if (before !== undefined && (pointerInside || now - before.at < RESORT_INTERVAL) && run.alive) return before.order;
  const order = strongestFirst(norms);
  const same = before?.order.every((filter, place) => filter === order[place]) === true;
  kept.current = { runId: run.runId, at: now, order: same && before !== undefined ? before.order : order };
  return kept.current.order;
}
