import { expect, test, vi } from 'vitest';
import { keptRunOf } from '../../client/kept-run-of.ts';
import { RunRecord } from '../../client/run-record.ts';
import { RunFileError } from '../../client/runs-client.ts';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import type { KeepOutcome, ListedRun } from '../../worker/runs/kept-run.ts';
import { openKeptRun, openRunFile, openWeights } from './open-run.ts';
import { PastRuns } from './past-runs.ts';
import { createRunStore } from './run-store.ts';

function listed(runId: string, change: Partial<ListedRun> = {}): ListedRun {
  const run = keptRunOf(new RunRecord(runId, DEFAULT_CONFIG), 10);
  return { ...run, end: 'open', bytes: 1000, busy: false, ...change };
}

/** A browser with these kept runs, the newest first; each write ends with the next of `outcomes`. */
function browserWith(runs: readonly ListedRun[], outcomes: readonly KeepOutcome[] = []) {
  let kept = [...runs];
  const ends = [...outcomes];
  const unused = () => Promise.reject(new Error('not asked for in these tests'));
  const lists = vi.fn(async () => ({ runs: kept, storage: { used: 1, quota: 2 } }));
  const past = new PastRuns(
    {
      list: lists,
      change: async (runId, change) => {
        kept = kept.map((run) => (run.runId === runId ? { ...run, ...change } : run));
      },
      remove: async (runId) => {
        kept = kept.filter((run) => run.runId !== runId);
      },
      keep: async () => ends.shift() ?? 'kept',
      load: (runId) => {
        const message = `There is no run ${runId}.`;
        return Promise.reject(new RunFileError({ code: 'gone', message, hint: 'Choose another.' }));
      },
      loadHistory: unused,
      openFile: (_, signal) => untilEnded(signal),
      openStudy: unused,
      judge: unused,
      resample: unused,
      openWeights: (_, signal) => untilEnded(signal),
      pack: unused,
      packStudy: unused,
      writeNetwork: unused,
      writeNumbers: unused,
    },
    { lock: async () => () => {} },
  );
  const write = (runId: string) => {
    const history = { kernelShape: [3, 3, 3, 8], arms: {}, events: [], seams: [] } as const;
    return past.keeping.keep({ run: listed(runId), history, checkpoint: undefined });
  };
  return { past, lists, write, state: past.state.getState };
}

/** The reading of files that takes for ever. */
function untilEnded(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const failure = { code: 'cancelled', message: 'The reader was ended.', hint: 'Open it again.' } as const;
    signal?.addEventListener('abort', () => reject(new RunFileError(failure)));
  });
}

const names = (runs: readonly ListedRun[] | undefined) => runs?.map(({ runId, name }) => name ?? runId);

test('the list follows a new name, a name taken away, and a deletion', async () => {
  const { past, state } = browserWith([listed('a'), listed('b')]);
  expect(state().runs).toBeUndefined();
  await past.refresh();
  expect(names(state().runs)).toEqual(['a', 'b']);
  expect(state().storage).toEqual({ used: 1, quota: 2 });
  await past.rename('b', 'Strong decay');
  expect(names(state().runs)).toEqual(['a', 'Strong decay']);
  await past.rename('b', '');
  expect(names(state().runs)).toEqual(['a', 'b']);
  await past.remove('a');
  expect(names(state().runs)).toEqual(['b']);
});

test('the newest run that no page has open is offered, where it is unfinished and not dismissed', async () => {
  const offered = async (...runs: ListedRun[]) => {
    const { past, state } = browserWith(runs);
    await past.offerUnfinished(() => false);
    return state().offer?.runId;
  };
  expect(await offered(listed('busy', { busy: true }), listed('a'))).toBe('a');
  expect(await offered(listed('a', { end: 'failed' }))).toBe('a');
  expect(await offered(listed('a', { end: 'completed' }), listed('b'))).toBeUndefined();
  expect(await offered(listed('a', { step: DEFAULT_CONFIG.steps }))).toBeUndefined();
  expect(await offered(listed('a', { dismissed: true }))).toBeUndefined();
  expect(await offered()).toBeUndefined();
});

test('nothing is offered over a run that has started meanwhile; the list is there all the same', async () => {
  const { past, state } = browserWith([listed('a')]);
  await past.offerUnfinished(() => true);
  expect(state().offer).toBeUndefined();
  expect(names(state().runs)).toEqual(['a']);
});

test('a dismissed offer does not return with the next visit', async () => {
  const { past, state } = browserWith([listed('a')]);
  await past.offerUnfinished(() => false);
  past.dismissOffer();
  expect(state().offer).toBeUndefined();
  await past.offerUnfinished(() => false);
  expect(state().offer).toBeUndefined();
});

test('each kind of failure to keep runs is shown one time', async () => {
  const { past, state, write } = browserWith([], ['kept', 'full', 'full', 'refused']);
  await write('a');
  expect(state().keepFailure).toBeUndefined();
  await write('a');
  expect(state().keepFailure?.message).toBe('There is no room left to keep this run in the browser.');
  past.set({ keepFailure: undefined });
  await write('a');
  expect(state().keepFailure).toBeUndefined();
  await write('a');
  expect(state().keepFailure?.message).toBe('The browser refuses to keep runs.');
});

test('while the list is open it follows every write', async () => {
  const { past, lists, write } = browserWith([listed('a')]);
  await write('a');
  expect(lists).not.toHaveBeenCalled();
  past.set({ open: true });
  await write('a');
  expect(lists).toHaveBeenCalledTimes(1);
});

test('a run that is gone is refused by a sentence, and the run on the page stays', async () => {
  const store = createRunStore(new ScriptedClient());
  store.actions.train();
  const before = store.getState().run;
  const { past, state } = browserWith([]);
  expect(await openKeptRun(store, past, 'lost')).toBe(false);
  expect(state().openFailure).toEqual({ message: 'There is no run lost.', hint: 'Choose another.' });
  expect(state().opening).toBeUndefined();
  expect(store.getState().run).toBe(before);
});

test('the reading of a file can be ended, which is no failure, and the run on the page stays', async () => {
  const store = createRunStore(new ScriptedClient());
  store.actions.train();
  const before = store.getState().run;
  const { past, state } = browserWith([]);
  const opening = openRunFile(store, past, new File(['large'], 'run.zip'));
  expect(state().opening?.cancel).toBeDefined();
  // Another file ends the reading of the one before, and is itself ended.
  const other = openRunFile(store, past, new File(['larger'], 'other.zip'));
  await opening;
  expect(state().opening?.cancel).toBeDefined();
  // So do the weights of a model.
  const order = { files: [], file: 'a.onnx', arm: 'craft' };
  const weights = openWeights(store, past, order);
  await other;
  expect(state().opening?.cancel).toBeDefined();
  state().opening?.cancel?.();
  expect(await weights).toBe(false);
  expect(state().opening).toBeUndefined();
  expect(state().openFailure).toBeUndefined();
  expect(store.getState().run).toBe(before);
});
