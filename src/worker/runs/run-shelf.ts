import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { knownArm } from '../../config/arm.ts';
import { readSavedConfig } from '../../config/read-config.ts';
import { completed, type RunHistory } from '../../record/run-history.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { KeepOutcome, KeptRun, ListedRun } from './kept-run.ts';

interface Entry {
  readonly run: KeptRun;
  /** Of the history, and of each checkpoint by its step. */
  readonly historyBytes: number;
  readonly checkpoints: readonly { readonly step: number; readonly bytes: number }[];
}

interface RunDatabase extends DBSchema {
  entries: { key: string; value: Entry };
  histories: { key: string; value: RunHistory };
  checkpoints: { key: [runId: string, step: number]; value: Checkpoint };
}

type Writing = IDBPTransaction<RunDatabase, ('entries' | 'histories' | 'checkpoints')[], 'readwrite'>;

/** The kept state of a run at a moment. */
export interface Keepsake {
  readonly run: KeptRun;
  readonly history: RunHistory;
  /** Left out where the run has trained nothing since the last one. */
  readonly checkpoint?: Checkpoint | undefined;
}

/** The newest kept checkpoint of a run, to resume from. */
export type Found = Keepsake & { readonly checkpoint: Checkpoint };

export interface RunShelfOptions {
  /** Ids of runs that a page has open, here or elsewhere: never removed to make room. */
  readonly busy: () => Promise<ReadonlySet<string>>;
  /** Bytes and runs that are kept in all. */
  readonly limit?: number;
  readonly most?: number;
  /** Name of the database: another keeps runs apart, so that neither makes room for the other. */
  readonly database?: string;
}

const STORES = ['entries', 'histories', 'checkpoints'] as const;
const LIMIT_BYTES = 2 ** 30;
const MOST_RUNS = 50;
const CHECKPOINTS_KEPT = 2;

/**
 * Runs kept in IndexedDB from visit to visit: their measurements, and the two newest checkpoints. Where room is short,
 * the runs without a name that were touched longest ago go first; a run with a name stays until it is deleted.
 */
export class RunShelf {
  readonly #options: Required<RunShelfOptions>;
  #database: Promise<IDBPDatabase<RunDatabase>> | undefined;

  constructor({ busy, limit = LIMIT_BYTES, most = MOST_RUNS, database = 'craft-runs' }: RunShelfOptions) {
    this.#options = { busy, limit, most, database };
  }

