import { VerificationClient } from '../../client/verification-client.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import type { InputCoding, NetworkSummary, RowId, VerificationMessage } from '../../worker/verification/protocol.ts';
import { unreadableDrop } from '../kit/dropped-files.ts';
import { type Column, columnsOf } from './columns.ts';
import { requestCheckpoint } from './run-checkpoint.ts';
import { rowIds } from './table-rows.ts';
import { type Job, type ShownFailure, useVerify, type VerifyState } from './verify-state.ts';

let lastRequest = 0;
let backend: RunConfig['backend'] = 'auto';
/** What follows once the run's networks are open. */
let openingRun: number | undefined;
/** Pairs of a built-in benchmark that the table was started with: its rows stay comparable. */
let tablePairs = useVerify.getState().pairs;
const client = new VerificationClient(receive);

/** Of networks whose input is not to be chosen. */
const PLAIN_CODING: InputCoding = { scaling: '127.5', colours: 'RGB' };

/** Changes a choice; results stay until the next verification. */
export function choose(change: Partial<Pick<VerifyState, 'chosen' | 'coding' | 'pairs'>>): void {
  useVerify.setState(change);
}

export function dismissFailure(): void {
  useVerify.setState({ failure: undefined });
}

/** Back to the page's run; what was opened from files is let go. */
export function chooseRun(): void {
  closeNetworks(useVerify.getState().opened);
  useVerify.setState({ subject: 'run', opened: [], failure: undefined });
}

/** Lets go of one network that was opened from files. */
export function closeOpened(id: string): void {
  const { opened } = useVerify.getState();
  closeNetworks(opened.filter((network) => network.id === id));
  const left = opened.filter((network) => network.id !== id);
  useVerify.setState({ opened: left, subject: left.length === 0 ? 'run' : 'files' });
}

/** Verifies on all rows: the run as it stands now, or what was opened. */
export async function verifyAll(engine: RunConfig['backend'], runId: string | undefined): Promise<void> {
  backend = engine;
  const { subject, opened, files, coding } = useVerify.getState();
  useVerify.setState({ failure: undefined });
  if (subject === 'files') {
    start(columnsOf(opened, coding), rowIds(files));
    return;
  }
  if (runId === undefined) return;
  useVerify.setState({ asking: true });
  try {
    const checkpoint = await requestCheckpoint(runId);
    // Cancelled while the run was asked.
    if (!useVerify.getState().asking) return;
    openingRun = ++lastRequest;
    client.post({ type: 'open-run', requestId: openingRun, checkpoint });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    useVerify.setState({ asking: false, failure: { code: 'internal', message, hint: '', name: undefined } });
  }
}

/** Ends the verification; rows that are filled in stay. */
export function cancelVerification(): void {
  openingRun = undefined;
  useVerify.setState({ asking: false });
  const { job } = useVerify.getState();
  if (job !== undefined) client.post({ type: 'cancel', requestId: job.requestId });
}

/** Takes files: networks, or pairs for `row` or the row they tell. */
export function takeFiles(name: string, files: readonly ImportFile[], as: 'anything' | 'pairs', row?: RowId): void {
  if (files.length === 0) return;
  cancelReading();
  const requestId = ++lastRequest;
  useVerify.setState({ reading: { requestId, name, done: 0, total: 0 }, failure: undefined });
  client.post({ type: 'take-files', requestId, name, files, as, row });
}

export function cancelReading(): void {
  const { reading } = useVerify.getState();
  if (reading === undefined) return;
  useVerify.setState({ reading: undefined });
  client.post({ type: 'cancel', requestId: reading.requestId });
}

/** Says why dropped files never reached the worker. */
export function refuseFiles(error: unknown): void {
  const failure: ShownFailure = {
    code: 'file-unreadable',
    message: unreadableDrop(error),
    hint: 'Drop the files themselves, or a zip.',
    name: undefined,
  };
  useVerify.setState({ failure });
}

/** Back to the built-in pairs of a row. */
export function removeFile(row: RowId): void {
  client.post({ type: 'remove-benchmark', requestId: ++lastRequest, row });
  useVerify.setState(({ files, results, failures, chosen }) => ({
    files: without(files, row),
    results: without(results, row),
    failures: without(failures, row),
    chosen: row.startsWith('file-') && chosen === row ? 'lfw' : chosen,
  }));
  verifyRow(row);
}

function closeNetworks(networks: readonly NetworkSummary[]): void {
  if (networks.length === 0) return;
  client.post({ type: 'close-networks', requestId: ++lastRequest, networks: networks.map(({ id }) => id) });
}

function start(columns: readonly Column[], rows: readonly RowId[]): void {
  tablePairs = useVerify.getState().pairs;
  useVerify.setState({ results: {}, failures: {}, columns });
  post(columns, rows);
}

