import { describe, expect, test } from 'vitest';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { createRunStore } from './run-store.ts';

const SHORT = { ...DEFAULT_CONFIG, steps: 200, verifyEvery: 50 };

function opened(config = SHORT) {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config });
  return { client, store, state: store.getState, actions: store.actions };
}

const types = (client: ScriptedClient) => client.posted.map(({ type }) => type);

describe('before a run', () => {
  test('looks for an engine and shows the filters a run would start from', () => {
    const { client, state } = opened();
    expect(types(client)).toEqual(['probe', 'preview']);
    expect(state().engine?.adapter).toBe('NVIDIA');
    expect(state().preview?.shape).toEqual([3, 3, 3, 32]);
  });

  test('chooses Small on a processor, Quick look on a graphics card', () => {
    const wasm = createRunStore(new ScriptedClient({ backend: 'wasm', adapter: 'SIMD', software: false }));
    expect(wasm.getState().preset).toBe('small');
    expect(createRunStore(new ScriptedClient()).getState().preset).toBe('quick');
  });

  test('leaves settings of a link or of the user alone when the engine is known', () => {
    const { client, state, actions } = opened();
    expect(state().config).toEqual(SHORT);
    actions.setConfig({ weightDecay: 0.005 });
    client.emit({ type: 'engine', engine: { backend: 'wasm', adapter: 'SIMD', software: false } });
    expect(state().config.weightDecay).toBe(0.005);
  });

  test('clamps the value of a field', () => {
    const { actions, state } = opened();
    actions.setConfig({ batchSize: 100_000 });
    expect(state().config.batchSize).toBe(512);
  });

  test('asks for other filters only when they would differ', () => {
    const { client, actions } = opened();
    actions.setConfig({ learningRate: 0.2 });
    actions.setConfig({ filters: 64 });
    expect(types(client)).toEqual(['probe', 'preview', 'preview']);
  });
});

describe('a run', () => {
  test('keeps the readings of both arms, column by column', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(200);
    const run = state().run;
    expect([run?.phase, run?.outcome, run?.step]).toEqual(['finished', 'completed', 200]);
    expect(run?.arms.standard?.loss.length).toBe(40);
    expect(run?.arms.craft?.norms.length).toBe(41);
    expect(run?.arms.standard?.verification.length).toBe(4);
    const standard = run?.arms.standard?.layerAt();
    const craft = run?.arms.craft?.layerAt();
    expect(standard?.inactiveCount).toBeGreaterThan(craft?.inactiveCount ?? 99);
    expect(run?.events.some((event) => event.type === 'reactivation' && event.filters.length > 0)).toBe(true);
  });

  test('the layer of an earlier step is the one of that step', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(100);
    const then = state().run?.arms.craft?.layerAt();
    const norms = Array.from(then?.norms ?? []);
    client.advance(100);
    const again = state().run?.arms.craft?.layerAt(102);
    expect(again?.step).toBe(100);
    expect(Array.from(again?.norms ?? [])).toEqual(norms);
    expect(again?.kernelStep).toBe(100);
  });

  test('counts how often a filter was re-activated up to a step', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(200);
    const run = state().run;
    const event = run?.events.find(({ type }) => type === 'reactivation');
    const first = run?.events.find((e) => e.type === 'reactivation' && e.filters.length > 0);
    if (first?.type !== 'reactivation') throw new Error('no re-activation in the script');
    const filter = first.filters[0] ?? -1;
    expect(event).toBeDefined();
    expect(run?.arms.craft?.reactivationsOf(filter, first.step)).toEqual({ last: first.step, times: 1 });
    expect(run?.arms.craft?.reactivationsOf(filter, first.step - 1)).toEqual({ last: -1, times: 0 });
    expect(run?.arms.standard?.reactivationsOf(filter)).toEqual({ last: -1, times: 0 });
  });

  test('is paused when the worker says so, not when it was asked', () => {
    const { client, state, actions } = opened();
    client.post = (command) => client.posted.push(command);
    actions.train();
    const runId = state().run?.runId ?? '';
    client.emit({ type: 'run-event', event: { type: 'compiling', runId, step: 0 } });
    actions.pause();
    actions.pause();
    expect([state().run?.phase, state().pageRun?.pausing]).toEqual(['compiling', true]);
    client.emit({ type: 'run-event', event: { type: 'paused', runId, step: 3 } });
    expect([state().run?.phase, state().pageRun?.pausing]).toEqual(['paused', false]);
    expect(types(client).filter((type) => type === 'pause')).toHaveLength(1);
  });

  test('steps from the start and stays paused', () => {
    const { client, state, actions } = opened();
    actions.step();
    actions.step();
    expect([state().run?.phase, state().run?.step]).toEqual(['paused', 2]);
    expect(types(client).slice(2)).toEqual(['start', 'step', 'step']);
  });

  test('events of a run that was reset change nothing', () => {
    const { client, state, actions } = opened();
    actions.train();
    const runId = state().run?.runId ?? '';
    actions.reset();
    actions.train();
    const step = state().run?.step;
    client.emit({ type: 'run-event', event: { type: 'paused', runId, step: 150 } });
    expect([state().run?.step, state().run?.phase]).toEqual([step, 'compiling']);
  });

  test('live settings reach the worker immediately, others wait for the next run', () => {
    const { client, state, actions } = opened();
    actions.train();
    actions.setConfig({ craft: false, weightDecay: 0.001 });
    const sent = client.posted.at(-1);
    expect(sent?.type === 'live-settings' && [sent.config.craft, sent.config.weightDecay]).toEqual([false, 0.01]);
    expect([state().run?.config.weightDecay, state().config.weightDecay]).toEqual([0.01, 0.001]);
    client.advance(10);
    expect(state().run?.events.map(({ type }) => type)).toEqual(['craft-switched']);
  });

  test('CRAFT that was turned off in mid-run is on again in the next run; turned off at rest it stays off', () => {
    const { client, state, actions } = opened();
    actions.train();
    actions.setConfig({ craft: false });
    client.advance(200);
    expect([state().run?.phase, state().config.craft]).toEqual(['finished', false]);
    actions.train();
    expect([state().run?.config.craft, state().config.craft]).toEqual([true, true]);
    client.advance(200);
    actions.setConfig({ craft: false });
    actions.train();
    expect([state().run?.config.craft, state().config.craft]).toEqual([false, false]);
  });

  test('a failure ends it with its sentence', () => {
    const { client, state, actions } = opened();
    actions.train();
    const failure = { code: 'internal', message: 'The engine failed.', hint: 'Start again.' } as const;
    client.emit({ type: 'engine-failed', failure });
    expect([state().run?.phase, state().run?.failure, state().run?.alive]).toEqual(['failed', failure, false]);
  });

  test('redraws at most ten times a second while it trains', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(1);
    const before = state().version;
    client.advance(150);
    expect(state().version - before).toBeLessThanOrEqual(2);
  });
});

