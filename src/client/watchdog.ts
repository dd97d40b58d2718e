/** In milliseconds. Browsers make it longer in hidden tabs, never shorter. */
const TICK = 500;
/** Ticks of silence that a worker is given: four seconds. */
const PATIENCE = 8;
/** Ticks for work that may keep the thread for long: loading, the first step, reading and writing files. One minute. */
const LONG_PATIENCE = 120;
/** How much longer than ever before a step may take. */
const SLACK = 4;

/**
 * Notices that a worker has died or hangs: nothing has come from it for some ticks, not even answers to pings.
 *
 * A step on the processor blocks the worker thread, which answers nothing meanwhile, and the page cannot see it. So the
 * watchdog measures: the longest silence so far, the first step included, makes it more patient. It counts
 * ticks of the page's own timer rather than time, so that a page that was suspended or throttled with its worker does
 * not take that for silence.
 */
export class Watchdog {
  readonly #ping: () => void;
  readonly #lost: () => void;
  readonly #longWork = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #silence = 0;
  #longest = 0;

  /** `lost` is called once, after which the watch is over. */
  constructor(ping: () => void, lost: () => void) {
    this.#ping = ping;
    this.#lost = lost;
  }

  /** Watches from now on, or not for the time being. */
  watch(wanted: boolean): void {
    if (wanted === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#silence = 0;
    this.#timer = wanted ? setInterval(() => this.#tick(), TICK) : undefined;
  }

  /** Something came from the worker. */
  heard(): void {
    // Files say nothing about steps.
    const onlySteps = [...this.#longWork].every((work) => work === FIRST_STEP);
    if (onlySteps) this.#longest = Math.max(this.#longest, this.#silence);
    this.#silence = 0;
  }

  /** Work of this name, which may block the thread for long, has started or is done. */
  longWork(name: string, under: boolean): void {
    if (under) this.#longWork.add(name);
    else this.#longWork.delete(name);
  }

  #tick(): void {
    this.#silence++;
    const patience = this.#longWork.size > 0 ? LONG_PATIENCE : Math.max(PATIENCE, SLACK * this.#longest);
    if (this.#silence < patience) {
      this.#ping();
      return;
    }
    this.watch(false);
    this.#lost();
  }
}

/** The name of the work before a run's first step is done; unlike other long work it shows how long steps take. */
export const FIRST_STEP = 'first step';
