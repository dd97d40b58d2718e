import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import type {
  BenchmarkResult,
  RowId,
  VerificationCommand,
  VerificationMessage,
  WorkerAnswer,
} from '../worker/verification/protocol.ts';
import { VerificationClient } from './verification-client.ts';

/** A worker that answers when the test says so. */
class SilentWorker {
  static readonly all: SilentWorker[] = [];
  onmessage: ((event: { data: WorkerAnswer }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  readonly posted: VerificationCommand[] = [];
  ended = false;

  constructor() {
    SilentWorker.all.push(this);
  }

  postMessage(command: VerificationCommand): void {
    this.posted.push(command);
  }

  answer(data: WorkerAnswer): void {
    this.onmessage?.({ data });
  }

  terminate(): void {
    this.ended = true;
  }
}

/** Longer than the client waits for the end of a cancelled request. */
const TICKS = 5000;
const SUMMARY = { name: 'a.onnx', detail: 'ONNX', size: 112, region: 'full', coded: true } as const;
const RESULT: BenchmarkResult = {
  row: 'lfw',
  source: { kind: 'synthetic', name: 'Drawn LFW' },
  protocol: 'pairs',
  pairsAsGiven: true,
  pairs: 200,
  samePairs: 100,
  images: 300,
  arms: [],
  hardest: [],
  pictures: { size: 16, images: new Uint8Array(0) },
  milliseconds: 5,
};
const FAILURE = { code: 'internal', message: 'It was moved.', hint: 'Drop it again.' } as const;

beforeEach(() => {
  SilentWorker.all.length = 0;
  vi.stubGlobal('Worker', SilentWorker);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const worker = (index: number) => SilentWorker.all[index] ?? expect.fail(`worker ${index} was not started`);

const model = (requestId: number) => take(requestId, `${requestId}.onnx`, 'anything');
const pairs = (requestId: number) => take(requestId, `${requestId}.bin`, 'pairs');
const checkpoint = { config: DEFAULT_CONFIG, step: 40, arms: [] };
const openRun = (requestId: number) => ({ type: 'open-run', requestId, checkpoint }) as const;
const cancel = (requestId: number) => ({ type: 'cancel', requestId }) as const;
const verify = (requestId: number, rows: readonly RowId[]) =>
  ({ type: 'verify', requestId, networks: [], rows, pairs: 200, backend: 'wasm' }) as const;

function take(requestId: number, name: string, as: 'anything' | 'pairs') {
  const files = [{ path: name, file: new File([], name, { lastModified: 0 }) }];
  return { type: 'take-files', requestId, name, files, as, row: undefined } as const;
}

const opened = (requestId: number, ...ids: readonly string[]) =>
  ({ type: 'networks-opened', requestId, networks: ids.map((id) => ({ id, ...SUMMARY })) }) as const;
const held = (row: RowId) => ({ row, source: { kind: 'file', name: `${row}.bin` } }) as const;
const added = (requestId: number, row: RowId, last = true) =>
  ({ type: 'benchmark-added', requestId, ...held(row), last }) as const;

function client() {
  const heard: VerificationMessage[] = [];
  const page = new VerificationClient((message) => heard.push(message));
  return { page, heard, types: () => heard.map(({ type }) => type) };
}

test('a worker that never answers a cancel is ended, and the next request goes to a fresh one', () => {
  const { page, heard } = client();
  page.post(model(1));
  page.post(cancel(1));
  expect(worker(0).posted).toEqual([model(1), cancel(1)]);
  expect(worker(0).ended).toBe(false);
  vi.advanceTimersByTime(TICKS);
  expect(worker(0).ended).toBe(true);
  expect(heard).toEqual([{ type: 'cancelled', requestId: 1 }]);
  // Nothing is left to do: no worker is started for it.
  expect([SilentWorker.all.length, vi.getTimerCount()]).toEqual([1, 0]);
  page.post(model(2));
  expect(worker(1).posted).toEqual([model(2)]);
});

test('a worker that answers a cancel is kept, and so is one whose request had ended before', () => {
  const { page, types } = client();
  page.post(model(1));
  page.post(cancel(1));
  worker(0).answer({ type: 'cancelled', requestId: 1 });
  page.post(model(2));
  worker(0).answer(opened(2, 'file/2'));
  page.post(cancel(2));
  vi.advanceTimersByTime(TICKS);
  expect([SilentWorker.all.length, worker(0).ended, vi.getTimerCount()]).toEqual([1, false, 0]);
  expect(worker(0).posted).toEqual([model(1), cancel(1), model(2)]);
  expect(types()).toEqual(['cancelled', 'networks-opened']);
});

test('a verification that nobody cancelled is not ended for a reading that waits behind its images', () => {
  const { page, types } = client();
  page.post(verify(1, ['lfw']));
  page.post(pairs(2));
  page.post(cancel(2));
  const progress = { type: 'progress', requestId: 1, row: 'lfw', phase: 'embedding', total: 12_000 } as const;
  for (const done of [16, 32, 48]) {
    // Sixteen images of a large model take most of a minute on one thread.
    vi.advanceTimersByTime(11 * TICKS);
    worker(0).answer({ ...progress, done });
  }
  expect(worker(0).ended).toBe(false);
  worker(0).answer({ type: 'cancelled', requestId: 2 });
  expect([types().at(-1), vi.getTimerCount()]).toEqual(['cancelled', 0]);
  // The verification itself is cancelled as soon as anything else.
  page.post(cancel(1));
  vi.advanceTimersByTime(TICKS);
  expect(worker(0).ended).toBe(true);
});

test('a worker that is deaf beside a verification is ended after a minute, and the verification begins anew', () => {
  const { page } = client();
  page.post(verify(1, ['lfw']));
  page.post(pairs(2));
  page.post(cancel(2));
  vi.advanceTimersByTime(12 * TICKS - 1);
  expect(worker(0).ended).toBe(false);
  vi.advanceTimersByTime(1);
  expect(worker(0).ended).toBe(true);
  expect(worker(1).posted).toEqual([verify(1, ['lfw'])]);
});

test('each cancelled request is given all of its ticks', () => {
  const { page } = client();
  page.post(model(1));
  page.post(cancel(1));
  vi.advanceTimersByTime(3500);
  page.post(model(2));
  page.post(cancel(2));
  worker(0).answer({ type: 'cancelled', requestId: 1 });
  vi.advanceTimersByTime(3500);
  expect(worker(0).ended).toBe(false);
  vi.advanceTimersByTime(500);
  expect(worker(0).ended).toBe(true);
});

test('a fresh worker is given the files that the page still has, one by one, and then the request', () => {
  const { page, types } = client();
  page.post(openRun(1));
  worker(0).answer(opened(1, 'run/1/standard'));
  page.post(openRun(2));
  worker(0).answer(opened(2, 'run/2/standard', 'run/2/craft'));
  page.post(model(3));
  worker(0).answer(opened(3, 'file/3/standard', 'file/3/craft'));
  page.post({ type: 'close-networks', requestId: 4, networks: ['file/3/standard'] });
  page.post(pairs(5));
  worker(0).answer(added(5, 'agedb-30', false));
  worker(0).answer(added(5, 'cfp-fp'));
  page.post(pairs(6));
  worker(0).answer(added(6, 'agedb-30'));
  page.post(pairs(7));
  worker(0).answer(added(7, 'lfw'));
  page.post({ type: 'remove-benchmark', requestId: 8, row: 'lfw' });
  page.post(model(9));
  page.post(cancel(9));
  vi.advanceTimersByTime(TICKS);
  const before = types();

  page.post(verify(10, ['lfw']));
  expect(worker(1).posted).toEqual([openRun(2)]);
  worker(1).answer(opened(2, 'run/2/standard', 'run/2/craft'));
  expect(worker(1).posted.slice(1)).toEqual([model(3)]);
  worker(1).answer(opened(3, 'file/3/standard', 'file/3/craft'));
  expect(worker(1).posted.slice(2)).toEqual([
    { type: 'close-networks', requestId: 0, networks: ['file/3/standard'] },
    { ...pairs(5), rows: [held('cfp-fp')] },
  ]);
  worker(1).answer(added(5, 'cfp-fp'));
  expect(worker(1).posted.slice(4)).toEqual([{ ...pairs(6), rows: [held('agedb-30')] }]);
  worker(1).answer(added(6, 'agedb-30'));
  expect(worker(1).posted.slice(5)).toEqual([verify(10, ['lfw'])]);
  // The page had it all before, and hears nothing of it.
  expect(types()).toEqual(before);
});

test('requests beside the cancelled one are done by the fresh worker, without rows that are filled in', () => {
  const { page, heard } = client();
  page.post(verify(1, ['lfw', 'cplfw', 'calfw']));
  worker(0).answer({ type: 'row-done', requestId: 1, result: RESULT });
  worker(0).answer({ type: 'row-failed', requestId: 1, row: 'cplfw', failure: FAILURE });
  page.post(model(2));
  page.post(cancel(2));
  page.post(model(3));
  vi.advanceTimersByTime(12 * TICKS);
  expect(worker(1).posted).toEqual([verify(1, ['calfw']), model(3)]);
  expect(heard.at(-1)).toEqual({ type: 'cancelled', requestId: 2 });
});

test('files that cannot be read again are named, with the networks and rows that are gone', () => {
  const { page, heard } = client();
  page.post(model(1));
  worker(0).answer(opened(1, 'file/1'));
  page.post(pairs(2));
  worker(0).answer(added(2, 'lfw', false));
  // A part of the files was wrong from the start.
  worker(0).answer(added(2, 'cplfw', false));
  worker(0).answer({ type: 'failed', requestId: 2, failure: FAILURE });
  page.post(model(3));
  page.post(cancel(3));
  vi.advanceTimersByTime(TICKS);
  page.post(verify(4, ['lfw']));
  worker(1).answer({ type: 'failed', requestId: 1, failure: FAILURE });
  const message = 'After Cancel, 1.onnx could not be read again and is no longer open. It was moved.';
  const lost = { type: 'lost', networks: ['file/1'], rows: [], failure: { ...FAILURE, message } };
  expect(heard.at(-1)).toEqual(lost);
  worker(1).answer(added(2, 'lfw', false));
  worker(1).answer(added(2, 'cplfw', false));
  worker(1).answer({ type: 'failed', requestId: 2, failure: FAILURE });
  expect(heard.at(-1)).toEqual(lost);
  expect(worker(1).posted.at(-1)).toEqual(verify(4, ['lfw']));
});

test('a request that waits for the models of the page is ended immediately, and one that they were closed for is done', () => {
  const { page, heard } = client();
  page.post(model(1));
  worker(0).answer(opened(1, 'file/1'));
  page.post(model(2));
  page.post(cancel(2));
  vi.advanceTimersByTime(TICKS);
  page.post(model(3));
  page.post(cancel(3));
  expect(heard.at(-1)).toEqual({ type: 'cancelled', requestId: 3 });
  const close = { type: 'close-networks', requestId: 4, networks: ['file/1'] } as const;
  page.post(close);
  page.post(model(5));
  worker(1).answer(opened(1, 'file/1'));
  expect(worker(1).posted).toEqual([model(1), { ...close, requestId: 0 }, close, model(5)]);
  expect(heard.some(({ type }) => type === 'lost')).toBe(false);
});

test('pairs that came after they were cancelled leave the row to the pairs before them', () => {
  const { page, types } = client();
  page.post(pairs(1));
  worker(0).answer(added(1, 'lfw'));
  page.post(pairs(2));
  page.post(cancel(2));
  worker(0).answer(added(2, 'lfw'));
  expect([worker(0).ended, types()]).toEqual([true, ['benchmark-added', 'cancelled']]);
  page.post(verify(3, ['lfw']));
  expect(worker(1).posted).toEqual([{ ...pairs(1), rows: [held('lfw')] }]);
});

test('a worker that stopped takes all with it, and a fresh one is given only the next request', () => {
  const { page, types } = client();
  page.post(model(1));
  worker(0).answer(opened(1, 'file/1'));
  page.post(model(2));
  page.post(cancel(2));
  worker(0).onerror?.({ message: 'out of memory', preventDefault: () => {} });
  expect([types().at(-1), vi.getTimerCount()]).toEqual(['stopped', 0]);
  page.post(model(3));
  expect(worker(1).posted).toEqual([model(3)]);
  page.post(cancel(3));
  vi.advanceTimersByTime(TICKS);
  page.post(model(4));
  expect(worker(2).posted).toEqual([model(4)]);
});
