import { assertNever } from '../../config/assert-never.ts';
import { ExportError } from '../../exchange/export/trained-network.ts';
import { ModelProblem } from '../../exchange/model-problem.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { historyUpTo } from '../../record/run-history.ts';
import { packRows } from '../../study/packed-rows.ts';
import { StudyProblem } from '../../study/problem.ts';
import { opened } from './opened-run.ts';
import type { RunFileFailure, RunsAnswer, RunsCommand, StorageUse } from './protocol.ts';
import type { RunShelf } from './run-shelf.ts';

/** Loaded at the first file: the list of runs is asked for whenever the page opens. */
const files = () => import('./run-files.ts');
const studies = () => import('./study-archive.ts');

/** The work of a worker that keeps, reads or writes runs and studies, command by command. */
export class RunKeeper {
  readonly #shelf: RunShelf;
  readonly #storage: () => Promise<StorageUse>;

  constructor(shelf: RunShelf, storage: () => Promise<StorageUse>) {
    this.#shelf = shelf;
    this.#storage = storage;
  }

  /** Never rejects: a failure is an answer too. Long work reports its progress before. */
  async answer(command: RunsCommand, report: (progress: RunsAnswer) => void = () => {}): Promise<RunsAnswer> {
    try {
      return await this.#do(command, report);
    } catch (error) {
      return { type: 'failed', failure: failureOf(error) };
    }
  }

  async #do(command: RunsCommand, report: (progress: RunsAnswer) => void): Promise<RunsAnswer> {
    switch (command.type) {
      case 'pack':
        return { type: 'file', file: (await files()).pack(command) };
      case 'write-network':
        return { type: 'file', file: (await files()).writeNetwork(command) };
      case 'write-numbers':
        return { type: 'file', file: (await files()).writeNumbers(command.history, command.step) };
      case 'open-file':
        return { type: 'opened', run: await (await files()).openFile(command.file) };
      case 'open-weights':
        return { type: 'opened', run: await (await files()).openWeights(command) };
      case 'open-study': {
        const progress = (done: number, total: number) => report({ type: 'progress', done, total });
        const { readStudyFiles, planOfRows } = await studies();
        const study = await readStudyFiles(command.files, progress);
        const found = command.alone && study.plan === undefined ? planOfRows(study.rows) : undefined;
        return { type: 'study', study: { ...study, rows: packRows(study.rows), planOfRows: found } };
      }
      case 'judge':
        return { type: 'judged', analysis: (await studies()).judged(command) };
      case 'resample':
        return { type: 'resampled', interval: (await studies()).resampled(command) };
      case 'pack-study':
        return { type: 'file', file: (await studies()).writeStudyArchive(command) };
      case 'keep':
        return { type: 'kept', outcome: await this.#shelf.keep(command) };
      case 'ping':
        return { type: 'done' };
      case 'list':
        return { type: 'listed', runs: await this.#shelf.list(), storage: await this.#storage() };
      case 'load': {
        const found = await this.#shelf.load(command.runId);
        if (found === undefined) throw new GoneError();
        const { run, history, checkpoint } = found;
        return { type: 'opened', run: opened(run, historyUpTo(history, checkpoint.step), checkpoint) };
      }
      case 'load-history': {
        const found = await this.#shelf.load(command.runId);
        if (found === undefined) throw new GoneError();
        return { type: 'history', history: found.history, config: found.run.config };
      }
      case 'change':
        await this.#shelf.change(command.runId, command.change);
        return { type: 'done' };
      case 'remove':
        await this.#shelf.remove(command.runId);
        return { type: 'done' };
      default:
        return assertNever(command);
    }
  }
}

/** A run that is no longer kept. */
class GoneError extends Error {}

function failureOf(error: unknown): RunFileFailure {
  if (error instanceof ModelProblem || error instanceof StudyProblem || error instanceof FormatProblem) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  if (error instanceof ExportError) return { code: 'unsupported', message: error.message, hint: error.hint };
  if (error instanceof GoneError) {
    const message = 'This run is no longer kept in this browser.';
    return { code: 'gone', message, hint: 'It was deleted, perhaps in another tab, or made room for newer ones.' };
  }
  const technical = error instanceof Error ? error.message : String(error);
  if (error instanceof DOMException && error.name !== 'DataCloneError') {
    const message = `The browser gives no access to its storage: ${technical}`;
    return {
      code: 'storage-refused',
      message,
      hint: 'Export the run to keep it. Private windows often refuse storage.',
    };
  }
  return {
    code: 'internal',
    message: `That did not work: ${technical}`,
    hint: 'Nothing on the page has changed.',
  };
}
