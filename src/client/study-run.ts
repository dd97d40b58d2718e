import type { EngineInfo } from '../network/backend.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import { type Cell, cellsOf } from '../study/cells.ts';
import { finalLayerOf } from '../study/final-layer.ts';
import type { StudyPlan } from '../study/plan.ts';
import { checkedPlan } from '../study/plan.ts';
import { planText } from '../study/plan-file.ts';
import type { ResultRow } from '../study/results.ts';
import type { TestResult } from '../study/run-rows.ts';
import { seedsFromText } from '../study/seeds.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { RunClocks } from './run-clocks.ts';
import type { RunRecord } from './run-record.ts';
import { cellResult, failedCell } from './study-cell.ts';
import type { StudyPool } from './study-pool.ts';
import type { CellResult, KeptStudy } from './study-shelf.ts';
import type { StudyTests } from './study-tests.ts';

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
  /** Tests a trained network on the evaluations beside the held-out pairs; needed where the plan has such. */
  readonly test?: (order: Parameters<StudyTests['score']>[0]) => Promise<readonly TestResult[]>;
  /** Called where the study cannot be kept. */
  readonly refused: (error: unknown) => void;
  readonly changed: (change: 'measured' | 'state') => void;
}

type PoolCalls = Pick<ConstructorParameters<typeof StudyPool>[0], 'next' | 'ended' | 'changed'>;

const SKIPPED = 'Skipped.';

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
  /** Ids of the cells that are trained and being tested. */
  readonly #tested = new Set<string>();
  readonly #clocks = new RunClocks();

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
      ended: ({ runId }, record, checkpoint) => this.#ended(runId, record, checkpoint),
      changed: (change) => {
        this.#clocks.wind(this.#pool.records);
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
      const tested = this.#tested.has(cell.id);
      const phase = end?.state ?? (tested || training.has(runId) ? 'running' : 'queued');
      const step = tested ? cell.config.steps : (record?.step ?? end?.step ?? 0);
      return { cell, phase, reason: end?.reason ?? '', step, record, result };
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
    this.#tested.delete(cell.id);
    this.#settle(cell, failedCell(this.#plan, cell, { step, reason: SKIPPED }));
    this.#pool.leave(this.runIdOf(cell));
    this.#options.changed('state');
  }

  /**
   * Puts a failed cell back into the queue: a skipped one where it was left, one whose tests failed to be tested again,
   * another from its first step.
   */
  async retry(cell: Cell): Promise<void> {
    const before = this.#results.get(cell.id);
    const end = before?.rows.find(({ measure }) => measure === 'run');
    if (end?.state !== 'failed') return;
    if (end.reason !== SKIPPED && end.step < cell.config.steps)
      await this.#options.forget(this.runIdOf(cell)).catch(() => {});
    this.#results.delete(cell.id);
    this.#revision++;
    await this.#options.storage.removeCell(this.id, cell.id).catch(this.#options.refused);
    this.#options.changed('state');
    if (!this.#pool.held) this.#pool.start();
  }

  /** Adds seeds behind those of the plan; those that it has stay as they are. @throws StudyProblem `bad-plan` */
  async addSeeds(text: string): Promise<void> {
    const added = seedsFromText(text).filter((seed) => !this.#plan.seeds.includes(seed));
    const { seeds, addedSeeds = [] } = this.#plan;
    // Seeds that join before the first result are planned.
    const late = this.rows.some(({ state }) => state === 'done') ? added : [];
    this.#plan = checkedPlan({ ...this.#plan, seeds: [...seeds, ...added], addedSeeds: [...addedSeeds, ...late] });
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
    this.#settle(cell, { ...result, layer: finalLayerOf(run.arms[cell.condition.name]) });
    this.#options.changed('state');
  }

  /** Has running cells kept as they are now. */
  keepNow(): void {
    this.#pool.keepNow();
  }

  /** Ends all workers. */
  close(): void {
    this.#tested.clear();
    this.#pool.close();
  }

  #next() {
    const training = new Set(this.#pool.runIds);
    const isFree = (one: Cell) =>
      !this.#results.has(one.id) && !this.#tested.has(one.id) && !training.has(this.runIdOf(one));
    const cell = this.#cells.find(isFree);
    if (cell === undefined) return undefined;
    return { runId: this.runIdOf(cell), config: cell.config, arms: [cell.condition] };
  }

  #ended(runId: string, record: RunRecord, checkpoint: Checkpoint | undefined): void {
    const cell = this.#cells.find((one) => this.runIdOf(one) === runId);
    if (cell === undefined) return;
    const seconds = this.#clocks.take(runId);
    const { evaluations } = this.#plan;
    if (record.phase === 'failed' || evaluations.length === 0) {
      this.#end(cell, cellResult(this.#plan, cell, record, { seconds }));
      return;
    }
    this.#tested.add(cell.id);
    void this.#test(cell, record, checkpoint, seconds).then((result) => {
      // Skipped, or closed, meanwhile.
      if (this.#tested.delete(cell.id)) this.#end(cell, result);
    });
  }

  /** The cell's result with its tests; failed where one of them cannot be made. */
  async #test(cell: Cell, record: RunRecord, checkpoint: Checkpoint | undefined, seconds: number): Promise<CellResult> {
    const began = performance.now();
    const { evaluations } = this.#plan;
    const backend = record.started?.engine.backend ?? 'auto';
    try {
      if (checkpoint === undefined) throw new Error('its trained network is lost');
      const tests = (await this.#options.test?.({ checkpoint, evaluations, backend })) ?? [];
      const took = (performance.now() - began) / 1000;
      return cellResult(this.#plan, cell, record, { seconds: seconds + took, tests });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return failedCell(this.#plan, cell, { step: record.step, reason: `Trained, but not tested: ${why}` }, record);
    }
  }

  #end(cell: Cell, result: CellResult): void {
    this.#settle(cell, result);
    this.#options.changed('state');
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
}
