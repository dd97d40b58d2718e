import { create } from 'zustand';
import { RunKeeping } from '../../client/run-keeping.ts';
import { RunsClient } from '../../client/runs-client.ts';
import type { Problem } from '../../config/problem.ts';
import type { KeepOutcome, KeptRun, ListedRun } from '../../worker/runs/kept-run.ts';
import type { StorageUse } from '../../worker/runs/protocol.ts';

/** Something about runs that a person should know, until it is closed. */
export type RunsTrouble = Pick<Problem, 'message' | 'hint'>;

/** The page's knowledge of runs other than the one it shows. */
export interface RunsState {
  /** Whether the list of runs is open. */
  readonly open: boolean;
  /** Undefined before it was first asked for. */
  readonly runs: readonly ListedRun[] | undefined;
  readonly storage: StorageUse | undefined;
  /** The run that was training when the page was last closed, crashed or reloaded. */
  readonly offer: ListedRun | undefined;
  /** Why a run could not be opened. */
  readonly openFailure: RunsTrouble | undefined;
  /** Why runs are not kept; shown once. */
  readonly keepFailure: RunsTrouble | undefined;
  /** Id of the run that is being opened, or the name of its file. */
  readonly opening: string | undefined;
}

export const useRuns = create<RunsState>(() => ({
  open: false,
  runs: undefined,
  storage: undefined,
  offer: undefined,
  openFailure: undefined,
  keepFailure: undefined,
  opening: undefined,
}));

export function setRuns(change: Partial<RunsState>): void {
  useRuns.setState(change);
}

/** Reads, writes and lists the runs of the page. */
export const runsClient = new RunsClient();

const TROUBLE: Readonly<Record<Exclude<KeepOutcome, 'kept'>, RunsTrouble>> = {
  full: {
    message: 'There is no room left to keep this run in the browser.',
    hint: 'Training continues. Export the run, or delete runs you no longer need from the list of past runs.',
  },
  refused: {
    message: 'The browser refuses to keep runs.',
    hint: 'Training continues, but a reload would lose it: export the run to keep it. Private windows often refuse storage.',
  },
  lost: {
    message: 'The keeper of runs stopped answering.',
    hint: 'Training is not touched by this: a fresh keeper is started and keeps the run from its next checkpoint.',
  },
  taken: {
    message: 'Another tab has opened this run.',
    hint: 'It is paused here and no longer kept. Continue in the other tab, or export this one.',
  },
};

const reported = new Set<KeepOutcome>();

/** Keeps the runs of the page; reports once that a run cannot be kept. */
export const runKeeping = new RunKeeping(runsClient, {
  kept(outcome) {
    // Once: the next checkpoint would only say it again.
    if (outcome !== 'kept' && !reported.has(outcome)) {
      reported.add(outcome);
      setRuns({ keepFailure: TROUBLE[outcome] });
    }
    if (useRuns.getState().open) void refreshRuns().catch(() => {});
  },
});

/** Asks for the list of runs again. */
export async function refreshRuns(): Promise<void> {
  setRuns(await runsClient.list());
}

/** Offers the unfinished run of the last visit, unless `taken` says that another has started. */
export async function offerUnfinished(taken: () => boolean): Promise<void> {
  const { runs, storage } = await runsClient.list();
  setRuns({ runs, storage });
  const newest = runs.find(({ busy }) => !busy);
  const wanted = newest !== undefined && isUnfinished(newest) && !newest.dismissed;
  if (wanted && !taken()) setRuns({ offer: newest });
}

function isUnfinished({ end, step, config }: KeptRun): boolean {
  return (end === 'open' || end === 'failed') && step < config.steps;
}
