import type { Interruption } from '../../client/recovery.ts';
import type { RunRecord } from '../../client/run-record.ts';
import { formatNumber } from '../../config/quantity.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { smallerRun } from '../../config/smaller-run.ts';
import type { Failure, FailureCode } from '../../training/events.ts';
import type { NoticeAction, NoticeText } from '../kit/notice.tsx';
import type { RunActions } from '../state/run-state.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { useRunNotices } from './use-run-notices.ts';

/** All notices that hold now, the most pressing first. */
export function useNoticeList(): readonly NoticeText[] {
  const actions = useActions();
  const run = useRunState((state) => state.run);
  const runFailure = useRunState((state) => state.run?.failure);
  const interruption = useRunState(({ pageRun }) => pageRun?.interruption);
  const config = useRunState((state) => state.config);
  const engineFailure = useRunState((state) => state.engineFailure);
  const importFailure = useRunState(({ faces }) => faces.failure);
  const ownFaces = useRunState(({ faces }) => faces.summary !== undefined);
  const linkNotices = useRunState((state) => state.linkNotices);
  const runNotices = useRunNotices();

  const notices: NoticeText[] = [...runNotices];
  if (run !== undefined && interruption !== undefined) notices.push(brokeOff(run, interruption, actions));
  else if (run !== undefined && runFailure !== undefined) notices.push(runFailed(run, runFailure, actions));
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
      title: 'Some settings were changed or ignored',
      text: linkNotices.map(({ message }) => message).join(' '),
      actions: [],
      onClose: actions.dismissLinkNotices,
    });
  }
  return notices;
}

function noEngine(failure: Failure, config: RunConfig, actions: RunActions): NoticeText {
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

const CAUSES: Readonly<Partial<Record<FailureCode, string>>> = {
  'device-lost': 'The graphics card stopped answering',
  'worker-lost': 'The training worker stopped answering',
};

/** A run that broke off: it resumes automatically, or offers to resume. */
function brokeOff(run: RunRecord, interruption: Interruption, actions: RunActions): NoticeText {
  const { cause, lostAt, from, goesOn, technical } = interruption;
  const title = `${CAUSES[cause] ?? 'The run broke off'} at step ${formatNumber(lostAt)}.`;
  const detail = technical;
  if (goesOn) {
    const text = from === 0 ? 'The run starts again from step 0.' : `The run resumes from step ${formatNumber(from)}.`;
    return { id: 'run-resumes', title, text, detail, actions: [], onClose: actions.dismissInterruption };
  }
  const resume: NoticeAction = {
    label: from === 0 ? 'Start again' : `Resume from ${formatNumber(from)}`,
    primary: true,
    act: () => actions.resumeFailed(),
  };
  const onProcessor: NoticeAction = {
    label: 'Resume with WebAssembly',
    act: () => actions.resumeFailed({ backend: 'wasm' }),
  };
  const text = from === 0 ? 'It had no checkpoint yet.' : `The run up to step ${formatNumber(from)} is kept.`;
  return {
    id: 'run-broke-off',
    title,
    text,
    detail,
    actions: run.started?.engine.backend === 'wasm' ? [resume] : [onProcessor, resume],
  };
}

/** The remedy, and the part of the run that is kept. */
function keptText(run: RunRecord, failure: Failure): string {
  if (failure.code !== 'out-of-memory' || run.step === 0) return failure.hint;
  return `${failure.hint} The charts and walls stay, and the run resumes from its last checkpoint.`;
}

function runFailed(run: RunRecord, failure: Failure, actions: RunActions): NoticeText {
  return {
    id: failure.code,
    title: failure.message,
    text: keptText(run, failure),
    detail: failure.technical ?? `${failure.code} at step ${run.step}`,
    actions: remedies(run, failure, actions),
    onClose: actions.reset,
  };
}

function remedies(run: RunRecord, failure: Failure, actions: RunActions): readonly NoticeAction[] {
  switch (failure.code) {
    case 'loss-not-finite': {
      const learningRate = Number((run.config.learningRate / 4).toPrecision(1));
      return [change(`Set ${formatNumber(learningRate)} and reset`, { learningRate }, actions)];
    }
    case 'out-of-memory': {
      const { key, value } = smallerRun(run.config);
      if (key === 'imageSize') return [change(`Use ${value} px and reset`, { imageSize: value }, actions)];
      return [
        { label: `Keep ${run.config.batchSize}`, act: () => actions.resumeFailed() },
        { label: `Use ${value}`, primary: true, act: () => actions.resumeFailed({ batchSize: value }) },
      ];
    }
    case 'device-lost':
    case 'worker-lost':
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
