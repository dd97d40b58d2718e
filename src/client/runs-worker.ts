import type { RunFileFailure, RunsAnswer, RunsCommand, RunsReply, RunsRequest } from '../worker/runs/protocol.ts';
import type { RunsKept } from '../worker/runs/runs.worker.ts';
import { LazyWorker } from './lazy-worker.ts';
import { Watchdog } from './watchdog.ts';

export interface RunsWorkerOptions {
  /** As a sentence names it: "The keeper of runs". */
  readonly name: string;
  /** Whether one command may keep its thread for long. */
  readonly long: boolean;
  readonly keeps: RunsKept;
}

export interface AskOptions {
  /** Buffers of the command that go to the worker instead of being copied. */
  readonly moved?: readonly ArrayBuffer[];
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

interface Waiting extends Pick<AskOptions, 'progress'> {
  readonly answer: (answer: RunsAnswer) => void;
}

/**
 * One worker of runs, and its watchdog: a worker that has died or hangs is ended, its open questions are answered with
 * a failure `worker-lost`, and the next command starts a fresh one.
 */
export class RunsWorker {
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #worker: LazyWorker<RunsRequest, RunsReply>;
  readonly #watchdog: Watchdog;
  #count = 0;

  constructor({ name, long, keeps }: RunsWorkerOptions) {
    this.#name = name;
    this.#watchdog = new Watchdog(
      () => this.#worker.post({ requestId: 0, command: { type: 'ping' } }),
      () => {
        this.#worker.close();
        this.#lose('it no longer answered');
      },
    );
    this.#watchdog.longWork('files', long);
    this.#worker = new LazyWorker(
      () => {
        this.#watchdog.longWork('load', true);
        return new Worker(new URL('../worker/runs/runs.worker.ts', import.meta.url), { type: 'module', name: keeps });
      },
      ({ requestId, answer }) => {
        this.#watchdog.heard();
        this.#watchdog.longWork('load', false);
        const waiting = this.#waiting.get(requestId);
        if (answer.type === 'progress') return waiting?.progress?.(answer.done, answer.total);
        this.#waiting.delete(requestId);
        waiting?.answer(answer);
        this.#watch();
      },
      (why) => this.#lose(why || 'it could not be loaded'),
    );
  }

  /** Sends a command and waits for its answer. */
  ask(command: RunsCommand, { moved, progress }: AskOptions = {}): Promise<RunsAnswer> {
    const requestId = ++this.#count;
    return new Promise((answer) => {
      // Throws where a command cannot be copied; then there is no answer to wait for.
      this.#worker.post({ requestId, command }, moved);
      this.#waiting.set(requestId, { answer, progress });
      this.#watch();
    });
  }

  /** Ends the worker in the midst of its work, which then fails as `cancelled`. */
  cancel(): void {
    this.#worker.close();
    this.#fail({ code: 'cancelled', message: `${this.#name} was ended.`, hint: 'Open the file again to read it.' });
  }

  #lose(why: string): void {
    const hint = 'Try again: a fresh one is started. If it happens again, reload the page.';
    this.#fail({ code: 'worker-lost', message: `${this.#name} stopped: ${why}.`, hint });
  }

  #fail(failure: RunFileFailure): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#watch();
    for (const { answer } of lost) answer({ type: 'failed', failure });
  }

  /** An idle worker is not asked whether it lives: it would only keep the processor awake. */
  #watch(): void {
    this.#watchdog.watch(this.#waiting.size > 0);
  }
}
