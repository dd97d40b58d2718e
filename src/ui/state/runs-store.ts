import { create } from 'zustand';
import type { ListedRun } from '../../worker/runs/kept-run.ts';
import type { StorageUse } from '../../worker/runs/protocol.ts';

/** Something about runs that a person should know, until it is closed. */
export interface RunsTrouble {
  readonly message: string;
  readonly hint: string;
}

/** What the page knows of runs other than the one it shows. */
export interface RunsState {
  /** Whether the list of runs is open. */
  readonly open: boolean;
  /** Undefined before it was first asked for. */
  readonly runs: readonly ListedRun[] | undefined;
  readonly storage: StorageUse | undefined;
  /** The run that was under way when the page was last closed, crashed or reloaded. */
  readonly offer: ListedRun | undefined;
  /** Why a run could not be opened. */
  readonly openFailure: RunsTrouble | undefined;
  /** Why runs are not kept; told once. */
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
