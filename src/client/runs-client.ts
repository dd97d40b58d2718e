import { ProblemError } from '../config/problem.ts';
import type { ExportedFile } from '../exchange/export/export-network.ts';
import type { RunHistory } from '../record/run-history.ts';
import type { StudyAnalysis } from '../study/analysis.ts';
import { packRows, unpackRows } from '../study/packed-rows.ts';
import type { StudyPlan } from '../study/plan.ts';
import type { ResultRow } from '../study/results.ts';
import type { Interval } from '../verification/bootstrap.ts';
import type { ImportFile } from '../worker/protocol.ts';
import type { KeepOutcome, KeptRun, ListedRun, OpenedRun } from '../worker/runs/kept-run.ts';
import type {
  NetworkOrder,
  PackedStudy,
  PackOrder,
  ResampleOrder,
  RunFileFailure,
  RunsAnswer,
  RunsCommand,
  StorageUse,
  StudyOrder,
  WeightsOrder,
} from '../worker/runs/protocol.ts';
import { releaseAfterReload } from '../worker/runs/run-locks.ts';
import type { Keepsake } from '../worker/runs/run-shelf.ts';
import type { RunsKept } from '../worker/runs/runs.worker.ts';
import type { StudyFiles } from '../worker/runs/study-archive.ts';
import { buffersOf } from '../worker/transferables.ts';
import { type AskOptions, RunsWorker } from './runs-worker.ts';

/** A run could not be written, read or found: the cause and the remedy. */
export class RunFileError extends ProblemError<RunFileFailure['code']> {
  override readonly name = 'RunFileError';

  constructor({ code, message, hint }: RunFileFailure) {
    super(code, message, hint);
  }
}

/** How a file is read: who may end it, and who hears how many of several files are read. */
interface ReadOptions extends AskOptions {
  readonly signal?: AbortSignal | undefined;
}

interface OpenStudyOptions extends ReadOptions {
  readonly alone: boolean;
}

/** A study that was read. */
export interface OpenedStudy extends StudyFiles, Pick<PackedStudy, 'planOfRows'> {}

/**
 * The page's end of the workers that keep, read and write runs; they never wait for a training step. Everything is
 * rejected with a RunFileError where it cannot be done.
 */
export class RunsClient {
  readonly #keeper: RunsWorker;
  /** Apart from the keeper: a file that takes long to read or write keeps no run from being kept. */
  readonly #files: RunsWorker;
  readonly #keeps: RunsKept;

  constructor(keeps: RunsKept = 'runs') {
    this.#keeps = keeps;
    this.#keeper = new RunsWorker({ name: 'The keeper of runs', long: false, keeps });
    this.#files = new RunsWorker({ name: 'The reader and writer of files', long: true, keeps });
  }

