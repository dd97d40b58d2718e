import { createStore } from 'zustand/vanilla';
import { afterImportMessage, facesIn, NO_FACES } from '../../client/faces-state.ts';
import { Recovery } from '../../client/recovery.ts';
import type { RunClient } from '../../client/run-client.ts';
import { lacksFaces, RunRecord, underWay } from '../../client/run-record.ts';
import { presetMatching, withPreset } from '../../config/presets.ts';
import {
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigNotice,
  DEFAULT_CONFIG,
  fieldOf,
  type RunConfig,
  readConfig,
} from '../../config/run-config.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { Failure } from '../../training/events.ts';
import type { Message } from '../../worker/protocol.ts';
import { faceActions } from './face-actions.ts';
import type { RunActions, RunState, RunStore } from './run-state.ts';
import { throttle } from './throttle.ts';

/** Panels draw at most ten times a second, however often the worker speaks. */
const REDRAW_INTERVAL = 100;

/** What the first filters of a run depend on. */
const PREVIEWED = ['seed', 'filters', 'kernelSize'] as const satisfies readonly ConfigKey[];

export interface RunStoreOptions {
  /** Settings the page was opened with; without, a preset is chosen once the engine is known. */
  readonly config?: RunConfig;
  readonly notices?: readonly ConfigNotice[];
}

