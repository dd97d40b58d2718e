/** Checkpoints take no more than a hundredth of the time, however large the network is. */
const SHARE = 100;

/** Says when a run's next checkpoint is due: by time, and by the cost of the last one. */
export class CheckpointClock {
  readonly #now: () => number;
  /** When the last one was done, or the run began, and how long it took; in milliseconds. */
  #since: number;
  #cost = 0;
  #startedAt = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Whether the last one is at least `seconds` old, and a hundred times as old as it took. */
  due(seconds: number): boolean {
    return this.#now() - this.#since >= Math.max(seconds * 1000, this.#cost * SHARE);
  }

  /** A checkpoint is being taken. */
  begin(): void {
    this.#startedAt = this.#now();
  }

  /** The checkpoint is taken and handed over. */
  end(): void {
    this.#since = this.#now();
    this.#cost = this.#since - this.#startedAt;
  }
}
