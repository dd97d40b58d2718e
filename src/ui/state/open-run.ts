import { restoredRun } from '../../client/restored-run.ts';
import { RunFileError } from '../../client/runs-client.ts';
import { latin1Text } from '../../formats/latin1.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import type { OpenedRun } from '../../worker/runs/kept-run.ts';
import type { WeightsOrder } from '../../worker/runs/protocol.ts';
import type { PastRuns, RunsTrouble } from './past-runs.ts';
import type { RunStore } from './run-state.ts';
import { lookAtNow } from './view-store.ts';

/** Bytes in which every .zip names its first file. */
const FRONT = 4096;

/** The only file, where it is a saved run and no archive of faces: a run's .zip begins with run.json. */
export async function runFileAmong(files: readonly ImportFile[]): Promise<File | undefined> {
  const [only, second] = files;
  if (only === undefined || second !== undefined || !/\.zip$/i.test(only.file.name)) return undefined;
  const front = latin1Text(new Uint8Array(await only.file.slice(0, FRONT).arrayBuffer()));
  return front.startsWith('PK') && front.slice(30, 38) === 'run.json' ? only.file : undefined;
}

/** Opens a run's .zip in place of the run on the page, which is kept; on any failure nothing changes. */
export async function openRunFile(store: RunStore, past: PastRuns, file: File): Promise<void> {
  await openFresh(store, past, (signal) => past.client.openFile(file, signal));
}

/** Opens a run at step 0 that begins with the weights of a network; resolves to whether it is there. */
export async function openWeights(store: RunStore, past: PastRuns, order: WeightsOrder): Promise<boolean> {
  return openFresh(store, past, (signal) => past.client.openWeights(order, signal));
}

/** Opens a run from files, whose reading can be ended. Files that are still being read are given up for it. */
function openFresh(store: RunStore, past: PastRuns, read: (signal: AbortSignal) => Promise<OpenedRun>) {
  past.state.getState().opening?.cancel?.();
  const ending = new AbortController();
  return open(store, past, { read: () => read(ending.signal), fresh: true, cancel: () => ending.abort() });
}

/** Opens a kept run; resolves to whether it is there. */
export async function openKeptRun(store: RunStore, past: PastRuns, runId: string): Promise<boolean> {
  return openRead(store, past, () => past.client.load(runId));
}

/** Opens a kept run that `read` gives; resolves to whether it could. */
export async function openRead(store: RunStore, past: PastRuns, read: () => Promise<OpenedRun>): Promise<boolean> {
  return open(store, past, { read, fresh: false });
}

/** Resumes the unfinished run. */
export async function resumeKeptRun(store: RunStore, past: PastRuns, runId: string): Promise<void> {
  if (await openKeptRun(store, past, runId)) store.actions.train();
}

interface Opening {
  readonly read: () => Promise<OpenedRun>;
  /** The run is not kept yet. */
  readonly fresh: boolean;
  /** Ends `read`, which then rejects as `cancelled`. */
  readonly cancel?: () => void;
}

async function open(store: RunStore, past: PastRuns, { read, fresh, cancel }: Opening): Promise<boolean> {
  const opening = cancel === undefined ? {} : { cancel };
  past.set({ opening, openFailure: undefined });
  try {
    const opened = await read();
    const run = restoredRun(opened);
    const { kept, history, checkpoint } = opened;
    if (!(await past.keeping.hold(kept.runId))) {
      const message = 'This run is open in another tab.';
      throw new RunFileError({ code: 'internal', message, hint: 'Close it there, or continue there.' });
    }
    if (fresh) await past.keeping.keep({ run: kept, history, checkpoint });
    lookAtNow();
    store.actions.openRun(run, opened.notices);
    past.set({ offer: undefined });
    return true;
  } catch (error) {
    const cancelled = error instanceof RunFileError && error.code === 'cancelled';
    if (!cancelled) past.set({ openFailure: troubleOf(error) });
    return false;
  } finally {
    if (past.state.getState().opening === opening) past.set({ opening: undefined });
  }
}

/** An error as sentences for a person. */
export function troubleOf(error: unknown): RunsTrouble {
  if (error instanceof RunFileError) return { message: error.message, hint: error.hint };
  const message = `That did not work: ${error instanceof Error ? error.message : String(error)}`;
  return { message, hint: 'The run on the page is unchanged.' };
}
