import { createStore } from 'zustand/vanilla';
import { RunKeeping, type RunKeepingOptions } from '../../client/run-keeping.ts';
import type { RunsClient } from '../../client/runs-client.ts';
import type { Problem } from '../../config/problem.ts';
import type { KeepOutcome, KeptRun, ListedRun } from '../../worker/runs/kept-run.ts';
import type { StorageUse } from '../../worker/runs/protocol.ts';

/** Something about runs that a person should know, until it is closed. */
export type RunsTrouble = Pick<Problem, 'message' | 'hint'>;

/** The page's knowledge of runs other than the one it shows. */
export interface PastRunsState {
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
  /** The run whose note about its accuracy was closed. */
  readonly noteClosed: string | undefined;
  /** A run is being opened; `cancel` ends the reading of a file. */
  readonly opening: { readonly cancel?: () => void } | undefined;
}

const NOTHING_KNOWN: PastRunsState = {
  open: false,
  runs: undefined,
  storage: undefined,
  offer: undefined,
  openFailure: undefined,
  keepFailure: undefined,
  noteClosed: undefined,
  opening: undefined,
};

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

/** The kept runs of the browser, as the page lists, keeps and changes them through one client. */
export class PastRuns {
  readonly state = createStore<PastRunsState>(() => NOTHING_KNOWN);
  /** Reads and writes runs as files. */
  readonly client: Pick<RunsClient, keyof RunsClient>;
  /** Keeps the runs of the page; the first outcome of each kind of failure is shown. */
  readonly keeping: RunKeeping;
  readonly #reported = new Set<KeepOutcome>();

  constructor(client: Pick<RunsClient, keyof RunsClient>, options: Pick<RunKeepingOptions, 'lock'> = {}) {
    this.client = client;
    this.keeping = new RunKeeping(client, { ...options, kept: (outcome) => this.#kept(outcome) });
  }

  set(change: Partial<PastRunsState>): void {
    this.state.setState(change);
  }

  /** Asks for the list of runs again. */
  async refresh(): Promise<void> {
    this.set(await this.client.list());
  }

  /** Offers the unfinished run of the last visit, unless `taken` says that another has started. */
  async offerUnfinished(taken: () => boolean): Promise<void> {
    const { runs, storage } = await this.client.list();
    this.set({ runs, storage });
    const newest = runs.find(({ busy }) => !busy);
    const wanted = newest !== undefined && isUnfinished(newest) && !newest.dismissed;
    if (wanted && !taken()) this.set({ offer: newest });
  }

  /** Takes the offer away, in later visits too. */
  dismissOffer(): void {
    const { offer } = this.state.getState();
    this.set({ offer: undefined });
    if (offer !== undefined) this.keeping.dismiss(offer.runId);
  }

  /** Gives a run a name, or takes it away where `name` is empty, and lists the runs again. */
  async rename(runId: string, name: string): Promise<void> {
    await this.client.change(runId, { name: name === '' ? undefined : name });
    await this.refresh();
  }

  /** Deletes a run, and lists the runs again. */
  async remove(runId: string): Promise<void> {
    await this.client.remove(runId);
    await this.refresh();
  }

  #kept(outcome: KeepOutcome): void {
    // Once: the next checkpoint would only say it again.
    if (outcome !== 'kept' && !this.#reported.has(outcome)) {
      this.#reported.add(outcome);
      this.set({ keepFailure: TROUBLE[outcome] });
    }
    if (this.state.getState().open) void this.refresh().catch(() => {});
  }
}

function isUnfinished({ end, step, config }: KeptRun): boolean {
  return (end === 'open' || end === 'failed') && step < config.steps;
}
