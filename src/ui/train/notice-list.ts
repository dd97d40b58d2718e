import { useState } from 'react';
import type { RunConfig } from '../../config/run-config.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Failure } from '../../training/events.ts';
import { ENGINE_NAMES, isHardware } from '../engine.ts';
import type { RunRecord } from '../run-record.ts';
import type { RunActions } from '../run-state.ts';
import { useActions, useRunState } from '../store-context.tsx';
import { look } from '../view-store.ts';

interface NoticeAction {
  readonly label: string;
  readonly primary?: boolean;
  readonly act: () => void;
}

/** A sentence for a person, with what can be done. */
export interface Notice {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly detail?: string;
  readonly actions: readonly NoticeAction[];
  readonly onClose?: () => void;
}

/** All notices that hold now, the most pressing first. */
export function useNoticeList(): readonly Notice[] {
  const actions = useActions();
  const run = useRunState((state) => state.run);
  const runFailure = useRunState((state) => state.run?.failure);
  const config = useRunState((state) => state.config);
  const engine = useRunState((state) => state.engine);
  const engineFailure = useRunState((state) => state.engineFailure);
  const importFailure = useRunState(({ faces }) => faces.failure);
  const ownFaces = useRunState(({ faces }) => faces.summary !== undefined);
  const linkNotices = useRunState((state) => state.linkNotices);
  const [engineNoticeClosed, closeEngineNotice] = useState(false);

  const notices: Notice[] = [];
  if (run !== undefined && runFailure !== undefined) notices.push(runFailed(run, runFailure, actions));
  else if (engineFailure !== undefined) notices.push(noEngine(engineFailure, config, actions));
  if (importFailure !== undefined) {
    const stays = ownFaces ? 'The faces read before stay in use.' : 'The synthetic faces stay in use.';
    notices.push({
      id: 'import-failed',
      title: importFailure.message,
      text: `${importFailure.hint} ${stays}`,
      actions: [],
      onClose: actions.dismissImportFailure,
    });
  }
  if (linkNotices.length > 0) {
    notices.push({
      id: 'link',
      title: 'The link was not taken over as it is',
      text: linkNotices.map(({ message }) => message).join(' '),
      actions: [],
      onClose: actions.dismissLinkNotices,
    });
  }
  if (engine !== undefined && run === undefined && config.backend === 'auto' && !engineNoticeClosed) {
    const notice = slowEngine(engine, actions);
    if (notice !== undefined) notices.push({ ...notice, onClose: () => closeEngineNotice(true) });
  }
  return notices;
}

function slowEngine(engine: EngineInfo, actions: RunActions): Notice | undefined {
  if (isHardware(engine)) return undefined;
  const text = engine.software
    ? 'The browser gave no graphics card, only one emulated on the processor.'
    : `This browser gave no access to the graphics card. Training runs on the processor with ${ENGINE_NAMES[engine.backend]}, which is slower.`;
  return {
    id: 'slow-engine',
    title: engine.software ? 'WebGPU is emulated here' : 'No WebGPU here',
    text,
    detail: 'gpu' in navigator ? 'navigator.gpu gives no hardware adapter' : 'navigator.gpu is undefined',
    actions: [
      { label: 'How to switch WebGPU on', act: () => look({ webgpuHelpOpen: true }) },
      { label: 'Check again', act: actions.probe },
    ],
  };
}

function noEngine(failure: Failure, config: RunConfig, actions: RunActions): Notice {
  const automatic: NoticeAction = {
    label: 'Use another engine',
    primary: true,
    act: () => actions.setConfig({ backend: 'auto' }),
  };
  const again: NoticeAction = { label: 'Check again', act: actions.restartEngine };
  return {
    id: 'no-engine',
    title: failure.message,
    text: failure.hint,
    actions: config.backend === 'auto' ? [again] : [again, automatic],
  };
}

function runFailed(run: RunRecord, failure: Failure, actions: RunActions): Notice {
  return {
    id: failure.code,
    title: failure.message,
    text: failure.hint,
    detail: `${failure.code} at step ${run.step}`,
    actions: remedies(run, failure, actions),
    onClose: actions.reset,
  };
}

function remedies(run: RunRecord, failure: Failure, actions: RunActions): readonly NoticeAction[] {
  switch (failure.code) {
    case 'loss-not-finite': {
      const learningRate = Number((run.config.learningRate / 4).toPrecision(1));
      return [change(`Set ${learningRate} and reset`, { learningRate }, actions)];
    }
    case 'out-of-memory': {
      const batchSize = Math.max(2, Math.floor(run.config.batchSize / 4));
      return [change(`Use ${batchSize}`, { batchSize }, actions)];
    }
    case 'device-lost':
    case 'internal':
      return [{ label: 'Start the engine again', primary: true, act: actions.restartEngine }];
    case 'backend-unavailable':
      return [change('Use another engine', { backend: 'auto' }, actions)];
    case 'bad-faces':
      return [{ label: 'Use synthetic faces', primary: true, act: actions.useSyntheticFaces }];
    case 'bad-config':
      return [];
  }
}

function change(label: string, settings: Partial<RunConfig>, actions: RunActions): NoticeAction {
  const act = () => {
    actions.reset();
    actions.setConfig(settings);
  };
  return { label, primary: true, act };
}
