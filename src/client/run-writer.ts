import type { Checkpoint } from '../training/checkpoint.ts';
import { keptRunOf } from './kept-run-of.ts';
import type { RunKeeping } from './run-keeping.ts';
import type { RunRecord } from './run-record.ts';

/** Writes one run into the browser's storage: at each checkpoint that its worker takes, and when it ends. */
export class RunWriter {
  readonly #keeping: RunKeeping;
  readonly #record: RunRecord;
  /** Steps of the newest checkpoint that was written. */
  #step: number | undefined;
  /** The page has left the run: it is not offered again, however it ends. */
  left = false;

  constructor(keeping: RunKeeping, record: RunRecord) {
    this.#keeping = keeping;
    this.#record = record;
  }

  /** `spare` is a copy that nobody else holds; its arrays move to the storage instead of being copied. */
  checkpoint(checkpoint: Checkpoint, spare: Checkpoint | undefined): void {
    const history = this.#record.history();
    if (history === undefined) return;
    this.#step = checkpoint.step;
    const run = keptRunOf(this.#record, checkpoint.step, this.#end());
    this.#keeping.put({ run, history, checkpoint: spare ?? checkpoint }, spare !== undefined);
  }

  /** How the run ended; `from` is its last checkpoint, if it was not written here. */
  end(from: Checkpoint | undefined): void {
    const history = this.#record.history();
    const step = this.#step ?? from?.step;
    if (history === undefined || step === undefined) return;
    this.#keeping.put({ run: keptRunOf(this.#record, step, this.#end()), history }, true);
  }

  #end(): 'stopped' | undefined {
    return this.left && this.#record.outcome !== 'completed' ? 'stopped' : undefined;
  }
}