  /** A whole run as one .zip. */
  async pack(order: PackOrder): Promise<ExportedFile> {
    return fileOf(await ask(this.#files, { type: 'pack', ...order }));
  }

  /** An arm as a model. */
  async writeNetwork(order: NetworkOrder): Promise<ExportedFile> {
    return fileOf(await ask(this.#files, { type: 'write-network', ...order }));
  }

  /** Numbers over time as .csv. */
  async writeNumbers(history: RunHistory, step: number): Promise<ExportedFile> {
    return fileOf(await ask(this.#files, { type: 'write-numbers', history, step }));
  }

  /** Rejects as `cancelled` once `signal` is aborted. */
  async openFile(file: File, signal?: AbortSignal): Promise<OpenedRun> {
    return runOf(await this.#read({ type: 'open-file', file }, { signal }));
  }

  /**
   * The results of a study; of `alone` without a plan also one of their rows. Rejects as `cancelled` once `signal` is
   * aborted.
   */
  async openStudy(files: readonly ImportFile[], { alone, ...options }: OpenStudyOptions): Promise<OpenedStudy> {
    const answer = await this.#read({ type: 'open-study', files, alone }, options);
    return answer.type === 'study' ? { ...answer.study, rows: unpackRows(answer.study.rows) } : unexpected(answer);
  }

  /** The statistics of results. Rejects as `cancelled` once `signal` is aborted. */
  async judge(plan: StudyPlan, rows: readonly ResultRow[], signal: AbortSignal): Promise<StudyAnalysis> {
    const packed = packRows(rows);
    const moved = [packed.words.buffer, packed.numbers.buffer];
    const answer = await this.#read({ type: 'judge', plan, rows: packed }, { signal, moved });
    return answer.type === 'judged' ? answer.analysis : unexpected(answer);
  }

  /** The interval of a comparison over seeds and people. Ends as `judge` does. */
  async resample(order: ResampleOrder, signal?: AbortSignal): Promise<Interval | undefined> {
    const answer = await this.#read({ type: 'resample', ...order }, { signal });
    return answer.type === 'resampled' ? answer.interval : unexpected(answer);
  }

  /** A study as one .zip. Its runs move instead of being copied. */
  async packStudy(order: StudyOrder): Promise<ExportedFile> {
    const moved = [...order.runs.values()].map((bytes) => bytes.buffer);
    return fileOf(await ask(this.#files, { type: 'pack-study', ...order }, { moved }));
  }

  /** A run at step 0 that begins with the weights of a network in these files. Ends as `openFile` does. */
  async openWeights(order: WeightsOrder, signal?: AbortSignal): Promise<OpenedRun> {
    return runOf(await this.#read({ type: 'open-weights', ...order }, { signal }));
  }

  async load(runId: string): Promise<OpenedRun> {
    return runOf(await ask(this.#keeper, { type: 'load', runId }));
  }

  async loadHistory(runId: string): Promise<Extract<RunsAnswer, { type: 'history' }>> {
    const answer = await ask(this.#keeper, { type: 'load-history', runId });
    return answer.type === 'history' ? answer : unexpected(answer);
  }

  /** `own` says that the arrays of tables and checkpoint are nobody else's: they move instead of being copied. */
  async keep(keepsake: Keepsake, own = false): Promise<KeepOutcome> {
    const answer = await this.#keeper.ask({ type: 'keep', ...keepsake }, { moved: own ? arraysOf(keepsake) : [] });
    if (answer.type === 'kept') return answer.outcome;
    if (answer.type === 'failed') return answer.failure.code === 'worker-lost' ? 'lost' : 'refused';
    return unexpected(answer);
  }

  async list(): Promise<{ readonly runs: readonly ListedRun[]; readonly storage: StorageUse }> {
    await releaseAfterReload();
    const answer = await ask(this.#keeper, { type: 'list' });
    return answer.type === 'listed' ? answer : unexpected(answer);
  }

  async change(runId: string, change: Pick<KeptRun, 'name' | 'dismissed'>): Promise<void> {
    await ask(this.#keeper, { type: 'change', runId, change });
  }

  async remove(runId: string): Promise<void> {
    await ask(this.#keeper, { type: 'remove', runId });
  }

  /** Reads in a worker of its own where `signal` may end it, so that nothing else ends with it. */
  async #read(command: RunsCommand, { signal, ...options }: ReadOptions): Promise<RunsAnswer> {
    if (signal === undefined) return ask(this.#files, command, options);
    const reader = new RunsWorker({ name: 'The reader of files', long: true, keeps: this.#keeps });
    const cancel = () => reader.cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await ask(reader, command, options);
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
}

async function ask(worker: RunsWorker, command: RunsCommand, options?: AskOptions): Promise<RunsAnswer> {
  const answer = await worker.ask(command, options);
  if (answer.type === 'failed') throw new RunFileError(answer.failure);
  return answer;
}

/** Kernels of events stay: the page shows them. */
function arraysOf({ history, checkpoint }: Keepsake): ArrayBuffer[] {
  const tables = Object.values(history.arms).flatMap((arm) => Object.values(arm));
  return [
    ...tables.flatMap(({ steps, rows }) => [steps.buffer, rows.buffer]),
    ...(checkpoint === undefined ? [] : buffersOf(checkpoint)),
  ];
}

function fileOf(answer: RunsAnswer): ExportedFile {
  return answer.type === 'file' ? answer.file : unexpected(answer);
}

function runOf(answer: RunsAnswer): OpenedRun {
  return answer.type === 'opened' ? answer.run : unexpected(answer);
}

function unexpected({ type }: RunsAnswer): never {
  throw new Error(`The keeper of runs answered with "${type}".`);
}
