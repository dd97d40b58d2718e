import type { StoreApi } from 'zustand/vanilla';
import type { RunClient } from '../../client/run-client.ts';
import { armsOf } from '../../config/arm.ts';
import { type PresetId, presetMatching, withPreset } from '../../config/presets.ts';
import { readConfig } from '../../config/read-config.ts';
import type { ConfigKey, RunConfig } from '../../config/run-config.ts';
import type { RunActions, RunState } from './run-state.ts';

/** Settings that the first filters of a run depend on. */
const PREVIEWED = ['seed', 'filters', 'kernelSize'] as const satisfies readonly ConfigKey[];

/** Actions on the settings of the next run. */
export interface ConfigActions
  extends Pick<RunActions, 'setConfig' | 'choosePreset' | 'openConfig' | 'dismissLinkNotices' | 'probe'> {
  /** Takes settings over: those that may change in mid-run reach the run there is. */
  changeConfig(next: RunConfig, preferred?: PresetId): void;
  /** Turns CRAFT on again where it was turned off for the run that trained then, before the next one starts. */
  switchBackOn(): void;
  /** Asks for the filters that the next run would start from, once there is an engine. */
  askForPreview(): void;
}

export function configActions(store: StoreApi<RunState>, client: RunClient): ConfigActions {
  let offForRun = false;
  const actions: ConfigActions = {
    changeConfig(next, preferred = store.getState().preset) {
      const { config: before, pageRun } = store.getState();
      store.setState({ config: next, preset: presetMatching(next, preferred) });
      if (pageRun?.record.alive) pageRun.applyLive(next);
      else if (next.backend !== before.backend) actions.probe();
      if (pageRun === undefined && PREVIEWED.some((key) => before[key] !== next[key])) actions.askForPreview();
    },
    askForPreview() {
      const { engine, config } = store.getState();
      if (engine !== undefined) client.post({ type: 'preview', config });
    },
    switchBackOn() {
      if (offForRun) actions.changeConfig({ ...store.getState().config, craft: true });
      offForRun = false;
    },
    setConfig(change) {
      store.setState({ chosen: true });
      if (change.craft !== undefined) offForRun = !change.craft && store.getState().run?.alive === true;
      actions.changeConfig(readConfig(change, store.getState().config).config);
    },
    choosePreset(id) {
      store.setState({ chosen: true });
      actions.changeConfig(withPreset(id, store.getState().config), id);
    },
    openConfig(next, notices) {
      store.setState({ chosen: true });
      actions.changeConfig(next);
      store.setState({ linkNotices: notices });
    },
    dismissLinkNotices() {
      store.setState({ linkNotices: [] });
    },
    probe() {
      store.setState({ engine: undefined, engineFailure: undefined });
      const { config } = store.getState();
      client.post({ type: 'probe', backend: config.backend, arms: armsOf(config).length });
    },
  };
  return actions;
}
