type State = 'running' | 'paused' | 'single-step' | 'stopped';

/**
 * Holds a loop at its step boundaries. The loop asks `next()` before each step; pause, step and stop take effect there
 * and nowhere else.
 */
export class Gate {
  #state: State;
  #asked = false;
  #wake: (() => void) | undefined;

  constructor(paused: boolean) {
    this.#state = paused ? 'paused' : 'running';
  }

  /** True while the loop would wait at the next boundary. */
  get held(): boolean {
    return this.#state === 'paused';
  }

  get stopped(): boolean {
    return this.#state === 'stopped';
  }

  pause(): void {
    this.#set('paused');
  }

  resume(): void {
    this.#set('running');
  }

  /** Lets one step pass, then holds again. */
  step(): void {
    this.#set('single-step');
  }

  stop(): void {
    this.#set('stopped');
  }

  /** Makes `next` return `asked` at the next boundary, held or not; the gate stays held or open. */
  ask(): void {
    this.#asked = true;
    this.#wakeUp();
  }

  /** Waits while held. Resolves to the loop's next action at this boundary; after `asked` it comes back here. */
  async next(): Promise<'go' | 'stop' | 'asked'> {
    while (this.#state === 'paused' && !this.#asked) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#state === 'stopped') return 'stop';
    if (this.#asked) {
      this.#asked = false;
      return 'asked';
    }
    if (this.#state === 'single-step') this.#state = 'paused';
    return 'go';
  }

  #set(state: State): void {
    if (this.#state === 'stopped') return;
    this.#state = state;
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
