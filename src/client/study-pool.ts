import type { Arm } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';
import { PageRun } from './page-run.ts';
import { restoredRun } from './restored-run.ts';
import type { RunClient } from './run-client.ts';
import type { RunKeeping } from './run-keeping.ts';
import { RunRecord } from './run-record.ts';

/** A run of a study. */
export interface PooledRun {
  readonly runId: string;
  readonly config: RunConfig;
  readonly arms: readonly Arm[];
}

interface StudyPoolOptions {
  /** A client with a worker of its own. */
  readonly hire: () => RunClient;
  readonly keeping: RunKeeping;
  /** A run as it was kept; undefined where it has not started. */
  readonly load: (runId: string) => Promise<OpenedRun | undefined>;
  /** Runs side by side on an engine; before the first has named its engine there is one. */
  readonly side: (engine: EngineInfo) => number;
  /** The run to begin now; undefined where none is left. */
  readonly next: () => PooledRun | undefined;
  /** A run has finished or failed; its last checkpoint is missing where it never had one. */
  readonly ended: (run: PooledRun, record: RunRecord, checkpoint: Checkpoint | undefined) => void;
  /** Called after every change: `measured` may be drawn later, `state` should be seen now. */
  readonly changed: (change: 'measured' | 'state') => void;
}

/** A run that is being trained, from the wish to begin it. */
interface Seat {
  readonly run: PooledRun;
  readonly client: RunClient;
  /** Undefined while it is looked for among the kept runs. */
  pageRun: PageRun | undefined;
  given: boolean;
}

/**
 * Trains the runs of a study, as many side by side as the engine gains from. The first one starts alone: it finds the
 * engine, and after a reload draws the faces that the others then find in the browser's storage.
 */
export class StudyPool {
  readonly #options: StudyPoolOptions;
  readonly #seats = new Set<Seat>();
  /** Clients without a run. */
  readonly #idle: RunClient[] = [];
  #engine: EngineInfo | undefined;
  #held = true;

  constructor(options: StudyPoolOptions) {
    this.#options = options;
  }

  /** Records of the runs being trained, by the run's id. */
  get records(): ReadonlyMap<string, RunRecord> {
    const records = new Map<string, RunRecord>();
    for (const { run, pageRun } of this.#seats) if (pageRun !== undefined) records.set(run.runId, pageRun.record);
    return records;
  }

  /** Ids of the runs that are being trained or looked for. */
  get runIds(): readonly string[] {
    return [...this.#seats].map(({ run }) => run.runId);
  }

  /** Runs that may train side by side; 1 before an engine is known. */
  get side(): number {
    return this.#engine === undefined ? 1 : Math.max(1, this.#options.side(this.#engine));
  }

  get engine(): EngineInfo | undefined {
    return this.#engine;
  }

  /** True from the wish to pause until every run rests. */
  get pausing(): boolean {
    return this.#held && [...this.#seats].some(({ pageRun }) => pageRun?.record.phase !== 'paused');
  }

  get held(): boolean {
    return this.#held;
  }

  /** Trains, or resumes. */
  start(): void {
    this.#held = false;
    for (const { pageRun } of this.#seats) pageRun?.resume();
    this.#fill();
  }

  /** Holds every run at its next step boundary, and begins no other. */
  pause(): void {
    this.#held = true;
    for (const { pageRun } of this.#seats) pageRun?.pause();
    this.#options.changed('state');
  }

  /** Leaves a run where it is, which is kept, and begins the next. */
  leave(runId: string): void {
    const seat = [...this.#seats].find(({ run }) => run.runId === runId);
    if (seat === undefined) return;
    seat.pageRun?.leave();
    this.#free(seat);
    this.#fill();
  }

  /** Has training runs kept as they are now: a page that is hidden may not come back. */
  keepNow(): void {
    for (const { pageRun } of this.#seats) pageRun?.keepNow();
  }

  /** Ends all workers; runs that train are lost back to their last checkpoint. */
  close(): void {
    this.#held = true;
    for (const seat of this.#seats) {
      seat.given = true;
      seat.pageRun?.close();
      seat.client.restart();
    }
    this.#seats.clear();
    for (const client of this.#idle.splice(0)) client.restart();
  }

  #fill(): void {
    while (!this.#held && this.#seats.size < this.side) {
      const run = this.#options.next();
      if (run === undefined) break;
      const seat: Seat = { run, client: this.#idle.pop() ?? this.#options.hire(), pageRun: undefined, given: false };
      this.#seats.add(seat);
      void this.#begin(seat);
    }
    this.#options.changed('state');
  }

  async #begin(seat: Seat): Promise<void> {
    const { run } = seat;
    const kept = await this.#options.load(run.runId).catch(() => undefined);
    if (seat.given) return;
    const record = kept === undefined ? new RunRecord(run.runId, run.config) : restoredRun(kept);
    seat.pageRun = new PageRun({
      client: seat.client,
      record,
      keeping: this.#options.keeping,
      changed: (change) => this.#follow(seat, change),
    });
    if (kept === undefined) seat.pageRun.start(this.#held, run.arms);
    else if (record.alive) seat.pageRun.wake(this.#held, record.started?.engine);
    // It was trained to its end before the page was closed, and never read.
    else this.#follow(seat, 'state');
  }

  #follow(seat: Seat, change: 'measured' | 'state'): void {
    const record = seat.pageRun?.record;
    if (seat.given || record === undefined) return;
    if (record.alive) {
      const first = this.#engine === undefined && record.started !== undefined && record.restingFrom === undefined;
      if (first) this.#engine = record.started?.engine;
      if (first && this.side > 1) this.#fill();
      else this.#options.changed(change);
      return;
    }
    const checkpoint = seat.pageRun?.lastCheckpoint;
    seat.pageRun?.leave();
    this.#free(seat);
    this.#options.ended(seat.run, record, checkpoint);
    this.#fill();
  }

  #free(seat: Seat): void {
    seat.given = true;
    this.#seats.delete(seat);
    this.#idle.push(seat.client);
  }
}
