import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ResultRow } from '../study/results.ts';
import type { FinalLayer } from '../study/statistics/seed-novelty.ts';

/** The result of a cell that has ended. */
export interface CellResult {
  readonly rows: readonly ResultRow[];
  /** Missing for a cell that failed. */
  readonly layer?: FinalLayer | undefined;
  /** scores.npz; missing for a cell that failed, or ended in an earlier version. */
  readonly scores?: Uint8Array<ArrayBuffer> | undefined;
}

/** A study as it is kept. */
export interface KeptStudy {
  readonly id: string;
  /** The text of study.json: read and checked like one from outside, since an older version may have written it. */
  readonly plan: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

interface StudyDatabase extends DBSchema {
  studies: { key: string; value: KeptStudy };
  cells: { key: [studyId: string, cellId: string]; value: CellResult };
}

const DATABASE = 'craft-studies';

/**
 * Studies in IndexedDB: the plan, written before the first run, and the result of each cell. All methods may reject.
 */
export class StudyShelf {
  /** The study started last, with the results of its cells by their ids. */
  async newest(): Promise<{ readonly study: KeptStudy; readonly cells: ReadonlyMap<string, CellResult> } | undefined> {
    return this.#with(async (database) => {
      const [study] = (await database.getAll('studies')).sort((a, b) => b.startedAt - a.startedAt);
      if (study === undefined) return undefined;
      const range = rangeOf(study.id);
      const [keys, values] = await Promise.all([database.getAllKeys('cells', range), database.getAll('cells', range)]);
      const cells = new Map(keys.flatMap(([, cellId], place) => cellEntry(cellId, values[place])));
      return { study, cells };
    });
  }

  async keep(study: KeptStudy): Promise<void> {
    await this.#with((database) => database.put('studies', study, study.id));
  }

  async keepCell(studyId: string, cellId: string, result: CellResult): Promise<void> {
    await this.#with((database) => database.put('cells', result, [studyId, cellId]));
  }

  async removeCell(studyId: string, cellId: string): Promise<void> {
    await this.#with((database) => database.delete('cells', [studyId, cellId]));
  }

  async remove(studyId: string): Promise<void> {
    await this.#with(async (database) => {
      const transaction = database.transaction(['studies', 'cells'], 'readwrite');
      await transaction.objectStore('studies').delete(studyId);
      await transaction.objectStore('cells').delete(rangeOf(studyId));
      await transaction.done;
    });
  }

  /** Opened for each task and closed again: an open database would block a newer page. */
  async #with<Result>(work: (database: IDBPDatabase<StudyDatabase>) => Promise<Result>): Promise<Result> {
    const database = await openDB<StudyDatabase>(DATABASE, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('studies');
        fresh.createObjectStore('cells');
      },
    });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }
}

function cellEntry(cellId: string, result: CellResult | undefined): readonly (readonly [string, CellResult])[] {
  return result === undefined ? [] : [[cellId, result]];
}

function rangeOf(studyId: string): IDBKeyRange {
  return IDBKeyRange.bound([studyId], [studyId, []]);
}
