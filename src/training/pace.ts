import { median } from '../config/average.ts';

const KEPT_INTERVALS = 31;

/** Measures the time of a step. Stops (pauses, checks, verification) are left out by calling `rest()`. */
export class Pace {
  readonly #intervals: number[] = [];
  #since: { step: number; time: number } | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The clock starts anew at the next mark. */
  rest(): void {
    this.#since = undefined;
  }

  /** The device has finished `step` steps. */
  mark(step: number): void {
    const time = this.now();
    if (this.#since !== undefined && step > this.#since.step) {
      this.#intervals.push((time - this.#since.time) / (step - this.#since.step));
      if (this.#intervals.length > KEPT_INTERVALS) this.#intervals.shift();
    }
    this.#since = { step, time };
  }

  /** Median milliseconds a step over the last marks; 0 before the second. */
  get stepMs(): number {
    return this.#intervals.length === 0 ? 0 : median(this.#intervals);
  }
}