describe('a run that resumes from a checkpoint', () => {
  test('keeps the record before it, loses the record after it, and shows the seam', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(104);
    const run = state().run;
    const arm = run?.arms.craft;
    if (run === undefined || arm === undefined) throw new Error('no run');
    const columns = () => [arm.norms.steps.join(), arm.loss.steps.join(), arm.layerAt()?.norms.join()];
    const at100 = columns();
    const checks = run.events.length;
    const layer = { norms: arm.norms.at()?.row.slice() ?? new Float32Array(0), step: 100 };
    client.advance(60);
    run.goOnFrom(100, 'device-lost');
    expect(columns()).toEqual(at100);
    expect(run.events.length).toBe(checks);
    expect([run.step, run.phase, run.seams]).toEqual([
      100,
      'preparing',
      [{ step: 100, lostAt: 160, reason: 'device-lost' }],
    ]);
    // The worker reports the filters of the checkpoint's step again.
    const filters = {
      type: 'filters',
      runId: run.runId,
      arm: 'craft',
      inactiveShare: 0,
      relativeInactiveShare: 0,
      contributions: layer.norms,
      unusedShare: 0,
    } as const;
    const arrays = { maxAbs: layer.norms, foldedNorms: layer.norms, inactive: new Uint8Array(layer.norms.length) };
    run.apply({ ...filters, ...arrays, norms: layer.norms, step: 100 });
    expect(columns()).toEqual(at100);
    run.apply({ ...filters, ...arrays, norms: layer.norms, step: 105 });
    expect(arm.norms.at()?.step).toBe(105);
  });
});

describe('own faces', () => {
  const summary = {
    name: 'people',
    identities: 9,
    images: 90,
    unreadable: { count: 0, first: [] },
    tree: '3 people',
    aligned: true,
    notes: [],
    doubts: [],
    samples: { size: 8, images: new Uint8Array(0) },
  };
  const requested = (client: ScriptedClient) => {
    const last = client.posted.findLast(({ type }) => type === 'import-faces');
    return last?.type === 'import-faces' ? last.requestId : '';
  };

  test('are used once they are read, and given back', () => {
    const { client, state, actions } = opened();
    actions.importFaces('people', []);
    client.emit({ type: 'import-done', requestId: requested(client), summary });
    expect([state().config.faces, state().faces.summary?.identities]).toEqual(['own', 9]);
    actions.useSyntheticFaces();
    expect([state().config.faces, state().faces.summary]).toEqual(['synthetic', undefined]);
    expect(types(client)).toContain('forget-faces');
  });

  test('a failed import leaves the faces in use', () => {
    const { client, state, actions } = opened();
    actions.importFaces('people', []);
    client.emit({ type: 'import-done', requestId: requested(client), summary });
    actions.importFaces('bad.zip', []);
    const failure = {
      code: 'one-person',
      message: 'Only 1 person found.',
      hint: 'Use one folder per person.',
    } as const;
    client.emit({ type: 'import-failed', requestId: requested(client), failure });
    expect([state().faces.failure, state().faces.summary?.name, state().config.faces]).toEqual([
      failure,
      'people',
      'own',
    ]);
  });

  test('a cancelled import is not waited for', () => {
    const { client, state, actions } = opened();
    actions.importFaces('people', []);
    const requestId = requested(client);
    actions.cancelImport();
    client.emit({ type: 'import-done', requestId, summary });
    expect([state().config.faces, state().faces.summary]).toEqual(['synthetic', undefined]);
  });
});
