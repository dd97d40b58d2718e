import type { Arm } from '../config/arm.ts';
import { readConfig } from '../config/read-config.ts';
import { CONFIG_KEYS, fieldOf, type RunConfig } from '../config/run-config.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { RunHistory } from '../record/run-history.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Failure, ToldEvent } from '../training/events.ts';
import type { Message } from '../worker/protocol.ts';
import { askForCheckpoint } from './checkpoint-request.ts';
import { type Interruption, isLoss, Recovery, type ResumeChange } from './recovery.ts';
import type { RunClient } from './run-client.ts';
import type { RunKeeping } from './run-keeping.ts';
import { type RunRecord, underWay } from './run-record.ts';
import { RunWriter } from './run-writer.ts';
import { RunFileError } from './runs-client.ts';

/** A run at a step boundary: its readings, and the checkpoint to resume from. */
interface RunSnapshot {
  readonly history: RunHistory;
  readonly checkpoint: Checkpoint;
}

interface PageRunOptions {
  /** The client that trains; several runs may follow each other on it, and runs side by side have one each. */
  readonly client: RunClient;
  readonly record: RunRecord;
  /** Keeps the run in the browser; without, it is lost with the page. */
  readonly keeping?: RunKeeping | undefined;
  /** Called after every change: `measured` may be drawn later, `state` should be seen now. */
  readonly changed?: (change: 'measured' | 'state') => void;
}

/**
 * One run of the page: its record, its commands, its recovery after a loss, its keeping and its checkpoints. A run that
 * the page leaves listens until its last event, so that its last checkpoint is kept.
 */
export class PageRun {
  readonly record: RunRecord;
  readonly #client: RunClient;
  readonly #keeping: RunKeeping | undefined;
  readonly #writer: RunWriter | undefined;
  readonly #changed: (change: 'measured' | 'state') => void;
  readonly #recovery: Recovery;
  readonly #unsubscribe: () => void;
  /** Whether the user wants it paused; the worker acknowledges in the record's phase. */
  #held = false;
  #left = false;
  #interruption: Interruption | undefined;
  #preparing: { readonly done: number; readonly total: number } | undefined;

  constructor({ client, record, keeping, changed = () => {} }: PageRunOptions) {
    this.record = record;
    this.#client = client;
    this.#keeping = keeping;
    this.#writer = keeping && new RunWriter(keeping, record);
    this.#changed = changed;
    this.#recovery = new Recovery(client, record, () => this.#held);
    this.#held = record.phase === 'paused';
    void keeping?.hold(record.runId, () => this.pause());
    this.#unsubscribe = client.subscribe((message) => this.#receive(message));
  }

  /** True from the wish to pause until the worker has acknowledged it. */
  get pausing(): boolean {
    return this.#held && this.record.alive && this.record.phase !== 'paused';
  }

  /** That the run broke off, until the user has taken note or it is resumed. */
  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  /** How many faces of the run are drawn or read, while that lasts. */
  get preparing(): { readonly done: number; readonly total: number } | undefined {
    return this.record.phase === 'preparing' ? this.#preparing : undefined;
  }

  /** Whether a checkpoint can be had of it. */
  get savable(): boolean {
    const { started, phase } = this.record;
    if (started === undefined) return false;
    return phase !== 'preparing' && (phase !== 'failed' || this.lastCheckpoint !== undefined);
  }

  /** The newest checkpoint there is, without asking the worker: of a run that has ended, its last. */
  get lastCheckpoint(): Checkpoint | undefined {
    const { restingFrom, runId } = this.record;
    return restingFrom ?? this.#client.checkpointOf(runId);
  }

  /** Starts training; `paused` holds before the first step. Without `arms` those that the config names. */
  start(paused: boolean, arms?: readonly Arm[]): void {
    const { runId, config } = this.record;
    this.#held = paused;
    this.#client.post({ type: 'start', runId, config, ...(arms === undefined ? {} : { arms }), paused });
    this.#changed('state');
  }