  /** Keeps a run, in place of its earlier state. A name that the user gave it meanwhile stays. */
  async keep(keepsake: Keepsake): Promise<KeepOutcome> {
    const busy = await this.#options.busy();
    for (;;) {
      try {
        return await this.#write(keepsake, busy);
      } catch (error) {
        if (!isFull(error)) return 'refused';
        // The browser has less room than the limit: another run goes, or this one stays out.
        if (!(await this.#removeOldest(keepsake.run.runId, busy))) return 'full';
      }
    }
  }

  /** All runs, the one touched last first. Rejects where storage is refused: nothing is then known of any run. */
  async list(): Promise<readonly ListedRun[]> {
    const busy = await this.#options.busy();
    const entries = await (await this.#open()).getAll('entries');
    return entries
      .map((entry) => ({ ...today(entry.run), bytes: bytesOf(entry), busy: busy.has(entry.run.runId) }))
      .sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /** A run with its history and newest checkpoint; undefined where it is not, or no longer, there. */
  async load(runId: string): Promise<Found | undefined> {
    const database = await this.#open();
    const transaction = database.transaction(STORES);
    const entry = await transaction.objectStore('entries').get(runId);
    const step = entry?.checkpoints.at(-1)?.step ?? 0;
    const history = await transaction.objectStore('histories').get(runId);
    const checkpoint = await transaction.objectStore('checkpoints').get([runId, step]);
    await transaction.done;
    if (entry === undefined || history === undefined || checkpoint === undefined) return undefined;
    // Until arms had settings, a checkpoint named them alone.
    const arms = checkpoint.arms.map((arm) => ({ ...knownArm(arm.name), ...arm }));
    return { run: today(entry.run), history: completed(history), checkpoint: { ...today(checkpoint), arms } };
  }

  /** The measurements of a run. */
  async history(runId: string): Promise<RunHistory | undefined> {
    const history = await (await this.#open()).get('histories', runId);
    return history && completed(history);
  }

  /** Changes the user's part of a run: its name, and whether the offer to resume it was dismissed. */
  async change(runId: string, change: Pick<KeptRun, 'name' | 'dismissed'>): Promise<void> {
    const transaction = (await this.#open()).transaction('entries', 'readwrite');
    const entry = await transaction.store.get(runId);
    if (entry !== undefined) await transaction.store.put({ ...entry, run: { ...entry.run, ...change } }, runId);
    await transaction.done;
  }

  async remove(runId: string): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    await removeFrom(transaction, runId);
    await transaction.done;
  }

  async #write({ run, history, checkpoint }: Keepsake, busy: ReadonlySet<string>): Promise<KeepOutcome> {
    const database = await this.#open();
    const transaction = database.transaction(STORES, 'readwrite');
    // The caller that awaits the parts gets the error; unhandled here, it would be an error of the worker as well.
    transaction.done.catch(() => {});
    const entries = transaction.objectStore('entries');
    const { runId } = run;
    const before = await entries.get(runId);
    const others = (before?.checkpoints ?? []).filter(({ step }) => step !== checkpoint?.step);
    const added = checkpoint === undefined ? [] : [{ step: checkpoint.step, bytes: checkpointBytes(checkpoint) }];
    const checkpoints = [...others, ...added].sort((a, b) => a.step - b.step);
    const kept = checkpoints.slice(-CHECKPOINTS_KEPT);
    const name = before?.run.name ?? run.name;
    const entry: Entry = {
      run: { ...run, name, startedAt: before?.run.startedAt ?? run.startedAt },
      historyBytes: historyBytes(history),
      checkpoints: kept,
    };
    const makeRoom = tooMany(
      (await entries.getAll()).filter((other) => other.run.runId !== runId),
      { busy, room: this.#options.limit - bytesOf(entry), most: this.#options.most - 1 },
    );
    if (makeRoom === undefined) {
      transaction.abort();
      return 'full';
    }
    for (const removed of makeRoom) await removeFrom(transaction, removed);
    for (const { step } of checkpoints.slice(0, -CHECKPOINTS_KEPT)) {
      await transaction.objectStore('checkpoints').delete([runId, step]);
    }
    await entries.put(entry, runId);
    await transaction.objectStore('histories').put(history, runId);
    if (checkpoint !== undefined)
      await transaction.objectStore('checkpoints').put(checkpoint, [runId, checkpoint.step]);
    await transaction.done;
    return 'kept';
  }

  async #removeOldest(except: string, busy: ReadonlySet<string>): Promise<boolean> {
    const entries = await (await this.#open()).getAll('entries');
    const [oldest] = removable(entries, busy).filter(({ run }) => run.runId !== except);
    if (oldest === undefined) return false;
    await this.remove(oldest.run.runId);
    return true;
  }

  #open(): Promise<IDBPDatabase<RunDatabase>> {
    this.#database ??= this.#opened().catch((error: unknown) => {
      this.#database = undefined;
      throw error;
    });
    return this.#database;
  }

  /** Browsers that refuse storage throw synchronously. */
  async #opened(): Promise<IDBPDatabase<RunDatabase>> {
    const forget = () => {
      this.#database = undefined;
    };
    return openDB<RunDatabase>(this.#options.database, 1, {
      upgrade(database) {
        for (const store of STORES) database.createObjectStore(store);
      },
      // A newer version of the page, in another tab, is not kept waiting.
      blocking: (_current, _blocked, event) => {
        forget();
        if (event.target instanceof IDBDatabase) event.target.close();
      },
      terminated: forget,
    });
  }
}

async function removeFrom(transaction: Writing, runId: string): Promise<void> {
  await transaction.objectStore('entries').delete(runId);
  await transaction.objectStore('histories').delete(runId);
  await transaction.objectStore('checkpoints').delete(IDBKeyRange.bound([runId], [runId, []]));
}

/** Runs that may be removed, the one touched longest ago first. */
function removable(entries: readonly Entry[], busy: ReadonlySet<string>): readonly Entry[] {
  return entries
    .filter(({ run }) => (run.name ?? '') === '' && !busy.has(run.runId))
    .sort((a, b) => a.run.updatedAt - b.run.updatedAt);
}

/** Ids of the runs to remove so that the others fit; undefined where even then they do not. */
function tooMany(
  entries: readonly Entry[],
  { busy, room, most }: { readonly busy: ReadonlySet<string>; readonly room: number; readonly most: number },
): readonly string[] | undefined {
  let bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  let count = entries.length;
  const removed: string[] = [];
  for (const entry of removable(entries, busy)) {
    if (bytes <= room && count <= most) break;
    bytes -= bytesOf(entry);
    count--;
    removed.push(entry.run.runId);
  }
  return bytes <= room && count <= most ? removed : undefined;
}

/** Settings that were added since a run was kept are at their defaults. */
function today<Kept extends Pick<KeptRun, 'config'>>(kept: Kept): Kept {
  return { ...kept, config: readSavedConfig(kept.config).config };
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

function bytesOf({ historyBytes: history, checkpoints }: Entry): number {
  return checkpoints.reduce((sum, { bytes }) => sum + bytes, history);
}

function checkpointBytes({ arms }: Checkpoint): number {
  return arms.reduce((sum, { state }) => {
    return [...state.values()].reduce((bytes, { values }) => bytes + values.byteLength, sum);
  }, 0);
}

function historyBytes({ arms, events }: RunHistory): number {
  const tables = Object.values(arms).flatMap((arm) => Object.values(arm));
  const measured = tables.reduce((sum, { steps, rows }) => sum + steps.byteLength + rows.byteLength, 0);
  return events.reduce(
    (sum, event) => sum + (event.type === 'reactivation' ? 2 * event.before.byteLength + 200 : 50),
    measured,
  );
}
