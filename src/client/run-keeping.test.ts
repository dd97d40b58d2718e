import { expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import type { KeepOutcome } from '../worker/runs/kept-run.ts';
import type { Keepsake } from '../worker/runs/run-shelf.ts';
import { keptRunOf } from './kept-run-of.ts';
import { RunRecord } from './run-record.ts';
import { keptRuns } from './testing/kept-runs.ts';

const CHECKPOINT = { config: DEFAULT_CONFIG, step: 7, arms: [] };

function keepsake(runId: string, step: number, checkpoint: Keepsake['checkpoint'] = undefined): Keepsake {
  const history = { kernelShape: [3, 3, 3, 8], arms: {}, events: [], seams: [] } as const;
  return { run: keptRunOf(new RunRecord(runId, DEFAULT_CONFIG), step), history, checkpoint };
}

test('one write at a time; of a run that waits the newest state, with the checkpoint it had', async () => {
  const waits: (() => void)[] = [];
  const { keeping, written } = keptRuns(() => new Promise((resolve) => waits.push(() => resolve('kept'))));
  keeping.put(keepsake('a', 1), true);
  keeping.put(keepsake('a', 7, CHECKPOINT), true);
  keeping.put(keepsake('b', 3), true);
  keeping.put(keepsake('a', 9), true);
  const writes = () => written.map(({ run, checkpoint }) => `${run.runId} ${run.step} ${checkpoint?.step}`);
  expect(writes()).toEqual(['a 1 undefined']);
  waits.shift()?.();
  await vi.waitFor(() => expect(writes()).toHaveLength(2));
  expect(writes()[1]).toBe('a 9 7');
  waits.shift()?.();
  await vi.waitFor(() => expect(writes()).toEqual(['a 1 undefined', 'a 9 7', 'b 3 undefined']));
});

test('a storage that refuses, or fails, is reported and stops nothing', async () => {
  const answers: (() => Promise<KeepOutcome>)[] = [
    async () => 'full',
    () => Promise.reject(new DOMException('no', 'SecurityError')),
    async () => 'kept',
  ];
  const { keeping, outcomes } = keptRuns(() => answers.shift()?.() ?? expect.fail('one write too many'));
  await keeping.keep(keepsake('a', 1));
  await keeping.keep(keepsake('a', 2));
  await keeping.keep(keepsake('a', 3));
  expect(outcomes).toEqual(['full', 'refused', 'kept']);
});

test('a run is held once for this page, and released for others', async () => {
  const { keeping, held } = keptRuns();
  const other = keptRuns();
  expect([await keeping.hold('a'), await keeping.hold('a')]).toEqual([true, true]);
  other.held.add('b');
  expect(await other.keeping.hold('b')).toBe(false);
  // It was asked for again, not remembered as refused.
  other.held.delete('b');
  expect(await other.keeping.hold('b')).toBe(true);
  keeping.release('a');
  await vi.waitFor(() => expect(held.has('a')).toBe(false));
});

test('a run that another page takes is no longer kept, and the page hears of it', async () => {
  const { keeping, written, outcomes, take } = keptRuns();
  const lost = vi.fn();
  await keeping.hold('a');
  await keeping.hold('a', lost);
  await keeping.keep(keepsake('a', 1));
  take.get('a')?.();
  expect(lost).toHaveBeenCalledOnce();
  await keeping.keep(keepsake('a', 2));
  await keeping.keep(keepsake('b', 3));
  expect(written.map(({ run }) => run.step)).toEqual([1, 3]);
  expect(outcomes).toEqual(['kept', 'taken', 'kept']);
});