  /** Has the worker take up a run that was opened; `paused` leaves it at its checkpoint. */
  wake(paused: boolean, engine: EngineInfo | undefined): void {
    const { record } = this;
    const from = record.restingFrom;
    if (from === undefined) return;
    const began = record.started?.engine;
    const next = record.config.backend === 'auto' ? engine?.backend : record.config.backend;
    const asBefore = next === began?.backend;
    record.goOnFrom(from.step, 'closed', next === undefined || asBefore ? undefined : `engine ${next}`);
    this.#held = paused;
    this.#client.post({
      type: 'start',
      runId: record.runId,
      config: record.config,
      paused,
      from,
      // With the kernels' variants it began with, since others sum in another order.
      ...(asBefore && began?.variants !== undefined ? { engine: began } : {}),
    });
    this.#changed('state');
  }

  pause(): void {
    if (!this.record.alive || this.#held) return;
    this.#held = true;
    this.#client.post({ type: 'pause' });
    this.#changed('state');
  }

  resume(): void {
    this.#held = false;
    this.#client.post({ type: 'resume' });
  }

  /** One step of a paused run, which then holds again. */
  step(): void {
    this.#client.post({ type: 'step' });
  }

  /** Takes over the settings that may change in mid-run. */
  applyLive(next: RunConfig): void {
    const { record } = this;
    const changed = CONFIG_KEYS.filter((key) => fieldOf(key).live && record.config[key] !== next[key]);
    if (changed.length === 0) return;
    record.config = readConfig(Object.fromEntries(changed.map((key) => [key, next[key]])), record.config).config;
    this.#client.post({ type: 'live-settings', config: record.config });
    this.#changed('state');
  }

  /** Resumes a failed run from its last checkpoint, in a fresh worker, with other settings if given. */
  resumeFailed(change: ResumeChange): void {
    const { phase, failure } = this.record;
    if (phase !== 'failed' || failure === undefined) return;
    this.#held = false;
    this.#interruption = undefined;
    this.#preparing = undefined;
    this.#recovery.resume(failure, change);
    this.#changed('state');
  }

  dismissInterruption(): void {
    this.#interruption = undefined;
    this.#changed('state');
  }

  /** Whether the run is resumed after such a failure of its engine, or was given up after several tries. */
  survives(failure: Failure): boolean {
    return underWay(this.record) && this.#recovery.mayHelp(failure);
  }

  /** Has a training run kept as it is now: a page that is hidden may not come back. */
  keepNow(): void {
    if (this.record.phase !== 'running' || this.record.restingFrom !== undefined) return;
    this.#client.post({ type: 'request-checkpoint', requestId: 'hidden' });
  }

  /**
   * The networks at the next step boundary, also while it trains; of a run that cannot answer, its newest checkpoint.
   * @throws RunFileError
   */
  checkpoint(): Promise<Checkpoint> {
    return this.#ask((checkpoint) => checkpoint);
  }

  /** As `checkpoint`, with all that was measured up to it. @throws RunFileError */
  snapshot(): Promise<RunSnapshot> {
    // While the checkpoint is delivered: later messages are about later steps.
    return this.#ask((checkpoint) => {
      const history = this.record.history();
      if (history === undefined) throw new RunFileError(NOTHING_YET);
      return { history, checkpoint };
    });
  }

  /** The page turns to something else: a run that trains is stopped, and kept as far as it got. */
  leave(): void {
    this.#recovery.end();
    this.#left = true;
    if (this.#writer !== undefined) this.#writer.left = true;
    const { runId, alive, restingFrom } = this.record;
    if (restingFrom !== undefined) this.#keeping?.dismiss(runId);
    if (alive) this.#client.post({ type: 'stop' });
    if (!alive || restingFrom !== undefined) this.close();
  }

  /** Stops listening and lets other pages have the run; its worker is gone, or has nothing more to say. */
  close(): void {
    this.#recovery.end();
    this.#unsubscribe();
    this.#keeping?.release(this.record.runId);
  }

  #receive(message: Message): void {
    const { record } = this;
    switch (message.type) {
      case 'engine-failed':
        // A probe that finds no engine says nothing about a run that is still ending.
        if (this.#left && isLoss(message.failure)) this.close();
        else if (!this.#left && underWay(record)) this.#engineFailed(message.failure);
        return;
      case 'preparing-faces':
        if (message.runId !== record.runId) return;
        this.#preparing = { done: message.done, total: message.total };
        this.#changed('measured');
        return;
      case 'checkpoint':
        if (message.runId === record.runId) this.#writer?.checkpoint(message.checkpoint, message.spare);
        return;
      case 'run-event':
        if (this.#left) this.#lastEvents(message.event);
        else if (message.event.runId === record.runId) this.#follow(message.event);
        return;
    }
  }

  #follow(event: ToldEvent): void {
    const { record } = this;
    if (event.type === 'failed' && record.alive) {
      record.step = Math.max(record.step, event.step);
      // Its device is not to be trusted any more; the checkpoint is with the client.
      if (event.failure.code === 'out-of-memory') this.#client.restart();
      if (this.#takenUp(event.failure)) return;
    }
    const before = record.phase;
    // That it was to resume is no longer true.
    if (event.type === 'failed') this.#interruption = undefined;
    record.apply(event);
    if (event.type === 'paused') this.#recovery.rests();
    if (event.type === 'finished' || event.type === 'failed') this.#writer?.end(this.lastCheckpoint);
    this.#changed(record.phase === before ? 'measured' : 'state');
  }

  /** Of a run that the page has left. A client trains one run at a time: the first event of another ends this one. */
  #lastEvents(event: ToldEvent): void {
    const over = event.runId !== this.record.runId || event.type === 'started';
    if (!over) this.record.apply(event);
    if (!over && this.record.alive) return;
    if (!over) this.#writer?.end(this.lastCheckpoint);
    this.close();
  }

  #engineFailed(failure: Failure): void {
    if (this.#takenUp(failure)) return;
    this.#interruption = undefined;
    this.record.fail(failure);
    this.#writer?.end(this.lastCheckpoint);
    this.#changed('state');
  }

  /** Whether a run that broke off is resumed, or was given up after several tries. */
  #takenUp(failure: Failure): boolean {
    if (!this.#recovery.mayHelp(failure)) return false;
    this.#preparing = undefined;
    this.#interruption = this.#recovery.lost(failure);
    if (!this.record.alive) this.#writer?.end(this.lastCheckpoint);
    this.#changed('state');
    return true;
  }

  async #ask<Taken>(take: (checkpoint: Checkpoint) => Taken): Promise<Taken> {
    const { restingFrom, phase } = this.record;
    const last = restingFrom ?? (phase === 'failed' ? this.lastCheckpoint : undefined);
    if (last !== undefined) return take(last);
    if (phase === 'failed') throw new RunFileError(NOTHING_YET);
    return askForCheckpoint(this.#client, (answer) => {
      if ('checkpoint' in answer) return take(answer.checkpoint);
      // A fresh worker knows nothing of a finished run; the page has its last checkpoint.
      const kept = this.lastCheckpoint;
      if (kept === undefined) throw new RunFileError({ ...answer.failure, code: 'internal' });
      return take(kept);
    });
  }
}

const NOTHING_YET = {
  code: 'gone',
  message: 'The run failed before its first checkpoint, so there is nothing to save.',
  hint: 'Start it again.',
} as const;
