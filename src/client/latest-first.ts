import type { Keepsake } from '../worker/runs/run-shelf.ts';

interface Waiting {
  readonly keepsake: Keepsake;
  /** The arrays of tables and checkpoint are nobody else's. */
  readonly own: boolean;
}

/** Writes one keepsake at a time; of those of a run that wait, only the newest is written. */
export class LatestFirst {
  readonly #waiting = new Map<string, Waiting>();
  readonly #write: (keepsake: Keepsake, own: boolean) => Promise<void>;
  #writing = false;

  constructor(write: (keepsake: Keepsake, own: boolean) => Promise<void>) {
    this.#write = write;
  }

  /** One without a checkpoint takes over that of the keepsake it replaces. */
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

  #next(): Waiting | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }
}
