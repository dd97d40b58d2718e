import type { RunRecord } from './run-record.ts';

/** Milliseconds up to the last pause, and when it began to train after that. */
interface Clock {
  spent: number;
  since: number | undefined;
}

/** How long each of several runs has trained; unknown of one that was resumed. */
export class RunClocks {
  readonly #clocks = new Map<string, Clock>();

  /** Starts and stops the clocks of the runs that train, by their ids. */
  wind(records: ReadonlyMap<string, Pick<RunRecord, 'step' | 'phase'>>): void {
    const now = performance.now();
    for (const [runId, record] of records) {
      const clock = this.#clocks.get(runId) ?? { spent: record.step > 0 ? Number.NaN : 0, since: undefined };
      const rests = record.phase === 'paused';
      if (rests && clock.since !== undefined) clock.spent += now - clock.since;
      if (rests) clock.since = undefined;
      else clock.since ??= now;
      this.#clocks.set(runId, clock);
    }
  }

  /** Seconds that a run has trained, pauses left out, and its clock is gone; NaN where they are not known. */
  take(runId: string): number {
    const clock = this.#clocks.get(runId);
    this.#clocks.delete(runId);
    if (clock === undefined) return Number.NaN;
    return (clock.spent + (clock.since === undefined ? 0 : performance.now() - clock.since)) / 1000;
  }
}
