import { hold, letGoOfAllBut } from '../../client/held-runs.ts';
import { keptRunOf } from '../../client/kept-run-of.ts';
import type { RunRecord } from '../../client/run-record.ts';
import { runsClient } from '../../client/runs-client.ts';
import { trainingClient } from '../../client/training-client.ts';
import type { KeepOutcome, KeptEnd, KeptRun, OpenedRun } from '../../worker/runs/kept-run.ts';
import type { Keepsake } from '../../worker/runs/run-shelf.ts';
import type { RunStore } from './run-state.ts';
import { type RunsTrouble, setRuns, useRuns } from './runs-store.ts';

const TROUBLE: Readonly<Record<Exclude<KeepOutcome, 'kept'>, RunsTrouble>> = {
  full: {
    message: 'There is no room left to keep this run in the browser.',
    hint: 'Training goes on. Export the run, or delete runs you no longer need from the list of past runs.',
  },
  refused: {
    message: 'The browser refuses to keep runs.',
    hint: 'Training goes on, but a reload would lose it: export the run to keep it. Private windows often refuse storage.',
  },
};

/** Holds a run that is opened, and keeps one that came from a file. False where another page has it open. */
export async function keepOpened({ kept, history, checkpoint }: OpenedRun, fresh: boolean): Promise<boolean> {
  if (!(await hold(kept.runId))) return false;
  if (fresh) tell(await keep({ run: kept, history, checkpoint }));
  return true;
}

/** Whatever goes wrong with keeping is no reason to stop. */
function keep(keepsake: Keepsake, own = false): Promise<KeepOutcome> {
  return runsClient.keep(keepsake, own).catch((): KeepOutcome => 'refused');
}

const told = new Set<KeepOutcome>();

function tell(outcome: KeepOutcome): void {
  // Once: the next checkpoint would only say it again.
  if (outcome !== 'kept' && !told.has(outcome)) {
    told.add(outcome);
    setRuns({ keepFailure: TROUBLE[outcome] });
  }
  if (useRuns.getState().open) void refreshRuns().catch(() => {});
}

/** Asks for the list of runs again. */
export async function refreshRuns(): Promise<void> {
  setRuns(await runsClient.list());
}

/**
 * Keeps every run of the page in the browser's storage: at each checkpoint that its worker takes, and when it ends. What
 * cannot be kept is told once, and training goes on.
 */
export function keepRuns(store: RunStore): void {
  /** Of the run and of the one before: a run that was reset still sends its last checkpoint. */
  const records = new Map<string, RunRecord>();
  const ended = new Map<string, KeptEnd>();
  let shown: RunRecord | undefined;

  const show = (run: RunRecord | undefined) => {
    if (run === shown) return;
    if (shown !== undefined) {
      const { runId, alive, restingFrom } = shown;
      for (const id of records.keys()) if (id !== runId) records.delete(id);
      if (restingFrom !== undefined) void runsClient.change(runId, { dismissed: true }).catch(() => {});
      else if (alive) ended.set(runId, 'stopped');
      if (!alive || restingFrom !== undefined) letGoOfAllBut(run?.runId);
    }
    shown = run;
    if (run === undefined) return;
    records.set(run.runId, run);
    ended.delete(run.runId);
    void hold(run.runId);
  };

  const shelf = new LatestFirst(async (keepsake, own) => tell(await keep(keepsake, own)));

  trainingClient.subscribe((message) => {
    if (message.type === 'checkpoint') {
      const { runId, checkpoint, spare } = message;
      const run = records.get(runId);
      const history = run?.history();
      if (run === undefined || history === undefined) return;
      const kept = keptRunOf(run, checkpoint.step, ended.get(runId));
      shelf.put({ run: kept, history, checkpoint: spare ?? checkpoint }, spare !== undefined);
    } else if (message.type === 'run-event') {
      const { event } = message;
      if (event.type !== 'finished' && event.type !== 'failed') return;
      if (event.runId !== shown?.runId) letGoOfAllBut(shown?.runId);
      const run = records.get(event.runId);
      const history = run?.history();
      const step = trainingClient.checkpointOf(event.runId)?.step;
      if (run === undefined || history === undefined || step === undefined) return;
      shelf.put({ run: keptRunOf(run, step, ended.get(event.runId)), history }, true);
    }
  });
  store.subscribe(({ run }) => show(run));

  // A page that is left may not come back: phones end hidden pages.
  document.addEventListener('visibilitychange', () => {
    const running = shown?.phase === 'running' && shown.restingFrom === undefined;
    if (document.visibilityState === 'hidden' && running) {
      trainingClient.post({ type: 'request-checkpoint', requestId: 'hidden' });
    }
  });
}

/** Offers to go on with the run that was under way when the page was last left, unless one has begun. */
export async function offerToGoOn(store: RunStore): Promise<void> {
  const { runs, storage } = await runsClient.list();
  setRuns({ runs, storage });
  const newest = runs.find(({ busy }) => !busy);
  const wanted = newest !== undefined && isUnfinished(newest) && !newest.dismissed;
  if (wanted && store.getState().run === undefined) setRuns({ offer: newest });
}

function isUnfinished({ end, step, config }: KeptRun): boolean {
  return (end === 'open' || end === 'failed') && step < config.steps;
}

/** Writes one thing at a time; of those that wait, of each run, only the newest matters. */
class LatestFirst {
  readonly #waiting = new Map<string, { readonly keepsake: Keepsake; readonly own: boolean }>();
  readonly #write: (keepsake: Keepsake, own: boolean) => Promise<void>;
  #writing = false;

  constructor(write: (keepsake: Keepsake, own: boolean) => Promise<void>) {
    this.#write = write;
  }

  /** `own`: the arrays of tables and checkpoint are nobody else's. */
  put(keepsake: Keepsake, own: boolean): void {
    const { runId } = keepsake.run;
    const before = keepsake.checkpoint === undefined ? this.#waiting.get(runId) : undefined;
    this.#waiting.set(runId, {
      keepsake: { ...keepsake, checkpoint: keepsake.checkpoint ?? before?.keepsake.checkpoint },
      own: own && (before?.own ?? true),
    });
    if (!this.#writing) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#write(next.keepsake, next.own);
    this.#writing = false;
  }

  #next(): { readonly keepsake: Keepsake; readonly own: boolean } | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }
}
