import { openDB } from 'idb';

/** Milliseconds of a training step, by engine and kind of step. */
const DATABASE = 'craft-step-times';

const STORE = 'choices';

/**
 * Measurements of this computer, kept in IndexedDB from visit to visit. `version` changes with the code
 * that measured, and entries of another version are not found. Where the browser refuses storage nothing is kept, and
 * the next visit measures again.
 */
export class AdapterMemory<Value> {
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  /** The entry under this name, as storage has it; undefined where there is none. */
  async find(name: string): Promise<unknown> {
    const kept: unknown = await this.#unlessRefused((database) => database.get(STORE, name));
    if (typeof kept !== 'object' || kept === null || !('version' in kept) || !('choice' in kept)) return undefined;
    return kept.version === this.#version ? kept.choice : undefined;
  }

  /** Keeps a value in place of the one before. */
  async keep(name: string, choice: Value): Promise<void> {
    await this.#unlessRefused((database) => database.put(STORE, { version: this.#version, choice }, name));
  }

  /** Opened and closed again each time: it is asked seldom, and an open one would block a newer page. */
  async #unlessRefused<Result>(
    work: (database: Awaited<ReturnType<typeof open>>) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      const database = await open();
      try {
        return await work(database);
      } finally {
        database.close();
      }
    } catch {
      // Private windows, a full disk: it is measured again instead.
      return undefined;
    }
  }
}

function open() {
  return openDB(DATABASE, 1, {
    upgrade(database) {
      database.createObjectStore(STORE);
    },
  });
}
