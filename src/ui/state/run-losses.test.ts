import { describe, expect, test, vi } from 'vitest';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { createRunStore } from './run-store.ts';

const SHORT = { ...DEFAULT_CONFIG, steps: 200, verifyEvery: 50 };

function opened(config = SHORT) {
  const client = new ScriptedClient();
  const store = createRunStore(client, { config });
  return { client, store, state: store.getState, actions: store.actions };
}

describe('a run whose device or worker is lost', () => {
  const lost = { code: 'device-lost', message: 'The graphics card stopped answering.', hint: '' } as const;
  const unloaded = { code: 'internal', message: 'The training worker could not be loaded.', hint: 'Reload.' } as const;
  const starts = (client: ScriptedClient) =>
    client.posted.flatMap((command) =>
      command.type === 'start'
        ? [[command.from?.step ?? 0, command.paused, command.engine?.backend ?? command.config.backend]]
        : [],
    );

  test('resumes from its last checkpoint in a fresh worker, on the engine it started with', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(60);
    client.takeCheckpoint();
    client.advance(40);
    client.fail(lost);
    expect(client.restarts).toBe(1);
    expect(starts(client)).toEqual([
      [0, false, 'auto'],
      [60, false, 'webgpu'],
    ]);
    expect(state().pageRun?.interruption).toMatchObject({ cause: 'device-lost', lostAt: 100, from: 60, goesOn: true });
    client.advance(200);
    const run = state().run;
    expect([run?.phase, run?.step, run?.seams.length]).toEqual(['finished', 200, 1]);
    const steps = Array.from(run?.arms.craft?.loss.steps ?? []);
    expect(steps).toEqual(Array.from({ length: 40 }, (_, tick) => (tick + 1) * 5));
    actions.train();
    expect(state().pageRun?.interruption).toBeUndefined();
  });

  test('stays paused if it was, however often that happens', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(60);
    client.takeCheckpoint();
    actions.pause();
    for (let loss = 0; loss < 10; loss++) client.fail(lost);
    expect(starts(client)).toHaveLength(11);
    expect(starts(client).at(-1)).toEqual([60, true, 'webgpu']);
    expect([state().run?.phase, state().run?.seams.length]).toEqual(['paused', 1]);
  });

  test('is given up after three tries without a newer checkpoint, and resumes on request', () => {
    vi.useFakeTimers();
    const { client, state, actions } = opened();
    actions.train();
    client.advance(60);
    client.takeCheckpoint();
    client.advance(40);
    for (let loss = 0; loss < 4; loss++) {
      client.fail(lost);
      vi.advanceTimersByTime(5000);
    }
    expect(starts(client)).toHaveLength(4);
    expect(state().pageRun?.interruption).toMatchObject({ lostAt: 100, from: 60, goesOn: false });
    expect([state().run?.phase, state().run?.seams.length]).toEqual(['failed', 1]);
    actions.resumeFailed({ backend: 'wasm' });
    expect(starts(client).at(-1)).toEqual([60, false, 'wasm']);
    expect(state().pageRun?.interruption).toBeUndefined();
    client.advance(20);
    client.takeCheckpoint();
    client.fail(lost);
    expect(state().pageRun?.interruption).toMatchObject({ from: 80, goesOn: true });
    vi.useRealTimers();
  });

  test('does not come back after a reset', () => {
    vi.useFakeTimers();
    const { client, actions } = opened();
    actions.train();
    client.fail(lost);
    client.fail(lost);
    actions.reset();
    vi.advanceTimersByTime(60_000);
    expect(starts(client)).toHaveLength(2);
    vi.useRealTimers();
  });

  test.each([
    ['that cannot be loaded', (client: ScriptedClient) => client.emit({ type: 'engine-failed', failure: unloaded })],
    ['in which it fails', (client: ScriptedClient) => client.fail(unloaded)],
  ])('resumed in a worker %s, fails with the reason, and no longer says that it resumes', (_, fail) => {
    const { client, state, actions } = opened();
    actions.train();
    client.emit({ type: 'engine-failed', failure: lost });
    expect(state().pageRun?.interruption).toMatchObject({ goesOn: true });
    fail(client);
    expect(state().run).toMatchObject({ phase: 'failed', failure: unloaded });
    expect(state().pageRun?.interruption).toBeUndefined();
  });

  test('whose memory is short resumes with a smaller batch, and all readings stay', () => {
    const { client, state, actions } = opened();
    actions.train();
    client.advance(60);
    client.takeCheckpoint();
    client.fail({ code: 'out-of-memory', message: 'Not enough.', hint: 'Try 16.' });
    expect(state().run?.phase).toBe('failed');
    actions.resumeFailed({ batchSize: 16 });
    expect(client.posted.findLast(({ type }) => type === 'start')).toMatchObject({
      config: { batchSize: 16 },
      from: { step: 60 },
    });
    expect([state().config.batchSize, state().run?.seams[0]?.note]).toEqual([16, 'batch 16']);
    expect(state().run?.arms.craft?.norms.at()?.step).toBe(60);
  });

  test('without a run another engine is looked for without a word, but not for ever', () => {
    const { client, state } = opened();
    client.emit({ type: 'engine-failed', failure: lost });
    expect([client.restarts, state().engineFailure, state().engine?.backend]).toEqual([1, undefined, 'webgpu']);
    client.emit({ type: 'engine-failed', failure: lost });
    expect([client.restarts, state().engineFailure]).toEqual([1, lost]);
  });
});
