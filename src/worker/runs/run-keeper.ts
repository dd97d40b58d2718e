import packageJson from '../../../package.json' with { type: 'json' };
import { type ExportedFile, exportNetwork } from '../../exchange/export/export-network.ts';
import { ModelProblem } from '../../exchange/model-problem.ts';
import { readRunArchive, writeRunArchive } from '../../exchange/run-archive.ts';
import { historyUpTo, type RunHistory } from '../../exchange/run-history.ts';
import { metricsCsv } from '../../exchange/run-tables.ts';
import { architectureOf, firstKernelShape } from '../../network/architecture.ts';
import { CENTRES_NAME, parameterCount, parametersOf } from '../../network/parameters.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import { assertNever } from '../assert-never.ts';
import type { ArmFigures, KeptRun, OpenedRun } from './kept-run.ts';
import type { PackOrder, RunFileFailure, RunsAnswer, RunsCommand, StorageUse } from './protocol.ts';
import type { RunShelf } from './run-shelf.ts';

const { version } = packageJson;

/** What the worker that keeps, reads and writes runs does with a command. */
export class RunKeeper {
  readonly #shelf: RunShelf;
  readonly #storage: () => Promise<StorageUse>;

  constructor(shelf: RunShelf, storage: () => Promise<StorageUse>) {
    this.#shelf = shelf;
    this.#storage = storage;
  }

  /** Never rejects: what went wrong is an answer too. */
  async answer(command: RunsCommand): Promise<RunsAnswer> {
    try {
      return await this.#do(command);
    } catch (error) {
      return { type: 'failed', failure: failureOf(error) };
    }
  }

  async #do(command: RunsCommand): Promise<RunsAnswer> {
    switch (command.type) {
      case 'pack':
        return { type: 'file', file: pack(command) };
      case 'write-network': {
        const { checkpoint, arm, format, batchNorm } = command;
        const state = checkpoint.arms.find(({ name }) => name === arm)?.state;
        if (state === undefined) throw new Error(`the run has no ${arm} arm`);
        const network = { config: checkpoint.config, state, step: checkpoint.step, arm };
        return { type: 'file', file: exportNetwork(network, { format, batchNorm, version }) };
      }
      case 'write-numbers': {
        const bytes = new TextEncoder().encode(metricsCsv(command.history));
        return { type: 'file', file: { name: `metrics-step-${command.step}.csv`, bytes, mediaType: 'text/csv' } };
      }
      case 'open-file':
        return { type: 'opened', run: await openFile(command.file) };
      case 'keep':
        return { type: 'kept', outcome: await this.#shelf.keep(command) };
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

function pack({ run, history, checkpoint, pictures }: PackOrder): ExportedFile {
  const { config, step, arms } = checkpoint;
  const { engine, name, faces } = run;
  const told = historyUpTo(history, step);
  const bytes = writeRunArchive({ config, step, arms, version, engine, history: told, name, faces }, pictures);
  const stem = (name ?? '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return { name: `${stem || 'craft-run'}-step-${step}.zip`, bytes, mediaType: 'application/zip' };
}

async function openFile(file: File): Promise<OpenedRun> {
  const archive = readRunArchive(new Uint8Array(await file.arrayBuffer()));
  const { config, step, arms, engine, history, faces, notices } = archive;
  const now = Date.now();
  const run: KeptRun = {
    runId: `run-${crypto.randomUUID()}`,
    name: archive.name ?? file.name.replace(/\.zip$/i, '').slice(0, 120),
    config,
    step,
    startedAt: now,
    updatedAt: now,
    end: step >= config.steps ? 'completed' : 'open',
    engine,
    figures: history === undefined ? {} : figuresOf(history),
    faces,
  };
  return { ...opened(run, history, { config, step, arms }), notices };
}

function opened(run: KeptRun, history: RunHistory | undefined, checkpoint: Checkpoint): OpenedRun {
  const classes = checkpoint.arms[0]?.state.get(CENTRES_NAME)?.shape[0] ?? 0;
  const architecture = architectureOf(checkpoint.config, classes);
  return {
    kept: { ...run, step: checkpoint.step, config: checkpoint.config },
    history,
    checkpoint,
    kernelShape: firstKernelShape(architecture),
    parameters: parameterCount(parametersOf(architecture)),
    classes,
    notices: [],
  };
}

/** Last figures of each arm. */
export function figuresOf({ arms }: RunHistory): KeptRun['figures'] {
  const figures: Partial<Record<'standard' | 'craft', ArmFigures>> = {};
  for (const arm of ['standard', 'craft'] as const) {
    const told = arms[arm];
    if (told === undefined) continue;
    figures[arm] = {
      inactiveShare: told.inactiveShare.rows.at(-1) ?? 0,
      loss: told.loss.rows.at(-1),
      accuracy: told.verification.rows.at(-1),
    };
  }
  return figures;
}

/** A run that is no longer kept. */
class GoneError extends Error {}

function failureOf(error: unknown): RunFileFailure {
  if (error instanceof ModelProblem) return { code: error.code, message: error.message, hint: error.hint };
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
    hint: 'What is on the page is not touched by this.',
  };
}
