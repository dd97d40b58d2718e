import type { KeepOutcome } from '../worker/runs/kept-run.ts';
import { holdRun } from '../worker/runs/run-locks.ts';
import type { Keepsake } from '../worker/runs/run-shelf.ts';
import { LatestFirst } from './latest-first.ts';
import type { RunsClient } from './runs-client.ts';

export interface RunKeepingOptions {
  /** Hears of every write how it ended. */
  readonly kept?: (outcome: KeepOutcome) => void;
  /** Holds a run against other pages; undefined where another page has it. */
  readonly lock?: typeof holdRun;
}

/**
 * Keeps the runs of the page in the browser's storage, and holds each of them so that no other page opens it. A run
 * that cannot be kept trains on: no method rejects.
 */
export class RunKeeping {
  readonly #runs: Pick<RunsClient, 'keep' | 'change'>;
  readonly #kept: (outcome: KeepOutcome) => void;
  readonly #lock: typeof holdRun;
  readonly #queue = new LatestFirst((keepsake, own) => this.keep(keepsake, own));
  /** Runs this page holds, by their ids, with the function that releases each. */
  readonly #held = new Map<string, Promise<(() => void) | undefined>>();
  /** Called with the id of a run that another page takes. */
  readonly #losers = new Map<string, () => void>();
  /** Runs that another page has taken from this one. */
  readonly #taken = new Set<string>();

  constructor(runs: Pick<RunsClient, 'keep' | 'change'>, { kept = () => {}, lock = holdRun }: RunKeepingOptions = {}) {
    this.#runs = runs;
    this.#kept = kept;
    this.#lock = lock;
  }

  /**
   * Holds a run for this page; resolves to false where another page has it. `lost` is called if another page takes it
   * later: then it is no longer kept here.
   */
  async hold(runId: string, lost?: () => void): Promise<boolean> {
    if (lost !== undefined) this.#losers.set(runId, lost);
    const holding = this.#held.get(runId) ?? this.#lock(runId, () => this.#lose(runId));
    this.#held.set(runId, holding);
    if ((await holding) !== undefined) {
      this.#taken.delete(runId);
      return true;
    }
    this.#held.delete(runId);
    return false;
  }

  /** Lets other pages have the run. */
  release(runId: string): void {
    const holding = this.#held.get(runId);
    this.#held.delete(runId);
    this.#losers.delete(runId);
    void holding?.then((release) => release?.());
  }

  /** Writes when the write before is done; of a run that waits only the newest state is written. */
  put(keepsake: Keepsake, own: boolean): void {
    this.#queue.put(keepsake, own);
  }

  /** Writes now. `own`: the arrays of tables and checkpoint are nobody else's and move instead of being copied. */
  async keep(keepsake: Keepsake, own = false): Promise<void> {
    if (this.#taken.has(keepsake.run.runId)) return;
    this.#kept(await this.#runs.keep(keepsake, own).catch((): KeepOutcome => 'refused'));
  }

  #lose(runId: string): void {
    this.#held.delete(runId);
    this.#taken.add(runId);
    this.#kept('taken');
    this.#losers.get(runId)?.();
  }

  /** A run that was opened and left where it was is not offered again. */
  dismiss(runId: string): void {
    void this.#runs.change(runId, { dismissed: true }).catch(() => {});
  }
}
