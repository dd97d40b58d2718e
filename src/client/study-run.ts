import type { EngineInfo } from '../network/backend.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import { type Cell, cellsOf } from '../study/cells.ts';
import type { StudyPlan } from '../study/plan.ts';
import { checkedPlan } from '../study/plan.ts';
import { planText } from '../study/plan-file.ts';
import type { ResultRow } from '../study/results.ts';
import { seedsFromText } from '../study/seeds.ts';
import type { RunRecord } from './run-record.ts';
import { cellResult, failedCell, finalLayer } from './study-cell.ts';
import type { StudyPool } from './study-pool.ts';
import type { CellResult, KeptStudy } from './study-shelf.ts';

/** The state of a cell, as its row shows it. */
export type CellPhase = 'queued' | 'running' | 'done' | 'failed';

/** A cell with all that is known of it. */
export interface StudyCell {
  readonly cell: Cell;
  readonly phase: CellPhase;
  /** Why it failed. */
  readonly reason: string;
  /** Steps finished. */
  readonly step: number;
  /** Undefined unless it is being trained. */
  readonly record: RunRecord | undefined;
  readonly result: CellResult | undefined;
}

/** `resting` has cells to train and trains none. */
export type StudyPhase = 'running' | 'pausing' | 'resting' | 'finished';

/** Where a study and its cells are kept. */
export interface StudyStorage {
  keep(study: KeptStudy): Promise<void>;
  keepCell(studyId: string, cellId: string, result: CellResult): Promise<void>;
  removeCell(studyId: string, cellId: string): Promise<void>;
}

interface StudyRunOptions {
  readonly study: Pick<KeptStudy, 'id' | 'startedAt'>;
  readonly plan: StudyPlan;
  /** Results of earlier visits, by the id of their cell. */
  readonly results?: ReadonlyMap<string, CellResult>;
  readonly storage: StudyStorage;
  /** Forgets the run of a cell that is to be trained from its first step again. */
  readonly forget: (runId: string) => Promise<void>;
  readonly pool: (calls: PoolCalls) => StudyPool;
  /** Called where the study cannot be kept. */
  readonly refused: (error: unknown) => void;
  readonly changed: (change: 'measured' | 'state') => void;
}

type PoolCalls = Pick<ConstructorParameters<typeof StudyPool>[0], 'next' | 'ended' | 'changed'>;

/** One study: its plan, its cells and the pool that trains them, each kept as soon as it has ended. */
export class StudyRun {
  readonly id: string;
  readonly startedAt: number;
  readonly #options: StudyRunOptions;
  readonly #pool: StudyPool;
  #plan: StudyPlan;
  #cells: readonly Cell[];
  readonly #results: Map<string, CellResult>;
  #revision = 0;
  /** When each running cell began to train, and milliseconds before its last pause; unknown of one that was resumed. */
  readonly #clocks = new Map<string, Clock>();

