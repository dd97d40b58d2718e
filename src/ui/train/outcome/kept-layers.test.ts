import { expect, test } from 'vitest';
import { keptRunOf } from '../../../client/kept-run-of.ts';
import { RunRecord } from '../../../client/run-record.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../../config/run-config.ts';
import { MeasuredRun } from '../../../record/measured-run.ts';
import type { ListedRun } from '../../../worker/runs/kept-run.ts';
import { asRepetition } from './final-layers.ts';
import { keptLayers } from './kept-layers.ts';

/** A run with one filter an arm, of this weight, after its last step. */
function measured(config: RunConfig, weight: number, switched = false): MeasuredRun {
  const run = new MeasuredRun(config);
  run.begin(['standard', 'craft'].map((name) => ({ name, kernelShape: [1, 1, 1, 1] })));
  if (switched) run.measure({ type: 'craft-switched', arm: 'craft', step: 1, enabled: false });
  for (const arm of ['standard', 'craft']) {
    run.measure({
      type: 'filters',
      arm,
      step: config.steps,
      norms: Float32Array.of(1),
      maxAbs: Float32Array.of(1),
      inactive: Uint8Array.of(0),
      inactiveShare: 0,
      relativeInactiveShare: 0,
      contributions: Float32Array.of(1),
      unusedShare: 0,
      kernel: Float32Array.of(weight),
    });
  }
  return run;
}

const CONFIG: RunConfig = { ...DEFAULT_CONFIG, steps: 10, seed: 1 };

function listed(runId: string, config: Partial<RunConfig>, change: Partial<ListedRun> = {}): ListedRun {
  const run = keptRunOf(new RunRecord(runId, { ...CONFIG, ...config }), 10);
  return { ...run, end: 'completed', bytes: 1000, busy: false, ...change };
}

/** A storage with these runs; a run named "gone" was deleted meanwhile. */
function storage(...runs: readonly ListedRun[]) {
  return {
    list: async () => ({ runs, storage: { used: 1, quota: 2 } }),
    loadHistory: async (runId: string) => {
      const run = runs.find((one) => one.runId === runId);
      const history = run && measured(run.config, run.config.seed, runId === 'switched').history();
      if (runId === 'gone' || run === undefined || history === undefined) throw new Error('There is no such run.');
      return { type: 'history', history, config: run.config } as const;
    },
  };
}

const found = async (known: readonly string[], ...runs: readonly ListedRun[]) =>
  keptLayers(storage(...runs), { config: CONFIG }, new Set(known));

test('kept runs that differ in their seed alone give their last first layers', async () => {
  const [second, third] = await found([], listed('b', { seed: 2 }), listed('c', { seed: 3 }));
  expect([second?.runId, third?.runId]).toEqual(['b', 'c']);
  expect([...(second?.standard.kernel ?? [])]).toEqual([2]);
  expect([...(third?.craft?.kernel ?? [])]).toEqual([3]);
  expect(third?.step).toBe(10);
});

test('no others count: of the same seed, of other settings or faces, unfinished, known, from weights of a file, or gone', async () => {
  const photos = { name: 'photos', identities: 9, images: 90 };
  const none = await found(
    ['known'],
    listed('same', { seed: 1 }),
    listed('wider', { seed: 2, filters: 16 }),
    listed('photos', { seed: 2 }, { faces: photos }),
    listed('open', { seed: 2 }, { end: 'open' }),
    listed('known', { seed: 2 }),
    listed('weights', { seed: 2 }, { weights: { file: 'a.zip', arm: 'craft', step: 1, crc32: 7, centres: 'seed' } }),
    listed('gone', { seed: 2 }),
  );
  expect(none).toEqual([]);
});

test('of other settings of CRAFT, or switched in mid-run, a run is a control alone', async () => {
  const [random, switched] = await found(
    [],
    listed('r', { seed: 2, strategy: 'random' }),
    listed('switched', { seed: 3 }),
  );
  expect(random && asRepetition(random, { config: CONFIG })).toMatchObject({ runId: 'r', craft: undefined });
  expect(random && asRepetition(random, { config: random.config }).craft).toBeDefined();
  expect(switched).toMatchObject({ runId: 'switched', craft: undefined });
  expect([...(switched?.standard.kernel ?? [])]).toEqual([3]);
});
