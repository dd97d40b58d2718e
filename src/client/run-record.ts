import { assertNever } from '../config/assert-never.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { ArchivedFaces } from '../exchange/run-archive.ts';
import { MeasuredRun } from '../record/measured-run.ts';
import type { WeightsOrigin } from '../record/weights-origin.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Failure, FinishedEvent, StartedEvent, ToldEvent, VerificationEvent } from '../training/events.ts';
import { areThese, type FacesState } from './faces-state.ts';

/** The phase of a run. */
export type RunPhase = 'preparing' | 'compiling' | 'running' | 'paused' | 'finished' | 'failed';

/** Speed as last reported, of all arms together. */
export interface Speed {
  readonly imagesPerSecond: number;
  readonly stepMs: number;
  readonly deviceBytes: number;
}

/** A run as the page knows it; grows with every event and is never replaced while the run lasts. */
export class RunRecord extends MeasuredRun {
  readonly runId: string;
  phase: RunPhase = 'preparing';
  started: StartedEvent | undefined;
  speed: Speed | undefined;
  failure: Failure | undefined;
  outcome: FinishedEvent['outcome'] | undefined;
  /** The user's name for it. Text from outside. */
  name: string | undefined;
  /** The user's own faces that it trains on. */
  faces: ArchivedFaces | undefined;
  /** Of each arm the held-out pairs as scored at the end; none where the run ended in another visit. */
  readonly scores = new Map<string, NonNullable<VerificationEvent['scores']>>();
  /** Where its first weights came from that were not drawn from its seed. */
  weights: WeightsOrigin | undefined;
  /** The checkpoint to resume from while no worker holds the run: it was opened from a file or from storage. */
  restingFrom: Checkpoint | undefined;

  constructor(runId: string, config: RunConfig) {
    super(config);
    this.runId = runId;
  }

  /** Whether steps can still happen. */
  get alive(): boolean {
    return this.phase !== 'finished' && this.phase !== 'failed';
  }

  /** Takes an event of this run in. */
  apply(event: ToldEvent): void {
    this.step = Math.max(this.step, event.step);
    switch (event.type) {
      case 'started':
        this.started = event;
        this.phase = 'compiling';
        this.restingFrom = undefined;
        this.begin(event.arms);
        return;
      case 'compiling':
        this.phase = 'compiling';
        return;
      case 'progress':
        this.#trains();
        this.speed = event;
        this.measure(event);
        return;
      case 'filters':
        if (event.step > 0) this.#trains();
        this.measure(event);
        return;
      case 'reactivation':
      case 'craft-switched':
        this.measure(event);
        return;
      case 'verification':
        this.measure(event);
        if (event.scores !== undefined) this.scores.set(event.arm, event.scores);
        return;
      case 'paused':
        this.phase = 'paused';
        return;
      case 'resumed':
        this.phase = 'running';
        return;
      case 'finished':
        this.phase = 'finished';
        this.outcome = event.outcome;
        return;
      case 'failed':
        this.fail(event.failure);
        return;
      default:
        assertNever(event);
    }
  }

  /** Ends the run with an error, unless it has ended already. */
  fail(failure: Failure): void {
    if (!this.alive) return;
    this.phase = 'failed';
    this.failure = failure;
  }

  override goOnFrom(step: number, reason: string, note?: string): void {
    super.goOnFrom(step, reason, note);
    this.phase = 'preparing';
    this.failure = undefined;
    this.outcome = undefined;
  }

  #trains(): void {
    if (this.phase === 'preparing' || this.phase === 'compiling') this.phase = 'running';
  }
}

/** Whether a worker holds the run, and steps can still happen. */
export function underWay(run: RunRecord | undefined): run is RunRecord {
  return run?.alive === true && run.restingFrom === undefined;
}

/** Whether a run that was opened cannot resume, since the user's own faces it was trained on are not here. */
export function lacksFaces(run: Pick<RunRecord, 'restingFrom' | 'config' | 'faces'>, faces: FacesState): boolean {
  return run.restingFrom !== undefined && run.config.faces === 'own' && !areThese(run.faces, faces);
}
