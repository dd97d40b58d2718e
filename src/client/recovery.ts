import type { RunConfig } from '../config/run-config.ts';
import type { Failure, FailureCode } from '../training/events.ts';
import type { RunClient } from './run-client.ts';
import type { RunRecord } from './run-record.ts';

/** How often in a row a run is gone on with by itself from the same checkpoint. */
const MOST_ATTEMPTS = 3;
/** Before each of them, in milliseconds: a browser may need a moment to start its graphics process again. */
const WAITS = [0, 1000, 4000] as const;

/** An idle engine that is lost sooner again, in milliseconds, is not worth another try. */
const IDLE_RESTARTS_APART = 10_000;

/** That a run broke off, and where it goes on, or could. */
export interface Interruption {
  readonly cause: FailureCode;
  /** Steps finished when it broke off. */
  readonly lostAt: number;
  /** Step of the checkpoint; 0 where there is none. */
  readonly from: number;
  /** Whether it goes on by itself. */
  readonly goesOn: boolean;
  /** What the browser said last. */
  readonly technical: string;
}

/** Settings with which a run goes on otherwise than it began: a smaller batch, another engine. */
export type ResumeChange = Partial<Pick<RunConfig, 'batchSize' | 'backend'>>;

/** Takes a run whose worker or device was lost up again, from its last checkpoint and in a fresh worker. */
export class Recovery {
  readonly #client: RunClient;
  /** The run last taken up, from which checkpoint, how often from there, and how it broke off first. */
  #run: RunRecord | undefined;
  #from = -1;
  #attempts = 0;
  #cause: FailureCode = 'internal';
  #lostAt = 0;
  /** The user had paused it. */
  #paused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idleRestart = Number.NEGATIVE_INFINITY;

  constructor(client: RunClient) {
    this.#client = client;
  }

  /** Whether another try may help: the device or the worker was lost, or the lost device is not back yet. */
  mayHelp(run: RunRecord, failure: Failure): boolean {
    if (isLoss(failure)) return true;
    return (
      failure.code === 'backend-unavailable' && this.#run === run && this.#attempts > 0 && run.phase === 'preparing'
    );
  }

  /**
   * Goes on with a run that broke off, unless that was tried too often without a newer checkpoint: then the run has
   * failed. `paused` tells whether it was paused, or was about to be.
   */
  lost(run: RunRecord, failure: Failure, paused: boolean): Interruption {
    const from = this.#client.checkpointOf(run.runId)?.step ?? 0;
    const again = run === this.#run && from === this.#from;
    this.#run = run;
    this.#from = from;
    this.#attempts = again ? this.#attempts + 1 : 1;
    this.#paused = paused || (again && this.#paused);
    if (!again) this.#cause = failure.code;
    this.#lostAt = again ? Math.max(this.#lostAt, run.step) : run.step;
    const goesOn = this.#attempts <= MOST_ATTEMPTS;
    if (goesOn) this.#goOn(run, failure.code, WAITS[this.#attempts - 1] ?? 0, {});
    else run.fail(failure);
    const technical = failure.technical ?? failure.message;
    return { cause: this.#cause, lostAt: this.#lostAt, from, goesOn, technical };
  }

  /** Goes on with a failed run because the user asks for it, with other settings if given. */
  resume(run: RunRecord, change: ResumeChange): void {
    const { failure } = run;
    if (failure === undefined) return;
    this.#attempts = 0;
    this.#paused = false;
    this.#run = run;
    this.#from = this.#client.checkpointOf(run.runId)?.step ?? 0;
    run.config = { ...run.config, ...change };
    this.#goOn(run, failure.code, 0, change);
  }

  /** It is there again and rests: whatever befalls it now has nothing to do with the steps that are to come. */
  rests(run: RunRecord): void {
    if (run === this.#run) this.#attempts = 0;
  }

  /** Throws a worker away that was lost, or whose device was, while it had no run; false where that is no help. */
  restartIdle(failure: Failure): boolean {
    const now = performance.now();
    if (!isLoss(failure) || now - this.#idleRestart < IDLE_RESTARTS_APART) return false;
    this.#idleRestart = now;
    this.#client.restart();
    return true;
  }

  /** The run is not wanted any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#run = undefined;
  }

  #goOn(run: RunRecord, reason: FailureCode, wait: number, change: ResumeChange): void {
    const from = this.#client.checkpointOf(run.runId);
    // As it began: an engine that is chosen anew might be another, much slower one.
    const began = run.started?.engine;
    const { backend } = run.config;
    const engine = backend === 'auto' || backend === began?.backend ? began : undefined;
    run.goOnFrom(from?.step ?? 0, reason, noteOf(change));
    this.#client.restart();
    clearTimeout(this.#timer);
    const start = () =>
      this.#client.post({
        type: 'start',
        runId: run.runId,
        config: run.config,
        ...(run.started === undefined ? {} : { arms: run.started.arms }),
        paused: this.#paused,
        ...(engine === undefined ? {} : { engine }),
        ...(from === undefined ? {} : { from }),
      });
    if (wait === 0) start();
    else this.#timer = setTimeout(start, wait);
  }
}

function isLoss({ code }: Failure): boolean {
  return code === 'device-lost' || code === 'worker-lost';
}

function noteOf({ batchSize, backend }: ResumeChange): string | undefined {
  const words = [
    ...(batchSize === undefined ? [] : [`batch ${batchSize}`]),
    ...(backend === undefined ? [] : [`engine ${backend}`]),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
