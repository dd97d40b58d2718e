import { createStore, type StoreApi } from 'zustand/vanilla';
import { afterImportMessage, NO_FACES } from '../../client/faces-state.ts';
import { isLoss } from '../../client/recovery.ts';
import type { RunClient } from '../../client/run-client.ts';
import type { RunKeeping } from '../../client/run-keeping.ts';
import { underWay } from '../../client/run-record.ts';
import { assertNever } from '../../config/assert-never.ts';
import { presetMatching, withPreset } from '../../config/presets.ts';
import type { ConfigNotice } from '../../config/read-config.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Failure } from '../../training/events.ts';
import type { Message } from '../../worker/protocol.ts';
import { type ConfigActions, configActions } from './config-actions.ts';
import { faceActions } from './face-actions.ts';
import { runActions } from './run-actions.ts';
import type { RunState, RunStore } from './run-state.ts';

/** An idle engine that is lost sooner again, in milliseconds, is not worth another try. */
const IDLE_RESTARTS_APART = 10_000;

export interface RunStoreOptions {
  /** Settings the page was opened with; without, a preset is chosen once the engine is known. */
  readonly config?: RunConfig;
  readonly notices?: readonly ConfigNotice[];
  /** Keeps the page's runs in the browser; without, they are lost with the page. */
  readonly keeping?: RunKeeping;
}

/** The page's settings, and the run it shows. The store speaks to `client` alone and probes for an engine immediately. */
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
    pageRun: undefined,
    run: undefined,
    version: 0,
    faces: NO_FACES,
    linkNotices: options.notices ?? [],
  }));
  const { changeConfig, switchBackOn, askForPreview, ...settings } = configActions(store, client);
  const { keeping } = options;
  const run = runActions({
    store,
    client,
    keeping,
    newId: () => newId('run'),
    changeConfig,
    switchBackOn,
    askForPreview,
  });
  const faces = faceActions(store, client, () => newId('faces'), settings.setConfig);
  const actions = {
    ...settings,
    ...run,
    ...faces,
    restartEngine() {
      const { pageRun } = store.getState();
      client.restart();
      settings.probe();
      run.reset();
      // Its last events have gone with its worker.
      pageRun?.close();
    },
  };
  client.subscribe(receiver(store, client, { ...settings, changeConfig, switchBackOn, askForPreview }));
  settings.probe();
  return { ...store, actions };
}

/** The store's handlers of worker messages; the PageRun handles those of a run. */
function receiver(store: StoreApi<RunState>, client: RunClient, config: ConfigActions): (message: Message) => void {
  let idleRestart = Number.NEGATIVE_INFINITY;

  /** A device or worker that is lost without a run takes nothing with it: another is started without a word. */
  function restartedIdle(failure: Failure): boolean {
    const now = performance.now();
    if (!isLoss(failure) || now - idleRestart < IDLE_RESTARTS_APART) return false;
    idleRestart = now;
    client.restart();
    config.probe();
    return true;
  }

  /** Small runs on a processor, Quick look on a graphics card, unless the user or a link has chosen. */
  function chooseFor(engine: EngineInfo): void {
    const { chosen, run, config: now } = store.getState();
    if (chosen || run?.alive) return;
    const onProcessor = engine.software || engine.backend === 'wasm' || engine.backend === 'cpu';
    const id = onProcessor ? 'small' : 'quick';
    config.changeConfig(withPreset(id, now), id);
  }

  return (message) => {
    const { engine, pageRun, run, faces } = store.getState();
    switch (message.type) {
      case 'engine':
        store.setState({ engine: message.engine, engineFailure: undefined });
        chooseFor(message.engine);
        if (run === undefined) config.askForPreview();
        return;
      case 'engine-failed': {
        const { failure } = message;
        // The store hears of it before the run does, which then resumes in a fresh worker or fails.
        if (pageRun?.survives(failure) || (!underWay(run) && restartedIdle(failure))) return;
        store.setState({ engine: undefined, engineFailure: failure });
        return;
      }
      case 'preview':
        store.setState({
          preview: { kernel: message.kernel, shape: message.kernelShape, channels: message.channels },
        });
        return;
      case 'run-event':
        if (message.event.type === 'started' && message.event.runId === run?.runId) {
          // This run may take fewer threads than the next.
          const most = engine?.threads === undefined ? {} : { threads: engine.threads };
          const shares = engine?.sharesSteps === undefined ? {} : { sharesSteps: engine.sharesSteps };
          store.setState({ engine: { ...message.event.engine, ...most, ...shares } });
        }
        return;
      case 'import-progress':
      case 'import-done':
      case 'import-failed':
      case 'import-cancelled': {
        const after = afterImportMessage(faces, message);
        store.setState({ faces: after });
        if (message.type === 'import-done' && after !== faces) config.setConfig({ faces: 'own' });
        return;
      }
      // The run on the page follows these, the step times theirs, and a study asks clients of its own.
      case 'faces-described':
      case 'study-packed':
      case 'study-failed':
      case 'preparing-faces':
      case 'step-time':
      case 'checkpoint':
      case 'checkpoint-failed':
        return;
      default:
        assertNever(message);
    }
  };
}
