import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleHistory } from '../exchange/testing/histories.ts';
import { smallConfig } from '../exchange/testing/trained.ts';
import { analyse } from '../study/analysis.ts';
import { packRows, unpackRows } from '../study/packed-rows.ts';
import { planOfRows } from '../study/plan-of-rows.ts';
import { readResultsCsv } from '../study/results-csv.ts';
import type { RunsReply, RunsRequest } from '../worker/runs/protocol.ts';
import { RunsClient } from './runs-client.ts';

/** A worker whose answers a test gives; it answers pings while `lives`. */
class StandIn {
  static started: StandIn[] = [];
  readonly asked: RunsRequest[] = [];
  onmessage: ((event: { readonly data: RunsReply }) => void) | null = null;
  onerror: unknown = null;
  lives = true;
  ended = false;

  constructor() {
    StandIn.started.push(this);
  }

  postMessage(request: RunsRequest): void {
    if (request.command.type !== 'ping') this.asked.push(request);
    else if (this.lives) this.answer(request, { type: 'done' });
  }

  answer({ requestId }: RunsRequest, answer: RunsReply['answer']): void {
    this.onmessage?.({ data: { requestId, answer } });
  }

  terminate(): void {
    this.ended = true;
  }
}

const config = smallConfig({ steps: 200 });
const run = {
  runId: 'a',
  config,
  step: 100,
  startedAt: 0,
  updatedAt: 0,
  end: 'open',
  engine: { backend: 'wasm', adapter: '' },
  figures: {},
} as const;
const keepsake = { run, history: sampleHistory(config, 100) };
const RESULTS = readResultsCsv(
  [
    'study,condition,axes,seed,step,measure,benchmark,value,pairs,seconds,engine,adapter,state,reason',
    ...['standard', 'blend'].flatMap((condition) => [
      `a,${condition},,1,10,run,,10,0,1,wasm,SIMD,done,`,
      `a,${condition},,1,10,accuracy,heldout,0.8,100,1,wasm,SIMD,done,`,
    ]),
  ].join('\n'),
);
const file = new File(['a bomb'], 'run.zip');

function worker(index: number): StandIn {
  return StandIn.started[index] ?? expect.fail(`worker ${index} was not started`);
}

function question(of: StandIn, index = 0): RunsRequest {
  return of.asked[index] ?? expect.fail(`question ${index} was not asked`);
}

