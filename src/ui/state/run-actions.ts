import type { StoreApi } from 'zustand/vanilla';
import { facesIn } from '../../client/faces-state.ts';
import { PageRun } from '../../client/page-run.ts';
import type { RunClient } from '../../client/run-client.ts';
import type { RunKeeping } from '../../client/run-keeping.ts';
import { lacksFaces, RunRecord } from '../../client/run-record.ts';
import { presetMatching } from '../../config/presets.ts';
import { readConfig } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { RunActions, RunState } from './run-state.ts';
import { takesLong } from './step-times.ts';
import { throttle } from './throttle.ts';
import { look } from './view-store.ts';

/** Panels draw at most ten times a second, however often the worker speaks. */
const REDRAW_INTERVAL = 100;

type OwnActions = Pick<
  RunActions,
  | 'train'
  | 'trainAnyway'
  | 'pause'
  | 'toggle'
  | 'step'
  | 'trainWith'
  | 'reset'
  | 'openRun'
  | 'resumeFailed'
  | 'dismissInterruption'
>;

interface RunActionsOptions {
  readonly store: StoreApi<RunState>;
  readonly client: RunClient;
  readonly keeping: RunKeeping | undefined;
  readonly newId: () => string;
  /** Takes over settings as if the user had set them. */
  readonly changeConfig: (config: RunConfig) => void;
  /** Before a run of the settings: CRAFT on again where it was turned off for the last run only. */
  readonly switchBackOn: () => void;
  /** Asks for the filters that the next run would start from. */
  readonly askForPreview: () => void;
}

/** Everything that can be asked for about the run on the page. */
export function runActions(options: RunActionsOptions): OwnActions {
  const { store, client, keeping, newId, changeConfig, switchBackOn, askForPreview } = options;
  const redrawNow = () => store.setState(({ version }) => ({ version: version + 1 }));
  const redraw = throttle(redrawNow, REDRAW_INTERVAL);

  /** Puts a run on the page in place of the one there is, which ends. */
  function show(record: RunRecord | undefined): PageRun | undefined {
    store.getState().pageRun?.leave();
    const changed = (change: 'measured' | 'state') => (change === 'state' ? redrawNow() : redraw());
    const pageRun = record && new PageRun({ client, record, keeping, changed });
    store.setState({ pageRun, run: record });
    redrawNow();
    return pageRun;
  }

  function start(paused: boolean, own?: RunConfig): void {
    if (own === undefined) switchBackOn();
    const config = own ?? store.getState().config;
    const record = new RunRecord(newId(), config);
    if (config.faces === 'own') record.faces = facesIn(store.getState().faces);
    store.setState({ linkNotices: [] });
    show(record)?.start(paused);
  }

  function askOrStart(): void {
    if (takesLong(store.getState())) look({ longRunAsked: true });
    else start(false);
  }

  /** Has the worker take up a run that was opened. */
  function wake(pageRun: PageRun, paused: boolean): void {
    const { faces, engine } = store.getState();
    // A notice asks for them, and Resume waits.
    if (lacksFaces(pageRun.record, faces)) return;
    store.setState({ linkNotices: [] });
    pageRun.wake(paused, engine);
  }

  const actions: OwnActions = {
    train() {
      const { pageRun } = store.getState();
      if (pageRun === undefined || !pageRun.record.alive) askOrStart();
      else if (pageRun.record.restingFrom !== undefined) wake(pageRun, false);
      else if (pageRun.record.phase === 'paused') pageRun.resume();
    },
    trainAnyway() {
      start(false);
    },
    pause() {
      store.getState().pageRun?.pause();
    },
    toggle() {
      const { run } = store.getState();
      if (run?.alive && run.phase !== 'paused') actions.pause();
      else actions.train();
    },
    step() {
      const { pageRun } = store.getState();
      if (pageRun === undefined) start(true);
      else if (pageRun.record.phase !== 'paused') return;
      else if (pageRun.record.restingFrom !== undefined) wake(pageRun, true);
      store.getState().pageRun?.step();
    },
    trainWith(config) {
      start(false, config);
    },
    reset() {
      show(undefined);
      askForPreview();
    },
    openRun(run, notices) {
      const own = lacksFaces(run, store.getState().faces);
      // The settings of the next run; its faces are not here yet.
      const config: RunConfig = own ? { ...run.config, faces: 'synthetic' } : run.config;
      store.setState({ config, chosen: true, preset: presetMatching(config), linkNotices: notices });
      show(run);
    },
    resumeFailed(change = {}) {
      const { pageRun } = store.getState();
      if (pageRun?.record.phase !== 'failed') return;
      pageRun.resumeFailed(change);
      changeConfig(readConfig(change, store.getState().config).config);
    },
    dismissInterruption() {
      store.getState().pageRun?.dismissInterruption();
    },
  };
  return actions;
}
