import { expect, test } from 'vitest';
import { restoredRun } from '../../client/restored-run.ts';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { CRAFT, STANDARD } from '../../config/arm.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import { chartRows } from '../../record/figures/chart-rows.ts';
import type { RunHistory } from '../../record/run-history.ts';
import { shownLayer } from '../../record/shown-layer.ts';
import type { OpenedRun } from '../../worker/runs/kept-run.ts';
import { createRunStore } from './run-store.ts';

const config: RunConfig = { ...DEFAULT_CONFIG, steps: 1000, filters: 8, telemetryEvery: 1, kernelEvery: 50 };

function runUpTo(step: number) {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config });
  store.actions.train();
  client.advance(step);
  const run = store.getState().run ?? expect.fail('no run');
  return { run, history: run.history() ?? expect.fail('no history') };
}

function opened(history: RunHistory, step: number, settings: RunConfig = config): OpenedRun {
  const state = new Map();
  return {
    kept: {
      runId: 'kept',
      config: settings,
      step,
      startedAt: 0,
      updatedAt: 0,
      end: 'open',
      engine: { backend: 'wasm', adapter: 'SIMD' },
      figures: {},
      faces: settings.faces === 'own' ? { name: 'people', identities: 5, images: 40 } : undefined,
    },
    history,
    checkpoint: { config: settings, step, arms: [STANDARD, CRAFT].map((arm) => ({ ...arm, state })) },
    arms: [STANDARD, CRAFT].map((arm) => ({ ...arm, kernelShape: history.kernelShape, parameters: 1 })),
    classes: 10,
    notices: [],
  };
}

test('an opened run shows all of the run: charts, walls of any step, events', () => {
  const { run, history } = runUpTo(600);
  const again = restoredRun(opened(history, 600));
  for (const name of ['loss', 'inactiveShare', 'verification'] as const) {
    expect(chartRows(again, name)).toEqual(chartRows(run, name));
  }
  for (const step of [0, 333, undefined])
    expect(shownLayer(again, 'craft', step)).toEqual(shownLayer(run, 'craft', step));
  expect(again.eventSteps).toEqual(run.eventSteps);
  expect(again.eventSteps.length).toBeGreaterThan(2);
  expect([again.step, again.phase, again.totalSteps]).toEqual([600, 'paused', 1000]);
});

test('the kept record of a long run stays as thin as it was, however often it is opened', () => {
  const { history } = runUpTo(500);
  const table = history.arms.craft?.norms ?? expect.fail('no table');
  const long = { ...table, stride: 8 };
  const craft = { ...(history.arms.craft ?? expect.fail('no arm')), norms: long };
  const again = restoredRun(opened({ ...history, arms: { craft } }, 500));
  expect(again.history()?.arms.craft?.norms).toEqual(long);
});

test('an opened run resumes from its checkpoint, and new readings follow the old ones', () => {
  const { history } = runUpTo(600);
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: DEFAULT_CONFIG });
  const run = restoredRun(opened(history, 600));
  store.actions.openRun(run, []);
  expect(store.getState().config.steps).toBe(1000);
  expect(client.posted.some(({ type }) => type === 'start')).toBe(false);
  store.actions.train();
  const start = client.posted.find((command) => command.type === 'start');
  expect(start).toMatchObject({ runId: 'kept', paused: false, from: { step: 600 } });
  // The page has another engine than the run began with: from here on it sums in another order.
  expect(run.seams).toEqual([{ step: 600, lostAt: 600, reason: 'closed', note: 'engine webgpu' }]);
  expect(run.arms.craft?.loss.valueAt(600)).toBe(chartRows(run, 'loss').at(-1)?.craft);
});

test('a run that is opened sums on as it began: with the variants of the kernels it was saved with', () => {
  const { history } = runUpTo(100);
  const client = new ScriptedClient();
  const store = createRunStore(client, { config });
  client.emit({ type: 'engine', engine: { backend: 'webgpu', adapter: 'a card', software: false } });
  const variants = { convolution: 'many', product: 'few' };
  const saved = opened(history, 100);
  const engine = { backend: 'webgpu', adapter: 'another card', variants };
  store.actions.openRun(restoredRun({ ...saved, kept: { ...saved.kept, engine } }), []);
  store.actions.train();
  const start = client.posted.find((command) => command.type === 'start');
  expect(start?.engine).toMatchObject({ backend: 'webgpu', variants });
});

test('a run that begins with weights of a file starts from them, and nothing of it was resumed', () => {
  const { history } = runUpTo(0);
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: DEFAULT_CONFIG });
  const weights = { file: 'run.zip', arm: 'standard', step: 2400, crc32: 1, centres: 'file' } as const;
  const saved = opened(history, 0);
  const run = restoredRun({ ...saved, kept: { ...saved.kept, weights } });
  store.actions.openRun(run, []);
  store.actions.train();
  expect(client.posted.find((command) => command.type === 'start')).toMatchObject({ paused: false, from: { step: 0 } });
  expect([run.seams, run.weights]).toEqual([[], weights]);
});

test('a run on own faces waits for them: as many people and images as it was trained on', () => {
  const { history } = runUpTo(100);
  const client = new ScriptedClient();
  const store = createRunStore(client, { config: DEFAULT_CONFIG });
  store.actions.openRun(restoredRun(opened(history, 100, { ...config, faces: 'own' })), []);
  const started = () => client.posted.some(({ type }) => type === 'start');
  const drop = (identities: number) => {
    store.actions.importFaces('people', []);
    const asked = client.posted.findLast((command) => command.type === 'import-faces');
    const samples = { size: 1, images: new Uint8Array(3) };
    const summary = {
      name: 'people',
      identities,
      images: 40,
      unreadable: { count: 0, first: [] },
      tree: '',
      aligned: true,
      notes: [],
      doubts: [],
      samples,
    };
    client.emit({ type: 'import-done', requestId: asked?.requestId ?? '', summary });
    store.actions.train();
  };
  store.actions.train();
  expect(started()).toBe(false);
  drop(4);
  expect(started()).toBe(false);
  drop(5);
  expect(started()).toBe(true);
});
