import { createStore } from 'zustand/vanilla';
import type { PageRun } from '../../client/page-run.ts';
import { RunFileError } from '../../client/runs-client.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import type {
  InputCoding,
  NetworkSummary,
  RowId,
  VerificationCommand,
  VerificationMessage,
} from '../../worker/verification/protocol.ts';
import { unreadableDrop } from '../kit/dropped-files.ts';
import { offerPairs } from '../state/pair-files.ts';
import { BENCHMARKS, type BenchmarkTitle } from './benchmarks.ts';
import { type Column, columnsOf } from './columns.ts';
import { rowIds } from './table-rows.ts';
import { type Job, NOTHING_VERIFIED, type ShownFailure, type VerifyState } from './verify-state.ts';

/** Of networks whose input is not to be chosen. */
const PLAIN_CODING: InputCoding = { scaling: '127.5', colours: 'RGB' };

/** Starts the worker's page end, which answers to `receive`. */
type ConnectVerification = (receive: (message: VerificationMessage) => void) => {
  post(command: VerificationCommand): void;
};

/** The state of the Verify screen, and everything that can be asked for there. */
export class VerifyStore {
  readonly state = createStore<VerifyState>(() => NOTHING_VERIFIED);
  readonly #client: ReturnType<ConnectVerification>;
  #lastRequest = 0;
  #backend: RunConfig['backend'] = 'auto';
  /** The request that opens the run's networks; the verification follows. */
  #openingRun: number | undefined;
  /** The request that compares two photos. */
  #comparing: number | undefined;
  /** Pairs of a built-in benchmark that the table was started with: its rows stay comparable. */
  #tablePairs = NOTHING_VERIFIED.pairs;

  constructor(connect: ConnectVerification) {
    this.#client = connect((message) => this.#receive(message));
  }

  /** Changes a choice; results stay until the next verification. */
  choose(change: Partial<Pick<VerifyState, 'chosen' | 'coding' | 'pairs'>>): void {
    this.state.setState(change);
  }

  dismissFailure(): void {
    this.state.setState({ failure: undefined });
  }

  /** Back to the page's run; networks from files are closed. */
  chooseRun(): void {
    this.#closeNetworks(this.state.getState().opened);
    this.state.setState({ subject: 'run', opened: [], failure: undefined });
  }

  /** Lets go of one network that was opened from files. */
  closeOpened(id: string): void {
    const { opened } = this.state.getState();
    this.#closeNetworks(opened.filter((network) => network.id === id));
    const left = opened.filter((network) => network.id !== id);
    this.state.setState({ opened: left, subject: left.length === 0 ? 'run' : 'files' });
  }

