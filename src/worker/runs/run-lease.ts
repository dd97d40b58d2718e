import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

interface LeaseDatabase extends DBSchema {
  /** By run. `until` is in milliseconds since 1970. */
  leases: { key: string; value: { readonly holder: string; readonly until: number } };
}

export interface RunLeasesOptions {
  /** The page; no other one has this name. */
  readonly holder: string;
  readonly now?: () => number;
}

const DATABASE = 'craft-leases';

/** How long a lease holds, in milliseconds. Browsers let the timers of hidden tabs run once a minute. */
const LEASE = 90_000;
/** How often a page renews its leases, in milliseconds. */
export const RENEWAL = 5000;

/**
 * Which page has which run open, in IndexedDB: for pages without the browser's locks, as over plain http. A page takes a
 * lease and renews it; the lease of a page that crashed ends after one and a half minutes. Every method rejects where
 * the browser refuses storage.
 */
export class RunLeases {
  readonly #holder: string;
  readonly #now: () => number;

  constructor({ holder, now = Date.now }: RunLeasesOptions) {
    this.#holder = holder;
    this.#now = now;
  }

  /** Takes or renews the lease on a run; false where another page has it. */
  take(runId: string): Promise<boolean> {
    return withLeases(async (database) => {
      // One transaction: of two pages that ask, the second sees the lease of the first.
      const transaction = database.transaction('leases', 'readwrite');
      const lease = await transaction.store.get(runId);
      const free = lease === undefined || lease.holder === this.#holder || lease.until <= this.#now();
      if (free) await transaction.store.put({ holder: this.#holder, until: this.#now() + LEASE }, runId);
      await transaction.done;
      return free;
    });
  }

  /** Ends this page's lease on a run, or on every run. */
  release(runId?: string): Promise<void> {
    return withLeases(async (database) => {
      const transaction = database.transaction('leases', 'readwrite');
      for (let at = await transaction.store.openCursor(runId); at !== null; at = await at.continue()) {
        if (at.value.holder === this.#holder) await at.delete();
      }
      await transaction.done;
    });
  }

  /** Ids of the runs that a page has open. */
  busy(): Promise<ReadonlySet<string>> {
    return withLeases(async (database) => {
      const { store } = database.transaction('leases');
      const held = new Set<string>();
      for (let at = await store.openCursor(); at !== null; at = await at.continue()) {
        if (at.value.until > this.#now()) held.add(at.key);
      }
      return held;
    });
  }
}

/** Opened and closed again each time: an open database would block a newer page. */
async function withLeases<Result>(work: (database: IDBPDatabase<LeaseDatabase>) => Promise<Result>): Promise<Result> {
  const database = await openDB<LeaseDatabase>(DATABASE, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('leases');
    },
  });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
