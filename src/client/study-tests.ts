import { ProblemError } from '../config/problem.ts';
import type { RunConfig } from '../config/run-config.ts';
import { drawnBenchmark, type Evaluation } from '../study/evaluation.ts';
import type { TestResult } from '../study/run-rows.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { BENCHMARK_TITLES } from '../verification/benchmark-names.ts';
import type { ImportFile } from '../worker/protocol.ts';
import type {
  BenchmarkResult,
  RowId,
  VerificationCommand,
  VerificationMessage,
} from '../worker/verification/protocol.ts';

/** Starts the worker's page end, which answers to `receive`. */
type Connect = (receive: (message: VerificationMessage) => void) => { post(command: VerificationCommand): void };

/** A trained network of a study and its tests. */
interface TestOrder {
  readonly checkpoint: Checkpoint;
  readonly evaluations: readonly Evaluation[];
  readonly backend: RunConfig['backend'];
}

type AddedRow = Extract<VerificationMessage, { type: 'benchmark-added' }>;

/** The answer to a request. */
interface Answer {
  /** Ids of the networks that were opened. */
  readonly networks: string[];
  readonly added: AddedRow[];
  readonly results: BenchmarkResult[];
}

interface Waiting extends Answer {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Of the arms of runs, whose input is not coded. */
const CODING = { scaling: '127.5', colours: 'RGB' } as const;

/** The tests of a study besides the held-out pairs: the files the user gave, and a worker that scores its networks. */
export class StudyTests {
  readonly #client: ReturnType<Connect>;
  /** Files by the evaluation's `data`; they outlive the worker. */
  readonly #files = new Map<string, readonly ImportFile[]>();
  /** Rows of the worker that hold them. */
  readonly #rows = new Map<string, RowId>();
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;
  #places = 0;
  /** One network is scored at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(connect: Connect) {
    this.#client = connect((message) => this.#receive(message));
  }

  /** The evaluations whose files are not here. */
  missing(evaluations: readonly Evaluation[]): readonly Evaluation[] {
    return evaluations.filter((one) => drawnBenchmark(one) === undefined && !this.#files.has(one.data));
  }

  /** The files of an evaluation; none of a drawn one. */
  filesOf({ data }: Evaluation): readonly ImportFile[] {
    return this.#files.get(data) ?? [];
  }

  /**
   * Takes a file or folder of pairs by its name; resolves with the contents that were found, in words.
   * @throws ProblemError, `cancelled` once `signal` is aborted
   */
  async take(data: string, files: readonly ImportFile[], signal?: AbortSignal): Promise<string> {
    const { source } = await this.#hand(data, files, signal);
    this.#files.set(data, files);
    return source.found ?? source.name;
  }

  /** The figure of each evaluation for the only network of the checkpoint, in their order. @throws ProblemError */
  score(order: TestOrder): Promise<readonly TestResult[]> {
    const scored = this.#last.then(() => this.#score(order));
    this.#last = scored.catch(() => {});
    return scored;
  }

  async #score({ checkpoint, evaluations, backend }: TestOrder): Promise<readonly TestResult[]> {
    const rows = new Map<RowId, Evaluation>();
    for (const evaluation of evaluations) rows.set(await this.#rowOf(evaluation), evaluation);
    const { networks } = await this.#ask((requestId) => ({ type: 'open-run', requestId, checkpoint }));
    const { results } = await this.#ask((requestId) => ({
      type: 'verify',
      requestId,
      networks: networks.map((id) => ({ id, name: id, coding: CODING })),
      rows: [...rows.keys()],
      pairs: checkpoint.config.verifyPairs,
      scores: true,
      backend,
    }));
    return results.flatMap(({ row, protocol, pairs, scores, arms: [arm] }): readonly TestResult[] => {
      const benchmark = rows.get(row)?.name;
      if (arm === undefined || benchmark === undefined) return [];
      const measure = protocol === 'pairs' ? 'accuracy' : 'tar';
      return [{ measure, benchmark, value: arm.headline, pairs, ...(scores === undefined ? {} : { scores }) }];
    });
  }

  /** The worker's row of an evaluation; a worker that was lost is given the file again. */
  async #rowOf(evaluation: Evaluation): Promise<RowId> {
    const { data, name } = evaluation;
    const drawn = drawnBenchmark(evaluation);
    const known = BENCHMARK_TITLES.find(({ id }) => id === drawn);
    if (known !== undefined) return known.id;
    if (drawn !== undefined) {
      const titles = BENCHMARK_TITLES.map(({ id }) => id).join(', ');
      throw new ProblemError(
        'no-data',
        `There is no drawn benchmark "${drawn.slice(0, 40)}".`,
        `Choose one of ${titles}.`,
      );
    }
    const files = this.#files.get(data);
    if (files === undefined) {
      throw new ProblemError('no-data', `${data} for the evaluation "${name}" is not here.`, 'Drop it on the page.');
    }
    return this.#rows.get(data) ?? (await this.#hand(data, files)).row;
  }

  async #hand(data: string, files: readonly ImportFile[], signal?: AbortSignal): Promise<AddedRow> {
    const row: RowId = this.#rows.get(data) ?? `file-${++this.#places}`;
    const { added } = await this.#ask(
      (requestId) => ({ type: 'take-files', requestId, name: data, files, as: 'pairs', row }),
      signal,
    );
    const [first, ...others] = added;
    // They would take the places of drawn benchmarks.
    for (const other of others) {
      this.#client.post({ type: 'remove-benchmark', requestId: ++this.#requests, row: other.row });
    }
    if (first === undefined || others.length > 0) {
      const message = `${data} holds ${added.length === 0 ? 'no pairs' : `${added.length} sets of pairs`}.`;
      throw new ProblemError('no-data', message, 'Drop one file or folder of pairs.');
    }
    this.#rows.set(data, first.row);
    return first;
  }

  #ask(command: (requestId: number) => VerificationCommand, signal?: AbortSignal): Promise<Answer> {
    const requestId = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { networks: [], added: [], results: [], resolve, reject });
      this.#client.post(command(requestId));
      signal?.addEventListener('abort', () => {
        this.#client.post({ type: 'cancel', requestId });
        this.#fail(requestId, { code: 'cancelled', message: 'The reading was ended.', hint: 'Drop the file again.' });
      });
    });
  }

  #receive(message: VerificationMessage): void {
    if (message.type === 'stopped' || message.type === 'lost') {
      for (const [data, row] of this.#rows) {
        if (message.type === 'stopped' || message.rows.includes(row)) this.#rows.delete(data);
      }
      // A row that is lost has no figure, and a test without its figure would pass for a whole one.
      for (const requestId of this.#waiting.keys()) this.#fail(requestId, message.failure);
      return;
    }
    const waiting = this.#waiting.get(message.requestId);
    if (waiting === undefined) return;
    switch (message.type) {
      case 'networks-opened':
        waiting.networks.push(...message.networks.map(({ id }) => id));
        this.#answer(message.requestId);
        return;
      case 'benchmark-added':
        waiting.added.push(message);
        if (message.last) this.#answer(message.requestId);
        return;
      case 'row-done':
        waiting.results.push(message.result);
        return;
      case 'verified':
        this.#answer(message.requestId);
        return;
      case 'row-failed':
      case 'failed':
        this.#fail(message.requestId, message.failure);
        return;
    }
  }

  #answer(requestId: number): void {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    waiting?.resolve(waiting);
  }

  #fail(requestId: number, { code, message, hint }: { code: string; message: string; hint: string }): void {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    waiting?.reject(new ProblemError(code, message, hint));
  }
}