/** The networks of the table on one more row, where it is still one; nothing before there is a table. */
function verifyRow(row: RowId): void {
  const { columns, job, results, files, opened } = useVerify.getState();
  // Networks of files may have been let go since; the run's stay open until it is verified again.
  const open = columns.every(({ id }) => id.startsWith('run/') || opened.some((network) => network.id === id));
  const more = rowIds(files).includes(row) ? [row] : [];
  if (columns.length === 0 || !open || (job === undefined && Object.keys(results).length === 0)) return;
  // What is left to do goes on with the new row behind it.
  const left = job?.pending.filter((other) => other !== row) ?? [];
  if (job !== undefined) client.post({ type: 'cancel', requestId: job.requestId });
  if (left.length + more.length > 0) post(columns, [...left, ...more]);
}

function post(columns: readonly Column[], rows: readonly RowId[]): void {
  const requestId = ++lastRequest;
  const job: Job = { requestId, pending: rows, row: undefined, phase: undefined, done: 0, total: 0 };
  useVerify.setState({ job });
  client.post({
    type: 'verify',
    requestId,
    networks: columns.map(({ id, name, coding = PLAIN_CODING }) => ({ id, name, coding })),
    rows,
    pairs: tablePairs,
    backend,
  });
}

function receive(message: VerificationMessage): void {
  const { job, reading } = useVerify.getState();
  const ofJob = message.type !== 'stopped' && job?.requestId === message.requestId;
  switch (message.type) {
    case 'networks-opened':
      if (message.requestId === openingRun) {
        openingRun = undefined;
        useVerify.setState({ asking: false });
        start(columnsOf(message.networks), rowIds(useVerify.getState().files));
      } else if (message.requestId === reading?.requestId) takeOpened(message.networks);
      else closeNetworks(message.networks);
      return;
    case 'benchmark-added': {
      if (message.requestId !== reading?.requestId) return;
      const { row, source, last } = message;
      useVerify.setState(({ files, results, failures }) => ({
        reading: last ? undefined : reading,
        files: { ...files, [row]: source },
        results: without(results, row),
        failures: without(failures, row),
        chosen: row,
      }));
      verifyRow(row);
      return;
    }
    case 'progress': {
      const { row, phase, done, total } = message;
      if (ofJob && job !== undefined) useVerify.setState({ job: { ...job, row, phase, done, total } });
      if (reading?.requestId === message.requestId) useVerify.setState({ reading: { ...reading, done, total } });
      return;
    }
    case 'row-done': {
      if (!ofJob || job === undefined) return;
      const { result } = message;
      useVerify.setState(({ results, failures }) => ({
        results: { ...results, [result.row]: result },
        failures: without(failures, result.row),
        job: { ...job, pending: job.pending.filter((row) => row !== result.row), phase: undefined },
      }));
      return;
    }
    case 'row-failed':
      if (!ofJob || job === undefined) return;
      useVerify.setState(({ failures }) => ({
        failures: { ...failures, [message.row]: message.failure },
        job: { ...job, pending: job.pending.filter((row) => row !== message.row), phase: undefined },
      }));
      return;
    case 'verified':
    case 'cancelled':
      if (ofJob) useVerify.setState({ job: undefined });
      if (reading?.requestId === message.requestId) useVerify.setState({ reading: undefined });
      return;
    case 'stopped':
      // What the worker held is gone with it.
      openingRun = undefined;
      useVerify.setState({
        job: undefined,
        asking: false,
        reading: undefined,
        subject: 'run',
        opened: [],
        files: {},
        failure: { ...message.failure, name: undefined },
      });
      return;
    case 'failed': {
      const name = reading?.requestId === message.requestId ? reading.name : undefined;
      if (ofJob) useVerify.setState({ job: undefined });
      else if (name !== undefined) useVerify.setState({ reading: undefined });
      else if (message.requestId === openingRun) useVerify.setState({ asking: false });
      else return;
      useVerify.setState({ failure: { ...message.failure, name } });
      return;
    }
  }
}

/** A saved run takes the place of everything; a model stands beside the one before. */
function takeOpened(networks: readonly NetworkSummary[]): void {
  const { opened, subject } = useVerify.getState();
  const beside = subject === 'files' && networks.length === 1 ? opened.slice(-1) : [];
  const gone = opened.filter((network) => !beside.includes(network));
  if (gone.length > 0) cancelVerification();
  closeNetworks(gone);
  useVerify.setState({ reading: undefined, subject: 'files', opened: [...beside, ...networks] });
}

function without<Value>(record: Partial<Record<RowId, Value>>, row: RowId): Partial<Record<RowId, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => id !== row));
}
