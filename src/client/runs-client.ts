import { ProblemError } from '../config/problem.ts';
import type { ExportedFile } from '../exchange/export/export-network.ts';
import type { RunHistory } from '../record/run-history.ts';
import type { KeepOutcome, KeptRun, ListedRun, OpenedRun } from '../worker/runs/kept-run.ts';
import type {
  NetworkOrder,
  PackOrder,
  RunFileFailure,
  RunsAnswer,
  RunsCommand,
  RunsReply,
  RunsRequest,
  StorageUse,
} from '../worker/runs/protocol.ts';
import type { Keepsake } from '../worker/runs/run-shelf.ts';
import { buffersOf } from '../worker/transferables.ts';
import { LazyWorker } from './lazy-worker.ts';

/** A run could not be written, read or found: the cause and the remedy. */
export class RunFileError extends ProblemError<RunFileFailure['code']> {
  override readonly name = 'RunFileError';

  constructor({ code, message, hint }: RunFileFailure) {
    super(code, message, hint);
  }
}

/**
 * The page's end of the worker that keeps, reads and writes runs; it never waits for a training step. Everything is
 * rejected with a RunFileError where it cannot be done.
 */
export class RunsClient {
  readonly #waiting = new Map<number, (answer: RunsAnswer) => void>();
  readonly #worker = new LazyWorker<RunsRequest, RunsReply>(
    () => new Worker(new URL('../worker/runs/runs.worker.ts', import.meta.url), { type: 'module' }),
    ({ requestId, answer }) => {
      this.#waiting.get(requestId)?.(answer);
      this.#waiting.delete(requestId);
    },
    (why) => {
      const message = `The keeper of runs stopped: ${why || 'it could not be loaded'}.`;
      const failure = { code: 'internal', message, hint: 'Try again; if it happens again, reload the page.' } as const;
      for (const answer of this.#waiting.values()) answer({ type: 'failed', failure });
      this.#waiting.clear();
    },
  );
  #count = 0;

  /** A whole run as one .zip. */
  async pack(order: PackOrder): Promise<ExportedFile> {
    return fileOf(await this.#ask({ type: 'pack', ...order }));
  }

  /** An arm as a model. */
  async writeNetwork(order: NetworkOrder): Promise<ExportedFile> {
    return fileOf(await this.#ask({ type: 'write-network', ...order }));
  }

  /** Numbers over time as .csv. */
  async writeNumbers(history: RunHistory, step: number): Promise<ExportedFile> {
    return fileOf(await this.#ask({ type: 'write-numbers', history, step }));
  }

  async openFile(file: File): Promise<OpenedRun> {
    return runOf(await this.#ask({ type: 'open-file', file }));
  }

  async load(runId: string): Promise<OpenedRun> {
    return runOf(await this.#ask({ type: 'load', runId }));
  }

  async loadHistory(runId: string): Promise<Extract<RunsAnswer, { type: 'history' }>> {
    const answer = await this.#ask({ type: 'load-history', runId });
    return answer.type === 'history' ? answer : unexpected(answer);
  }

  /** `own` says that the arrays of tables and checkpoint are nobody else's: they move instead of being copied. */
  async keep(keepsake: Keepsake, own = false): Promise<KeepOutcome> {
    const answer = await this.#ask({ type: 'keep', ...keepsake }, own ? arraysOf(keepsake) : []);
    return answer.type === 'kept' ? answer.outcome : unexpected(answer);
  }

  async list(): Promise<{ readonly runs: readonly ListedRun[]; readonly storage: StorageUse }> {
    const answer = await this.#ask({ type: 'list' });
    return answer.type === 'listed' ? answer : unexpected(answer);
  }

  async change(runId: string, change: Pick<KeptRun, 'name' | 'dismissed'>): Promise<void> {
    await this.#ask({ type: 'change', runId, change });
  }

  async remove(runId: string): Promise<void> {
    await this.#ask({ type: 'remove', runId });
  }

  async #ask(command: RunsCommand, moved: readonly ArrayBuffer[] = []): Promise<RunsAnswer> {
    const requestId = ++this.#count;
    const answer = await new Promise<RunsAnswer>((resolve) => {
      this.#waiting.set(requestId, resolve);
      this.#worker.post({ requestId, command }, moved);
    });
    if (answer.type === 'failed') throw new RunFileError(answer.failure);
    return answer;
  }
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
