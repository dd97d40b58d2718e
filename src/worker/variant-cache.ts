import { type DBSchema, openDB } from 'idb';
import type { VariantChoice, VariantMemory } from '../kernels/variants.ts';

interface VariantDatabase extends DBSchema {
  choices: { key: string; value: { readonly version: string; readonly choice: VariantChoice } };
}

const DATABASE = 'craft-kernels';

/**
 * Which kernel variants were found faster on an adapter, kept in IndexedDB from visit to visit; `version` changes with
 * the kernels' code, and choices of another one are not found. Where the browser refuses storage nothing is kept, and
 * the next visit measures again.
 */
export class VariantCache implements VariantMemory {
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  /** What was kept for this adapter, as storage has it; undefined where that is nothing. */
  async find(adapter: string): Promise<unknown> {
    const kept = await unlessRefused((database) => database.get('choices', adapter));
    return kept?.version === this.#version ? kept.choice : undefined;
  }

  /** Keeps a choice in place of the one before. */
  async keep(adapter: string, choice: VariantChoice): Promise<void> {
    await unlessRefused((database) => database.put('choices', { version: this.#version, choice }, adapter));
  }
}

/** Opened and closed again each time: it is asked once a visit, and an open one would block a newer page. */
async function unlessRefused<Result>(
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

function open() {
  return openDB<VariantDatabase>(DATABASE, 1, {
    upgrade(database) {
      database.createObjectStore('choices');
    },
  });
}
