import type { RunConfig } from '../config/run-config.ts';
import type { ArchivedFaces } from '../exchange/run-archive.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type {
  ArmName,
  CraftSwitchedEvent,
  Failure,
  FailureCode,
  FinishedEvent,
  ReactivationEvent,
  StartedEvent,
  ToldEvent,
} from '../training/events.ts';
import { ArmRecord } from './arm-record.ts';
import { areThese, type FacesState } from './faces-state.ts';

/** What the event list shows. */
export type LoggedEvent = ReactivationEvent | CraftSwitchedEvent;

/** A place where a run went on from a checkpoint. */
export interface Seam {
  /** Of the checkpoint. */
  readonly step: number;
  /** Steps finished when it broke off; those after `step` were lost. */
  readonly lostAt: number;
  /** Why it broke off: a failure of its own, or the user had closed it. */
  readonly reason: FailureCode | 'closed';
  /** What is other than before from here on: "batch 64". */
  readonly note?: string | undefined;
}

/** Where a run stands. */
export type RunPhase = 'preparing' | 'compiling' | 'running' | 'paused' | 'finished' | 'failed';

/** Speed as last told, of all arms together. */
export interface Speed {
  readonly imagesPerSecond: number;
  readonly stepMs: number;
  readonly deviceBytes: number;
}

/** A run as the page knows it; grows with every event and is never replaced while the run lasts. */
export class RunRecord {
  readonly runId: string;
  /** What the run trains with; live settings are kept up to date. */
  config: RunConfig;
  phase: RunPhase = 'preparing';
  started: StartedEvent | undefined;
  /** Steps finished. */
  step = 0;
  readonly arms: Partial<Record<ArmName, ArmRecord>> = {};
  readonly events: LoggedEvent[] = [];
  /** By rising step. */
  readonly seams: Seam[] = [];
  speed: Speed | undefined;
  failure: Failure | undefined;
  outcome: FinishedEvent['outcome'] | undefined;
  /** What the user called it. Text from outside. */
  name: string | undefined;
  /** The user's own faces that it trains on. */
  faces: ArchivedFaces | undefined;
  /** Where it goes on from while no worker holds it: it was opened from a file or from storage. */
  restingFrom: Checkpoint | undefined;

  constructor(runId: string, config: RunConfig) {
    this.runId = runId;
    this.config = config;
  }

  get totalSteps(): number {
    return this.started?.totalSteps ?? this.config.steps;
  }

  /** Steps for which a re-activated filter counts as just re-activated: 150 in a run of 2,400. */
  get freshSteps(): number {
    return Math.max(1, Math.round(this.totalSteps / 16));
  }

  /** The step after which CRAFT leaves the filters alone. */
  get stopStep(): number {
    return Math.round((this.totalSteps * this.config.stopAt) / 100);
  }

  /** Steps at which filters were re-activated, rising. */
  get eventSteps(): readonly number[] {
    return this.events.flatMap((event) =>
      event.type === 'reactivation' && event.filters.length > 0 ? [event.step] : [],
    );
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
        this.#start(event);
        return;
      case 'compiling':
        this.phase = 'compiling';
        return;
      case 'progress':
        this.#trains();
        this.speed = event;
        this.arms[event.arm]?.loss.push(event.step, event.loss);
        return;
      case 'filters':
        if (event.step > 0) this.#trains();
        this.arms[event.arm]?.addFilters(event);
        return;
      case 'reactivation':
        this.events.push(event);
        this.arms[event.arm]?.addReactivation(event);
        return;
      case 'craft-switched':
        this.events.push(event);
        return;
      case 'verification':
        this.arms[event.arm]?.verification.push(event.step, event.accuracy);
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

  /** Cuts what came after a checkpoint that the run goes on from; all before it stays. */
  goOnFrom(step: number, reason: Seam['reason'], note?: string): void {
    for (const arm of Object.values(this.arms)) arm.goOnFrom(step);
    cut(this.events, step);
    cut(this.seams, step);
    const last = this.seams.at(-1);
    // Nothing was trained since the last try to go on from here: it is one break.
    const again = last?.step === step && this.step === step;
    const seam = again ? last : { step, lostAt: this.step, reason };
    if (again) this.seams.pop();
    this.seams.push(note === undefined ? seam : { ...seam, note });
    this.step = step;
    this.phase = 'preparing';
    this.failure = undefined;
    this.outcome = undefined;
  }

  #start(event: StartedEvent): void {
    this.started = event;
    this.phase = 'compiling';
    this.restingFrom = undefined;
    const [height, width, channels, filters] = event.kernelShape;
    for (const arm of event.arms) this.arms[arm] ??= new ArmRecord(filters, height * width * channels * filters);
  }

  #trains(): void {
    if (this.phase === 'preparing' || this.phase === 'compiling') this.phase = 'running';
  }
}

/** Drops what came after `step`. */
function cut(happened: { readonly step: number }[], step: number): void {
  const first = happened.findIndex((event) => event.step > step);
  if (first >= 0) happened.length = first;
}

/** Whether a worker holds the run, and steps can still happen. */
export function underWay(run: RunRecord | undefined): run is RunRecord {
  return run?.alive === true && run.restingFrom === undefined;
}

/** Whether a run that was opened cannot go on, since the user's own faces it was trained on are not here. */
export function lacksFaces(run: RunRecord, faces: FacesState): boolean {
  return run.restingFrom !== undefined && run.config.faces === 'own' && !areThese(run.faces, faces);
}

function assertNever(event: never): never {
  throw new Error(`Unknown event ${JSON.stringify(event)}.`);
}