  /** Verifies on all rows: the run as its next checkpoint has it, or the networks that were opened. */
  async verifyAll(engine: RunConfig['backend'], run: Pick<PageRun, 'checkpoint'> | undefined): Promise<void> {
    this.#backend = engine;
    const { subject, opened, files, coding } = this.state.getState();
    this.state.setState({ failure: undefined });
    if (subject === 'files') {
      this.#start(columnsOf(opened, coding), rowIds(files));
      return;
    }
    if (run === undefined) return;
    const requestId = ++this.#lastRequest;
    this.#openingRun = requestId;
    this.state.setState({ asking: true });
    try {
      const checkpoint = await run.checkpoint();
      // Cancelled while the run was asked, and perhaps asked again.
      if (this.#openingRun === requestId) this.#client.post({ type: 'open-run', requestId, checkpoint });
    } catch (error) {
      if (this.#openingRun !== requestId) return;
      this.#openingRun = undefined;
      this.state.setState({ asking: false, failure: shownFailure(error) });
    }
  }

  /** Ends the verification; rows that are filled in stay. */
  cancel(): void {
    this.#openingRun = undefined;
    this.state.setState({ asking: false });
    const { job } = this.state.getState();
    if (job !== undefined) this.#client.post({ type: 'cancel', requestId: job.requestId });
  }

  /** Takes files: networks, or pairs for `row` or the row of their name. */
  takeFiles(name: string, files: readonly ImportFile[], as: 'anything' | 'pairs', row?: RowId): void {
    if (files.length === 0) return;
    this.cancelReading();
    const requestId = ++this.#lastRequest;
    this.state.setState({ reading: { requestId, name, files, done: 0, total: 0 }, failure: undefined });
    this.#client.post({ type: 'take-files', requestId, name, files, as, row });
  }

  cancelReading(): void {
    const { reading } = this.state.getState();
    if (reading === undefined) return;
    this.state.setState({ reading: undefined });
    this.#client.post({ type: 'cancel', requestId: reading.requestId });
  }

  /** Says why dropped files never reached the worker. */
  refuseFiles(error: unknown): void {
    const failure: ShownFailure = {
      code: 'file-unreadable',
      message: unreadableDrop(error),
      hint: 'Drop the files themselves, or a zip.',
      name: undefined,
    };
    this.state.setState({ failure });
  }

  /** Adds a drawn benchmark beside the seven. */
  addDrawn({ id, label }: BenchmarkTitle): void {
    this.state.setState(({ files }) => ({ files: { ...files, [id]: { kind: 'synthetic', name: `Drawn ${label}` } } }));
    this.#verifyRow(id);
  }

  /** Back to the built-in pairs of a row; an added one is removed. */
  removeFile(row: RowId): void {
    this.#client.post({ type: 'remove-benchmark', requestId: ++this.#lastRequest, row });
    this.state.setState(({ files, results, failures, chosen }) => ({
      files: without(files, row),
      results: without(results, row),
      failures: without(failures, row),
      chosen: chosen === row && BENCHMARKS.every(({ id }) => id !== row) ? 'lfw' : chosen,
    }));
    this.#verifyRow(row);
  }

  /** Compares two aligned faces with the networks of the table; without them the answer is forgotten. */
  comparePhotos(photos: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] | undefined): void {
    const { columns } = this.state.getState();
    this.state.setState({ compared: undefined });
    this.#comparing = undefined;
    if (photos === undefined || columns.length === 0) return;
    const requestId = ++this.#lastRequest;
    this.#comparing = requestId;
    const networks = columns.map(({ id, name, coding = PLAIN_CODING }) => ({ id, name, coding }));
    this.#client.post({ type: 'compare-photos', requestId, networks, photos, backend: this.#backend });
  }

  #closeNetworks(networks: readonly NetworkSummary[]): void {
    if (networks.length === 0) return;
    this.#client.post({
      type: 'close-networks',
      requestId: ++this.#lastRequest,
      networks: networks.map(({ id }) => id),
    });
  }

  #start(columns: readonly Column[], rows: readonly RowId[]): void {
    this.#tablePairs = this.state.getState().pairs;
    this.state.setState({ results: {}, failures: {}, columns, compared: undefined });
    this.#post(columns, rows);
  }

  /** The networks of the table on one more row, where it is still one; nothing before there is a table. */
  #verifyRow(row: RowId): void {
    const { columns, job, results, files, opened } = this.state.getState();
    // Networks of files may have been closed since; the run's stay open until it is verified again.
    const open = columns.every(({ id }) => id.startsWith('run/') || opened.some((network) => network.id === id));
    const more = rowIds(files).includes(row) ? [row] : [];
    if (columns.length === 0 || !open || (job === undefined && Object.keys(results).length === 0)) return;
    // The remaining rows continue, with the new row behind them.
    const left = job?.pending.filter((other) => other !== row) ?? [];
    if (job !== undefined) this.#client.post({ type: 'cancel', requestId: job.requestId });
    if (left.length + more.length > 0) this.#post(columns, [...left, ...more]);
  }

  #post(columns: readonly Column[], rows: readonly RowId[]): void {
    const requestId = ++this.#lastRequest;
    const job: Job = { requestId, pending: rows, row: undefined, phase: undefined, done: 0, total: 0 };
    this.state.setState({ job });
    this.#client.post({
      type: 'verify',
      requestId,
      networks: columns.map(({ id, name, coding = PLAIN_CODING }) => ({ id, name, coding })),
      rows,
      pairs: this.#tablePairs,
      backend: this.#backend,
    });
  }

  #receive(message: VerificationMessage): void {
    const { job, reading } = this.state.getState();
    const ofJob = 'requestId' in message && job?.requestId === message.requestId;
    switch (message.type) {
      case 'networks-opened':
        if (message.requestId === this.#openingRun) {
          this.#openingRun = undefined;
          this.state.setState({ asking: false });
          this.#start(columnsOf(message.networks), rowIds(this.state.getState().files));
        } else if (message.requestId === reading?.requestId) this.#takeOpened(message.networks);
        else this.#closeNetworks(message.networks);
        return;
      case 'benchmark-added': {
        if (message.requestId !== reading?.requestId) return;
        const { row, source, last } = message;
        // IJB compares sets of photos.
        if (!row.startsWith('ijb')) offerPairs({ name: source.name, files: reading.files });
        this.state.setState(({ files, results, failures }) => ({
          reading: last ? undefined : reading,
          files: { ...files, [row]: source },
          results: without(results, row),
          failures: without(failures, row),
          chosen: row,
        }));
        this.#verifyRow(row);
        return;
      }
      case 'progress': {
        const { row, phase, done, total } = message;
        if (ofJob && job !== undefined) this.state.setState({ job: { ...job, row, phase, done, total } });
        if (reading?.requestId === message.requestId) this.state.setState({ reading: { ...reading, done, total } });
        return;
      }
      case 'row-done': {
        if (!ofJob || job === undefined) return;
        const { result } = message;
        this.state.setState(({ results, failures }) => ({
          results: { ...results, [result.row]: result },
          failures: without(failures, result.row),
          job: { ...job, pending: job.pending.filter((row) => row !== result.row), phase: undefined },
        }));
        return;
      }
      case 'row-failed':
        if (!ofJob || job === undefined) return;
        this.state.setState(({ failures }) => ({
          failures: { ...failures, [message.row]: message.failure },
          job: { ...job, pending: job.pending.filter((row) => row !== message.row), phase: undefined },
        }));
        return;
      case 'photos-compared':
        if (message.requestId === this.#comparing) this.state.setState({ compared: message.compared });
        return;
      case 'verified':
      case 'cancelled':
        if (ofJob) this.state.setState({ job: undefined });
        if (reading?.requestId === message.requestId) this.state.setState({ reading: undefined });
        return;
      case 'stopped':
        // The worker's contents are gone with it; drawn benchmarks are no files of it.
        this.#openingRun = undefined;
        this.state.setState(({ files }) => ({
          job: undefined,
          asking: false,
          reading: undefined,
          subject: 'run',
          opened: [],
          files: Object.fromEntries(Object.entries(files).filter(([, source]) => source?.kind === 'synthetic')),
          failure: { ...message.failure, name: undefined },
        }));
        return;
      case 'lost':
        this.state.setState(({ opened, subject, files }) => {
          const left = opened.filter(({ id }) => !message.networks.includes(id));
          return {
            opened: left,
            subject: left.length === 0 ? 'run' : subject,
            files: message.rows.reduce(without, files),
            failure: { ...message.failure, name: undefined },
          };
        });
        return;
      case 'failed': {
        const name = reading?.requestId === message.requestId ? reading.name : undefined;
        if (ofJob) this.state.setState({ job: undefined });
        else if (name !== undefined) this.state.setState({ reading: undefined });
        else if (message.requestId === this.#openingRun) this.state.setState({ asking: false });
        else if (message.requestId !== this.#comparing) return;
        this.state.setState({ failure: { ...message.failure, name } });
        return;
      }
    }
  }

  /** A saved run takes the place of everything; a model joins the one before. */
  #takeOpened(networks: readonly NetworkSummary[]): void {
    const { opened, subject } = this.state.getState();
    const beside = subject === 'files' && networks.length === 1 ? opened.slice(-1) : [];
    const gone = opened.filter((network) => !beside.includes(network));
    if (gone.length > 0) this.cancel();
    this.#closeNetworks(gone);
    this.state.setState({ reading: undefined, subject: 'files', opened: [...beside, ...networks] });
  }
}

function shownFailure(error: unknown): ShownFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: error instanceof RunFileError ? error.hint : '', name: undefined };
}

function without<Value>(record: Partial<Record<RowId, Value>>, row: RowId): Partial<Record<RowId, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => id !== row));
}
