import type { RunConfig } from '../config/run-config.ts';
import type { Failure, FailureCode } from '../training/events.ts';
import type { RunClient } from './run-client.ts';
import type { RunRecord } from './run-record.ts';

/** How often in a row a run is resumed without being asked from the same checkpoint. */
const MOST_ATTEMPTS = 3;
/** Before each of them, in milliseconds: a browser may need a moment to start its graphics process again. */
const WAITS = [0, 1000, 4000] as const;

/** A run that broke off, and the step from which it resumes or could resume. */
export interface Interruption {
  readonly cause: FailureCode;
  /** Steps finished when it broke off. */
  readonly lostAt: number;
  /** Step of the checkpoint; 0 where there is none. */
  readonly from: number;
  /** Whether it is resumed without being asked. */
  readonly goesOn: boolean;
  /** The browser's last message. */
  readonly technical: string;
}

/** Settings that differ when a run resumes: a smaller batch, another engine. */
export type ResumeChange = Partial<Pick<RunConfig, 'batchSize' | 'backend'>>;

/** Resumes a run whose worker or device was lost, from its last checkpoint and in a fresh worker. */
export class Recovery {
  readonly #client: RunClient;
  readonly #run: RunRecord;
  readonly #held: () => boolean;
  /** The checkpoint it was last resumed from, how often from there, and how it broke off first. */
  #from = -1;
  #attempts = 0;
  #cause: FailureCode = 'internal';
  #lostAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `held` says, when the run is started again, whether the user wants it paused. */
  constructor(client: RunClient, run: RunRecord, held: () => boolean) {
    this.#client = client;
    this.#run = run;
    this.#held = held;
  }

  /** Whether another try may help: the device or the worker was lost, or the lost device is not back yet. */
  mayHelp(failure: Failure): boolean {
    if (isLoss(failure)) return true;
    return failure.code === 'backend-unavailable' && this.#attempts > 0 && this.#run.phase === 'preparing';
  }

  /** Resumes the run, unless that was tried too often without a newer checkpoint: then it has failed. */
  lost(failure: Failure): Interruption {
    const run = this.#run;
    const from = this.#client.checkpointOf(run.runId)?.step ?? 0;
    const again = from === this.#from;
    this.#from = from;
    this.#attempts = again ? this.#attempts + 1 : 1;
    if (!again) this.#cause = failure.code;
    this.#lostAt = again ? Math.max(this.#lostAt, run.step) : run.step;
    const goesOn = this.#attempts <= MOST_ATTEMPTS;
    if (goesOn) this.#resume(failure.code, WAITS[this.#attempts - 1] ?? 0, {});
    else run.fail(failure);
    const technical = failure.technical ?? failure.message;
    return { cause: this.#cause, lostAt: this.#lostAt, from, goesOn, technical };
  }

  /** Resumes a failed run because the user asks for it, with other settings if given. */
  resume(failure: Failure, change: ResumeChange): void {
    this.#attempts = 0;
    this.#from = this.#client.checkpointOf(this.#run.runId)?.step ?? 0;
    this.#run.config = { ...this.#run.config, ...change };
    this.#resume(failure.code, 0, change);
  }

  /** It is there again and rests: a failure from now on has nothing to do with the steps that are to come. */
  rests(): void {
    this.#attempts = 0;
  }

  /** The run is not wanted any more. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #resume(reason: FailureCode, wait: number, change: ResumeChange): void {
    const run = this.#run;
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
        paused: this.#held(),
        ...(engine === undefined ? {} : { engine }),
        ...(from === undefined ? {} : { from }),
      });
    if (wait === 0) start();
    else this.#timer = setTimeout(start, wait);
  }
}

/** Whether the device or the worker was lost, which says nothing about the run. */
export function isLoss({ code }: Failure): boolean {
  return code === 'device-lost' || code === 'worker-lost';
}

function noteOf({ batchSize, backend }: ResumeChange): string | undefined {
  const words = [
    ...(batchSize === undefined ? [] : [`batch ${batchSize}`]),
    ...(backend === undefined ? [] : [`engine ${backend}`]),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
