import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { FaceSet } from '../faces/face-set.ts';

/** The facts of a kept set, known without reading its images. */
interface Entry {
  readonly key: string;
  readonly version: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

interface FaceDatabase extends DBSchema {
  entries: { key: string; value: Entry };
  sets: { key: string; value: FaceSet };
}

export interface FaceCacheOptions {
  /** Changes with the code that draws; sets of other versions are removed. */
  readonly version: string;
  /** How many bytes of images and labels are kept in all. */
  readonly limit?: number;
  readonly now?: () => number;
}

const DATABASE = 'craft-faces';
const LIMIT_BYTES = 256 * 2 ** 20;

/**
 * Drawn face sets, kept in IndexedDB from visit to visit; those used longest ago go first.
 * A cache only saves time: where the browser refuses storage or has no room left, nothing is kept
 * or found, and that is no error.
 */
export class FaceCache {
  readonly #version: string;
  readonly #limit: number;
  readonly #now: () => number;
  #database: Promise<IDBPDatabase<FaceDatabase>> | undefined;

  constructor({ version, limit = LIMIT_BYTES, now = Date.now }: FaceCacheOptions) {
    this.#version = version;
    this.#limit = limit;
    this.#now = now;
  }

  /** The set kept under `key`, if there is one of this version. */
  async find(key: string): Promise<FaceSet | undefined> {
    return this.#unlessRefused(async (database) => {
      const transaction = database.transaction(['entries', 'sets'], 'readwrite');
      const entries = transaction.objectStore('entries');
      const entry = await entries.get(key);
      const faces = entry?.version === this.#version ? await transaction.objectStore('sets').get(key) : undefined;
      if (entry !== undefined && faces !== undefined) await entries.put({ ...entry, usedAt: this.#now() }, key);
      await transaction.done;
      return faces;
    });
  }

  /** Keeps a set, in place of the one under the same key and of as many old ones as it takes. */
  async keep(key: string, faces: FaceSet): Promise<void> {
    const bytes = faces.images.byteLength + faces.labels.byteLength;
    if (bytes > this.#limit) return;
    await this.#unlessRefused(async (database) => {
      const transaction = database.transaction(['entries', 'sets'], 'readwrite');
      const entries = transaction.objectStore('entries');
      const sets = transaction.objectStore('sets');
      const others = (await entries.getAll()).filter((entry) => entry.key !== key);
      for (const removed of tooMany(others, this.#version, this.#limit - bytes)) {
        await entries.delete(removed);
        await sets.delete(removed);
      }
      await sets.put(faces, key);
      await entries.put({ key, version: this.#version, bytes, usedAt: this.#now() }, key);
      await transaction.done;
    });
  }

  async #unlessRefused<Result>(
    work: (database: IDBPDatabase<FaceDatabase>) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await work(await this.#open());
    } catch {
      // Private windows, a full disk, a database another tab is removing: the faces are drawn instead.
      this.#database = undefined;
      return undefined;
    }
  }

  #open(): Promise<IDBPDatabase<FaceDatabase>> {
    this.#database ??= openDB<FaceDatabase>(DATABASE, 1, {
      upgrade(database) {
        database.createObjectStore('entries');
        database.createObjectStore('sets');
      },
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return this.#database;
  }
}

/** Keys of the entries to remove so that the rest is of this version and fits into `room`, oldest first. */
function tooMany(entries: readonly Entry[], version: string, room: number): string[] {
  const removed = entries.filter((entry) => entry.version !== version);
  const kept = entries.filter((entry) => entry.version === version).sort((a, b) => a.usedAt - b.usedAt);
  let bytes = kept.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of kept) {
    if (bytes <= room) break;
    removed.push(entry);
    bytes -= entry.bytes;
  }
  return removed.map(({ key }) => key);
}