  constructor(options: StudyRunOptions) {
    const { study, plan, results = new Map() } = options;
    this.id = study.id;
    this.startedAt = study.startedAt;
    this.#options = options;
    this.#plan = plan;
    this.#cells = cellsOf(plan);
    this.#results = new Map(results);
    this.#pool = options.pool({
      next: () => this.#next(),
      ended: ({ runId }, record) => this.#ended(runId, record),
      changed: (change) => {
        this.#wind();
        options.changed(change);
      },
    });
  }

  get plan(): StudyPlan {
    return this.#plan;
  }

  /** Grows with every result and change of the plan, so that values computed from them are computed anew. */
  get revision(): number {
    return this.#revision;
  }

  get engine(): EngineInfo | undefined {
    return this.#pool.engine;
  }

  /** Runs that train side by side. */
  get side(): number {
    return this.#pool.side;
  }

  get phase(): StudyPhase {
    if (this.#cells.every(({ id }) => this.#results.has(id))) return 'finished';
    if (!this.#pool.held) return 'running';
    return this.#pool.pausing ? 'pausing' : 'resting';
  }

  /** All cells in the order of training. */
  get cells(): readonly StudyCell[] {
    const { records, runIds } = this.#pool;
    const training = new Set(runIds);
    return this.#cells.map((cell) => {
      const runId = this.runIdOf(cell);
      const result = this.#results.get(cell.id);
      const record = records.get(runId);
      const end = result?.rows.find(({ measure }) => measure === 'run');
      const phase = end?.state ?? (training.has(runId) ? 'running' : 'queued');
      return { cell, phase, reason: end?.reason ?? '', step: record?.step ?? end?.step ?? 0, record, result };
    });
  }

  /** All results so far, in the order of training. */
  get rows(): readonly ResultRow[] {
    return this.#cells.flatMap(({ id }) => this.#results.get(id)?.rows ?? []);
  }

  /** The run of a cell among the kept runs. */
  runIdOf(cell: Pick<Cell, 'id'>): string {
    return `${this.id}-${cell.id}`;
  }

  /** Writes the plan down, then trains the remaining cells. */
  async start(): Promise<void> {
    await this.#keepPlan();
    this.#pool.start();
  }

  pause(): void {
    this.#pool.pause();
  }

  resume(): void {
    this.#pool.start();
  }

  /** Ends a running cell where it is; a retry resumes it from there. */
  skip(cell: Cell): void {
    const step = this.#pool.records.get(this.runIdOf(cell))?.step ?? 0;
    this.#settle(cell, failedCell(this.#plan, cell, { step, reason: 'Skipped.' }));
    this.#pool.leave(this.runIdOf(cell));
    this.#options.changed('state');
  }

  /** Puts a failed cell back into the queue: a skipped one where it was left, another from its first step. */
  async retry(cell: Cell): Promise<void> {
    const before = this.#results.get(cell.id);
    const end = before?.rows.find(({ measure }) => measure === 'run');
    if (end?.state !== 'failed') return;
    if (end.reason !== 'Skipped.') await this.#options.forget(this.runIdOf(cell)).catch(() => {});
    this.#results.delete(cell.id);
    this.#revision++;
    await this.#options.storage.removeCell(this.id, cell.id).catch(this.#options.refused);
    this.#options.changed('state');
    if (!this.#pool.held) this.#pool.start();
  }

  /** Adds seeds behind those of the plan; those that it has stay as they are. @throws StudyProblem `bad-plan` */
  async addSeeds(text: string): Promise<void> {
    const added = seedsFromText(text).filter((seed) => !this.#plan.seeds.includes(seed));
    this.#plan = checkedPlan({ ...this.#plan, seeds: [...this.#plan.seeds, ...added] });
    this.#cells = cellsOf(this.#plan);
    this.#revision++;
    await this.#keepPlan();
    this.#options.changed('state');
    if (!this.#pool.held) this.#pool.start();
  }

  /** Adds the final first layer of a finished cell whose run came from a file. */
  addLayer(cell: Cell, run: MeasuredRun): void {
    const result = this.#results.get(cell.id);
    if (result === undefined) return;
    this.#settle(cell, { ...result, layer: finalLayer(run, cell.condition.name) });
    this.#options.changed('state');
  }

  /** Has running cells kept as they are now. */
  keepNow(): void {
    this.#pool.keepNow();
  }

  /** Ends all workers. */
  close(): void {
    this.#pool.close();
  }

  #next() {
    const training = new Set(this.#pool.runIds);
    const cell = this.#cells.find((one) => !this.#results.has(one.id) && !training.has(this.runIdOf(one)));
    if (cell === undefined) return undefined;
    return { runId: this.runIdOf(cell), config: cell.config, arms: [cell.condition] };
  }

  #ended(runId: string, record: RunRecord): void {
    const cell = this.#cells.find((one) => this.runIdOf(one) === runId);
    if (cell === undefined) return;
    const seconds = secondsOf(this.#clocks.get(runId));
    this.#clocks.delete(runId);
    this.#settle(cell, cellResult(this.#plan, cell, record, seconds));
    // No worker keeps its memory for a study that is over.
    if (this.phase === 'finished') queueMicrotask(() => this.phase === 'finished' && this.#pool.close());
  }

  #settle(cell: Cell, result: CellResult): void {
    this.#results.set(cell.id, result);
    this.#revision++;
    void this.#options.storage.keepCell(this.id, cell.id, result).catch(this.#options.refused);
  }

  async #keepPlan(): Promise<void> {
    const { id, startedAt } = this;
    await this.#options.storage.keep({ id, startedAt, plan: planText(this.#plan) }).catch(this.#options.refused);
  }

  /** Starts and stops the clocks of the running cells. */
  #wind(): void {
    const now = performance.now();
    for (const [runId, record] of this.#pool.records) {
      const clock = this.#clocks.get(runId) ?? { spent: record.step > 0 ? Number.NaN : 0, since: undefined };
      const rests = record.phase === 'paused';
      if (rests && clock.since !== undefined) clock.spent += now - clock.since;
      if (rests) clock.since = undefined;
      else clock.since ??= now;
      this.#clocks.set(runId, clock);
    }
  }
}

/** Milliseconds up to the last pause, and when it began to train after that. */
interface Clock {
  spent: number;
  since: number | undefined;
}

function secondsOf(clock: Clock | undefined): number {
  if (clock === undefined) return Number.NaN;
  return (clock.spent + (clock.since === undefined ? 0 : performance.now() - clock.since)) / 1000;
}