beforeEach(() => {
  StandIn.started = [];
  vi.stubGlobal('Worker', StandIn);
  // A page with locks.
  vi.stubGlobal('navigator', { locks: {} });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the keeper of runs', () => {
  it('that hangs is ended, which is an outcome, and the next run goes to a fresh one', async () => {
    const client = new RunsClient();
    const first = client.keep(keepsake);
    worker(0).answer(question(worker(0)), { type: 'kept', outcome: 'kept' });
    expect(await first).toBe('kept');
    worker(0).lives = false;
    const second = client.keep(keepsake);
    const list = client.list();
    const refused = expect(list).rejects.toMatchObject({ code: 'worker-lost' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await second).toBe('lost');
    await refused;
    expect(worker(0).ended).toBe(true);
    const third = client.keep(keepsake);
    worker(1).answer(question(worker(1)), { type: 'kept', outcome: 'kept' });
    expect(await third).toBe('kept');
  });

  it('that answers pings may take its time, and is not pinged when it has nothing to do', async () => {
    const client = new RunsClient();
    const kept = client.keep(keepsake);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(worker(0).ended).toBe(false);
    worker(0).answer(question(worker(0)), { type: 'kept', outcome: 'full' });
    expect(await kept).toBe('full');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps while a file is read in another worker, which is given longer', async () => {
    const client = new RunsClient();
    const opening = client.openFile(file);
    const given = expect(opening).rejects.toMatchObject({
      code: 'worker-lost',
      message: 'The reader and writer of files stopped: it no longer answered.',
    });
    worker(0).answer({ requestId: 0, command: { type: 'ping' } }, { type: 'done' });
    worker(0).lives = false;
    const kept = client.keep(keepsake);
    expect(worker(1).asked).toHaveLength(1);
    worker(1).answer(question(worker(1)), { type: 'kept', outcome: 'kept' });
    expect(await kept).toBe('kept');
    await vi.advanceTimersByTimeAsync(50_000);
    expect(worker(0).ended).toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    await given;
    expect(worker(0).ended).toBe(true);
    expect(worker(1).ended).toBe(false);
  });
});

describe('a file that can be cancelled', () => {
  const files = [{ path: 'study.zip', file }];

  it('is read in a worker of its own, which says how far it is and ends with it', async () => {
    const client = new RunsClient();
    const heard: unknown[] = [];
    const { signal } = new AbortController();
    const progress = (done: number, total: number) => heard.push([done, total]);
    const opening = client.openStudy(files, { signal, progress, alone: false });
    worker(0).answer(question(worker(0)), { type: 'progress', done: 3, total: 240 });
    expect(heard).toEqual([[3, 240]]);
    const study = { runs: new Map(), layers: new Map(), scores: new Map() };
    worker(0).answer(question(worker(0)), { type: 'study', study: { ...study, rows: packRows([]) } });
    expect(await opening).toEqual({ ...study, rows: [] });
    expect(worker(0).ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has results that are judged in a worker of their own, and judging them ends when the page asks', async () => {
    const client = new RunsClient();
    const ending = new AbortController();
    const plan = planOfRows(RESULTS);
    const judging = client.judge(plan, RESULTS, ending.signal);
    const { command } = question(worker(0));
    if (command.type !== 'judge') throw new Error(`The question is ${command.type}.`);
    expect(unpackRows(command.rows)).toEqual(RESULTS);
    const analysis = analyse(command.plan, RESULTS);
    worker(0).answer(question(worker(0)), { type: 'judged', analysis });
    expect(await judging).toBe(analysis);
    const ended = client.judge(plan, RESULTS, ending.signal);
    ending.abort();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect(StandIn.started.map((one) => one.ended)).toEqual([true, true]);
  });

  it('has a comparison that is resampled in a worker of its own', async () => {
    const client = new RunsClient();
    const plan = planOfRows(RESULTS);
    const [comparison] = analyse(plan, RESULTS).comparisons;
    if (comparison === undefined) throw new Error('Nothing is compared.');
    const order = { plan, comparison, scores: new Map([['1-standard', new Uint8Array(1)]]) };
    const resampling = client.resample(order, new AbortController().signal);
    expect(question(worker(0)).command).toEqual({ type: 'resample', ...order });
    worker(0).answer(question(worker(0)), { type: 'resampled', interval: [0.1, 0.2] });
    expect(await resampling).toEqual([0.1, 0.2]);
    expect(StandIn.started.map((one) => one.ended)).toEqual([true]);
  });

  it('is ended as weights are, whose worker is their own', async () => {
    const client = new RunsClient();
    const ending = new AbortController();
    const order = { files, file: 'a.onnx', arm: 'craft' };
    const ended = client.openWeights(order, ending.signal);
    worker(0).lives = false;
    ending.abort();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect(worker(0).ended).toBe(true);
  });

  it('is ended in the midst of it, even by a worker that hangs; others read on', async () => {
    const client = new RunsClient();
    const ending = new AbortController();
    const ended = client.openFile(file, ending.signal);
    const other = client.openFile(file, new AbortController().signal);
    const written = client.pack({ ...keepsake, checkpoint: { config, step: 100, arms: [] }, pictures: new Map() });
    expect(StandIn.started).toHaveLength(3);
    worker(0).lives = false;
    ending.abort();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect(StandIn.started.map((one) => one.ended)).toEqual([true, false, false]);
    const failure = { code: 'wrong-format', message: 'This is no .zip.', hint: 'Choose another.' } as const;
    worker(1).answer(question(worker(1)), { type: 'failed', failure });
    await expect(other).rejects.toMatchObject({ code: 'wrong-format' });
    const zip = { name: 'run.zip', bytes: Uint8Array.of(1), mediaType: 'application/zip' };
    worker(2).answer(question(worker(2)), { type: 'file', file: zip });
    expect(await written).toBe(zip);
  });
});
