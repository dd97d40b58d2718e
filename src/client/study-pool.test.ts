import { expect, test, vi } from 'vitest';
import { CRAFT, STANDARD } from '../config/arm.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';
import { type PooledRun, StudyPool } from './study-pool.ts';
import { keptRuns } from './testing/kept-runs.ts';
import { ScriptedClient } from './testing/scripted-client.ts';

const CONFIG: RunConfig = { ...DEFAULT_CONFIG, steps: 10, verifyEvery: 0 };
const ARMS = [STANDARD, CRAFT];

function pool(
  seeds: readonly number[],
  { side = 2, kept = {} }: { side?: number; kept?: Record<string, OpenedRun> } = {},
) {
  const clients: ScriptedClient[] = [];
  const left = seeds.map((seed): PooledRun => ({ runId: `seed-${seed}`, config: { ...CONFIG, seed }, arms: ARMS }));
  const ends: string[] = [];
  const { keeping, held } = keptRuns();
  const study = new StudyPool({
    hire: () => {
      const client = new ScriptedClient();
      clients.push(client);
      return client;
    },
    keeping,
    load: async (runId) => kept[runId],
    side: () => side,
    next: () => left.shift(),
    ended: ({ runId }, { phase, step }) => ends.push(`${runId} ${phase} at ${step}`),
    changed: () => {},
  });
  const starts = (place: number) => clients[place]?.posted.flatMap((one) => (one.type === 'start' ? [one] : [])) ?? [];
  return { study, clients, ends, held, starts };
}

test('the first run starts alone; once its engine is known others train beside it, seed by seed', async () => {
  const { study, clients, ends, starts } = pool([1, 2, 3]);
  study.start();
  expect(study.side).toBe(1);
  await vi.waitFor(() => expect(clients).toHaveLength(2));
  await vi.waitFor(() => expect(starts(1)).toHaveLength(1));
  expect(starts(0)[0]).toMatchObject({ runId: 'seed-1', paused: false, arms: ARMS, config: { seed: 1 } });
  clients[0]?.advance(10);
  expect(ends).toEqual(['seed-1 finished at 10']);
  await vi.waitFor(() => expect(starts(0)).toHaveLength(2));
  clients[1]?.advance(10);
  clients[0]?.advance(10);
  expect(ends).toEqual(['seed-1 finished at 10', 'seed-2 finished at 10', 'seed-3 finished at 10']);
  expect(study.runIds).toEqual([]);
});

test('a pause holds every run and begins none; start resumes them', async () => {
  const { study, clients, ends, starts } = pool([1, 2, 3]);
  study.start();
  await vi.waitFor(() => expect(starts(1)).toHaveLength(1));
  study.pause();
  expect(study.pausing).toBe(false);
  clients[0]?.advance(10);
  expect(ends).toEqual([]);
  study.start();
  clients[0]?.advance(4);
  study.pause();
  clients[1]?.advance(10);
  expect([...study.records.values()].map(({ step, phase }) => `${step} ${phase}`)).toEqual(['4 paused', '0 paused']);
  expect(starts(0)).toHaveLength(1);
});

test('a run that fails or is left makes room for the next one', async () => {
  const { study, clients, ends, starts, held } = pool([1, 2, 3], { side: 1 });
  study.start();
  await vi.waitFor(() => expect(starts(0)).toHaveLength(1));
  clients[0]?.fail({ code: 'loss-not-finite', message: 'No number.', hint: 'Lower.' });
  expect(ends).toEqual(['seed-1 failed at 0']);
  await vi.waitFor(() => expect(starts(0)).toHaveLength(2));
  study.leave('seed-2');
  await vi.waitFor(() => expect(starts(0)).toHaveLength(3));
  expect(clients).toHaveLength(1);
  clients[0]?.advance(10);
  expect(ends).toEqual(['seed-1 failed at 0', 'seed-3 finished at 10']);
  await vi.waitFor(() => expect(held).toEqual(new Set()));
});

function keptAt(runId: string, step: number): OpenedRun {
  return {
    kept: {
      runId,
      config: CONFIG,
      step,
      startedAt: 0,
      updatedAt: 0,
      end: 'open',
      engine: { backend: 'wasm', adapter: 'SIMD' },
      figures: {},
    },
    history: { kernelShape: [3, 3, 3, 32], arms: {}, events: [], seams: [] },
    checkpoint: { config: CONFIG, step, arms: [] },
    arms: ARMS.map((arm) => ({ ...arm, kernelShape: [3, 3, 3, 32] as const, parameters: 1 })),
    classes: 4,
    notices: [],
  };
}

test('a run that was kept resumes from its checkpoint, and one kept at its end is not trained again', async () => {
  const kept = { 'seed-1': keptAt('seed-1', 10), 'seed-2': keptAt('seed-2', 6) };
  const { study, clients, ends, starts } = pool([1, 2], { side: 1, kept });
  study.start();
  await vi.waitFor(() => expect(starts(0)).toHaveLength(1));
  expect(ends).toEqual(['seed-1 finished at 10']);
  expect(starts(0)[0]).toMatchObject({ runId: 'seed-2', from: { step: 6 } });
  clients[0]?.advance(4);
  expect(ends).toEqual(['seed-1 finished at 10', 'seed-2 finished at 10']);
});

test('close ends every worker', async () => {
  const { study, clients, starts } = pool([1, 2]);
  study.start();
  await vi.waitFor(() => expect(starts(1)).toHaveLength(1));
  study.close();
  expect(clients.map(({ restarts }) => restarts)).toEqual([1, 1]);
  expect(study.runIds).toEqual([]);
});