/** The page's state, fed by `client` and the only one who speaks to it. Probes for an engine at once. */
export function createRunStore(client: RunClient, options: RunStoreOptions = {}): RunStore {
  let count = 0;
  // Runs of all tabs are kept in one place.
  const page = Math.random().toString(36).slice(2, 8);
  const newId = (kind: string) => `${kind}-${Date.now().toString(36)}-${page}-${++count}`;

  const config = options.config ?? DEFAULT_CONFIG;
  const store = createStore<RunState>(() => ({
    config,
    chosen: options.config !== undefined,
    preset: presetMatching(config, 'quick'),
    engine: undefined,
    engineFailure: undefined,
    preview: undefined,
    run: undefined,
    version: 0,
    interruption: undefined,
    preparing: undefined,
    pausing: false,
    faces: NO_FACES,
    linkNotices: options.notices ?? [],
  }));
  const recovery = new Recovery(client);
  const redrawNow = () => store.setState(({ version }) => ({ version: version + 1 }));
  const redraw = throttle(redrawNow, REDRAW_INTERVAL);
  let prepared: RunState['preparing'];
  const tellPrepared = throttle(() => store.setState({ preparing: prepared }), REDRAW_INTERVAL);

  function changeConfig(next: RunConfig, preferred = store.getState().preset): void {
    const { config: before, run } = store.getState();
    const backendChanged = next.backend !== before.backend;
    store.setState({ config: next, preset: presetMatching(next, preferred) });
    if (run?.alive) applyLive(run, next);
    else if (backendChanged) actions.probe();
    if (run === undefined && PREVIEWED.some((key) => before[key] !== next[key])) askForPreview();
  }

  function askForPreview(): void {
    const { engine, config } = store.getState();
    if (engine !== undefined) client.post({ type: 'preview', config });
  }

  function applyLive(run: RunRecord, next: RunConfig): void {
    const changed = CONFIG_KEYS.filter((key) => fieldOf(key).live && run.config[key] !== next[key]);
    if (changed.length === 0) return;
    run.config = readConfig(Object.fromEntries(changed.map((key) => [key, next[key]])), run.config).config;
    client.post({ type: 'live-settings', config: run.config });
    redrawNow();
  }

  function start(paused: boolean, config = store.getState().config): RunRecord {
    const { faces } = store.getState();
    const run = new RunRecord(newId('run'), config);
    if (config.faces === 'own') run.faces = facesIn(faces);
    prepared = undefined;
    recovery.forget();
    store.setState({ run, interruption: undefined, preparing: undefined, pausing: false, linkNotices: [] });
    redrawNow();
    client.post({ type: 'start', runId: run.runId, config: run.config, paused });
    return run;
  }

  /** Has the worker take up a run that was opened; `paused` leaves it at its checkpoint. */
  function wake(run: RunRecord, from: Checkpoint, paused: boolean): void {
    // A notice asks for them, and Resume waits.
    if (lacksFaces(run, store.getState().faces)) return;
    prepared = undefined;
    recovery.forget();
    const { engine } = store.getState();
    const began = run.started?.engine;
    const next = run.config.backend === 'auto' ? engine?.backend : run.config.backend;
    const asBefore = next === began?.backend;
    run.goOnFrom(from.step, 'closed', next === undefined || asBefore ? undefined : `engine ${next}`);
    store.setState({ interruption: undefined, preparing: undefined, pausing: false, linkNotices: [] });
    redrawNow();
    client.post({
      type: 'start',
      runId: run.runId,
      config: run.config,
      paused,
      from,
      // With the kernels' variants it began with, since others sum in another order.
      ...(asBefore && began?.variants !== undefined ? { engine: began } : {}),
    });
  }

  function stopIfAlive(): void {
    if (store.getState().run?.alive) client.post({ type: 'stop' });
  }

  const actions: RunActions = {
    train() {
      const { run } = store.getState();
      if (run === undefined || !run.alive) start(false);
      else if (run.restingFrom !== undefined) wake(run, run.restingFrom, false);
      else if (run.phase === 'paused') client.post({ type: 'resume' });
    },
    pause() {
      const { run, pausing } = store.getState();
      if (!run?.alive || run.phase === 'paused' || pausing) return;
      store.setState({ pausing: true });
      client.post({ type: 'pause' });
    },
    toggle() {
      const { run } = store.getState();
      if (run?.alive && run.phase !== 'paused') actions.pause();
      else actions.train();
    },
    step() {
      const { run } = store.getState();
      if (run === undefined) start(true);
      else if (run.phase !== 'paused') return;
      else if (run.restingFrom !== undefined) wake(run, run.restingFrom, true);
      client.post({ type: 'step' });
    },
    trainWith(config) {
      stopIfAlive();
      start(false, config);
    },
    reset() {
      stopIfAlive();
      recovery.forget();
      store.setState({ run: undefined, interruption: undefined, pausing: false });
      redrawNow();
      askForPreview();
    },
    openRun(run, notices) {
      stopIfAlive();
      recovery.forget();
      const own = lacksFaces(run, store.getState().faces);
      // The settings of the next run; its faces are not here yet.
      const config: RunConfig = own ? { ...run.config, faces: 'synthetic' } : run.config;
      store.setState({
        run,
        config,
        interruption: undefined,
        chosen: true,
        preset: presetMatching(config),
        pausing: false,
        preparing: undefined,
        linkNotices: notices,
      });
      redrawNow();
    },
    setConfig(change) {
      store.setState({ chosen: true });
      changeConfig(readConfig(change, store.getState().config).config);
    },
    choosePreset(id) {
      store.setState({ chosen: true });
      changeConfig(withPreset(id, store.getState().config), id);
    },
    openConfig(next, notices) {
      store.setState({ chosen: true });
      changeConfig(next);
      store.setState({ linkNotices: notices });
    },
    dismissLinkNotices() {
      store.setState({ linkNotices: [] });
    },
    ...faceActions(
      store,
      client,
      () => newId('faces'),
      (change) => actions.setConfig(change),
    ),
    resumeFailed(change = {}) {
      const { run } = store.getState();
      if (run?.phase !== 'failed') return;
      prepared = undefined;
      recovery.resume(run, change);
      changeConfig(readConfig(change, store.getState().config).config);
      store.setState({ interruption: undefined, preparing: undefined, pausing: false });
      redrawNow();
    },
    dismissInterruption() {
      store.setState({ interruption: undefined });
    },
    probe() {
      store.setState({ engine: undefined, engineFailure: undefined });
      client.post({ type: 'probe', backend: store.getState().config.backend });
    },
    restartEngine() {
      client.restart();
      recovery.forget();
      store.setState({ run: undefined, interruption: undefined, pausing: false });
      redrawNow();
      actions.probe();
    },
  };

  function receive(message: Message): void {
    switch (message.type) {
      case 'engine':
        store.setState({ engine: message.engine, engineFailure: undefined });
        if (!store.getState().chosen) chooseFor(message.engine);
        if (store.getState().run === undefined) askForPreview();
        return;
      case 'engine-failed': {
        const { run } = store.getState();
        if (underWay(run) ? takenUp(run, message.failure) : restartedIdle(message.failure)) return;
        if (underWay(run)) run.fail(message.failure);
        store.setState({ engine: undefined, engineFailure: message.failure, pausing: false });
        redrawNow();
        return;
      }
      case 'preview':
        store.setState({ preview: { kernel: message.kernel, shape: message.kernelShape } });
        return;
      case 'preparing-faces': {
        const { run } = store.getState();
        if (run?.runId !== message.runId) return;
        prepared = { done: message.done, total: message.total };
        tellPrepared();
        return;
      }
      case 'run-event': {
        const { run, pausing } = store.getState();
        if (run?.runId !== message.event.runId) return;
        const { event } = message;
        if (event.type === 'failed' && run.alive) {
          run.step = Math.max(run.step, event.step);
          // Its device is not to be trusted any more; the checkpoint is with the client.
          if (event.failure.code === 'out-of-memory') client.restart();
          if (takenUp(run, event.failure)) return;
        }
        const before = run.phase;
        run.apply(event);
        if (event.type === 'started') store.setState({ engine: event.engine });
        if (event.type === 'paused') recovery.rests(run);
        if (pausing && (run.phase === 'paused' || !run.alive)) store.setState({ pausing: false });
        if (run.phase === before) redraw();
        else redrawNow();
        return;
      }
      case 'import-progress':
      case 'import-done':
      case 'import-failed':
      case 'import-cancelled': {
        const before = store.getState().faces;
        const faces = afterImportMessage(before, message);
        store.setState({ faces });
        if (message.type === 'import-done' && faces !== before) actions.setConfig({ faces: 'own' });
        return;
      }
      // Whoever asked for it listens for it.
      case 'checkpoint':
      case 'checkpoint-failed':
        return;
      default:
        assertNever(message);
    }
  }

  /** Whether a run that broke off goes on, or was given up after several tries. */
  function takenUp(run: RunRecord, failure: Failure): boolean {
    if (!recovery.mayHelp(run, failure)) return false;
    const paused = run.phase === 'paused' || store.getState().pausing;
    const interruption = recovery.lost(run, failure, paused);
    prepared = undefined;
    store.setState({ interruption, preparing: undefined, pausing: paused && interruption.goesOn });
    redrawNow();
    return true;
  }

  /** A device or worker that is lost without a run takes nothing with it: another is started without a word. */
  function restartedIdle(failure: Failure): boolean {
    const restarted = recovery.restartIdle(failure);
    if (restarted) actions.probe();
    return restarted;
  }

  /** Small runs on a processor, Quick look on a graphics card, unless the user or a link has chosen. */
  function chooseFor(engine: EngineInfo): void {
    const onProcessor = engine.software || engine.backend === 'wasm' || engine.backend === 'cpu';
    const id = onProcessor ? 'small' : 'quick';
    if (!store.getState().run?.alive) changeConfig(withPreset(id, store.getState().config), id);
  }

  client.subscribe(receive);
  actions.probe();
  return { ...store, actions };
}

function assertNever(message: never): never {
  throw new Error(`Unknown message ${JSON.stringify(message)}.`);
}
