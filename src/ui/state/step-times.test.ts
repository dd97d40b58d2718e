import { expect, test } from 'vitest';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { PRESET_IDS, withPreset } from '../../config/presets.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { createRunStore } from './run-store.ts';
import { setStudying, takesLong, watchStepTimes } from './step-times.ts';
import { useView } from './view-store.ts';

/** A page whose store asks a made-up worker on an engine of its own, since times are kept by engine. */
function opened(adapter: string, { answers = true, software = false } = {}) {
  const client = new ScriptedClient({ backend: 'wasm', adapter, software });
  const post = client.post.bind(client);
  if (!answers) {
    client.post = (command) => (command.type === 'time-steps' ? client.posted.push(command) : post(command));
  }
  const store = createRunStore(client, { config: { ...DEFAULT_CONFIG, steps: 20, verifyEvery: 10 } });
  watchStepTimes(store, client);
  const asked = async () => {
    // Asked in a microtask of its own.
    await Promise.resolve();
    return client.posted.flatMap((command) => (command.type === 'time-steps' ? [command.configs] : []));
  };
  return { client, store, asked, ...store };
}

test('the idle worker is asked for the presets and the settings, each kind of step once', async () => {
  const { asked, actions } = opened('asked');
  // Small and Nothing dies have the same step, and the settings differ from Small in their length alone.
  expect((await asked()).map((configs) => configs.length)).toEqual([PRESET_IDS.length - 1]);
  actions.setConfig({ weightDecay: 0.02 });
  expect(await asked()).toHaveLength(1);
  actions.setConfig({ filters: 16 });
  expect((await asked()).at(-1)?.map(({ filters }) => filters)).toEqual([16]);
});

test('nothing is timed while a run trains, on emulated hardware, or behind another tab', async () => {
  const { asked, actions, client } = opened('busy', { answers: false });
  await asked();
  actions.train();
  actions.setConfig({ filters: 16 });
  expect(await asked()).toHaveLength(1);
  client.advance(20);
  // Now the run is over, all that is still unknown; its own step is known from its pace.
  expect((await asked()).at(-1)?.map(({ filters }) => filters)).toContain(16);
  expect((await asked()).at(-1)).toHaveLength(PRESET_IDS.length - 1);
  expect(await opened('emulated', { software: true }).asked()).toEqual([]);
  useView.setState({ screen: 'method' });
  const behind = opened('behind');
  expect(await behind.asked()).toEqual([]);
  // A study is of the settings alone.
  useView.setState({ screen: 'study' });
  expect((await behind.asked()).map((configs) => configs.length)).toEqual([1]);
  useView.setState({ screen: 'train' });
  expect(await behind.asked()).toHaveLength(2);
});

test('a study is timed on one thread, as its runs train', async () => {
  const client = new ScriptedClient({
    backend: 'wasm',
    adapter: 'threads',
    software: false,
    threads: 4,
    sharesSteps: true,
  });
  const store = createRunStore(client, { config: DEFAULT_CONFIG });
  const asked = () => client.posted.flatMap((command) => (command.type === 'time-steps' ? [command.threads] : []));
  useView.setState({ screen: 'study' });
  watchStepTimes(store, client);
  await Promise.resolve();
  expect(asked()).toEqual([1]);
  // Two arms on four threads share each step: another kind of step.
  useView.setState({ screen: 'train' });
  await Promise.resolve();
  expect(asked()).toEqual([1, undefined]);
  useView.setState({ screen: 'study' });
  await Promise.resolve();
  expect(asked()).toHaveLength(2);
});

test('while a study trains nothing is timed, and no time or pace is taken', async () => {
  setStudying(true);
  const { asked, actions, client, getState } = opened('study', { answers: false });
  expect(await asked()).toEqual([]);
  actions.setConfig({ filters: 24 });
  actions.train();
  client.advance(20);
  const { engine, config } = getState();
  if (engine === undefined) throw new Error('The engine is not known.');
  client.emit({ type: 'step-time', engine, config, time: { ms: 25, whole: true } });
  expect(await asked()).toEqual([]);
  setStudying(false);
  expect((await asked()).at(-1)?.map(({ filters }) => filters)).toContain(24);
});

test('settings that were not timed are not asked for again and again', async () => {
  const { asked, actions } = opened('refused', { answers: false });
  await asked();
  actions.setConfig({ weightDecay: 0.02 });
  expect(await asked()).toHaveLength(1);
});

test('Train asks before a run of over ten minutes, and the answer starts it', async () => {
  const { actions, asked, getState } = opened('long');
  await asked();
  actions.choosePreset('insightface');
  actions.train();
  expect(useView.getState().longRunAsked).toBe(true);
  expect(getState().run).toBeUndefined();
  actions.trainAnyway();
  expect(getState().run?.config.steps).toBe(10_000);
  actions.reset();
  useView.setState({ longRunAsked: false });
  actions.choosePreset('small');
  actions.train();
  expect(useView.getState().longRunAsked).toBe(false);
  expect(getState().run?.config.steps).toBe(2400);
});

test('before anything is timed, the work of Small is the measure', () => {
  const { getState } = opened('unknown', { answers: false });
  const state = getState();
  expect(takesLong({ ...state, config: withPreset('small') })).toBe(false);
  expect(takesLong({ ...state, config: withPreset('quick') })).toBe(false);
  expect(takesLong({ ...state, config: withPreset('insightface') })).toBe(true);
});
