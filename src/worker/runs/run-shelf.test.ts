import { CRAFT } from '../../config/arm.ts';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleHistory } from '../../exchange/testing/histories.ts';
import { smallConfig, trainedNetwork } from '../../exchange/testing/trained.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { KeptRun } from './kept-run.ts';
import { RunKeeper } from './run-keeper.ts';
import { type Keepsake, RunShelf } from './run-shelf.ts';

const config = smallConfig({ steps: 200, arms: 'craft' });
const { state } = trainedNetwork(config, 4);
const history = sampleHistory(config, 100);

function checkpoint(step: number): Checkpoint {
  return { config, step, arms: [{ ...CRAFT, state }] };
}

function keepsake(runId: string, step: number, about: Partial<KeptRun> = {}): Keepsake {
  const run: KeptRun = {
    runId,
    config,
    step,
    startedAt: 1000,
    updatedAt: 1000 + step,
    end: 'open',
    engine: { backend: 'wasm', adapter: 'SIMD' },
    figures: { craft: { inactiveShare: 0.25 } },
    ...about,
  };
  return { run, history, checkpoint: checkpoint(step) };
}

let busy: Set<string>;
const shelfWith = (options: { readonly limit?: number; readonly most?: number } = {}) =>
  new RunShelf({ busy: async () => busy, ...options });
const ids = async (shelf: RunShelf) => (await shelf.list()).map(({ runId }) => runId);

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  busy = new Set();
});

describe('the shelf of runs', () => {
  it('gives a run back as it was kept last, on a later visit too', async () => {
    await shelfWith().keep(keepsake('a', 100));
    const later = shelfWith();
    const found = await later.load('a');
    expect(found?.checkpoint).toEqual(checkpoint(100));
    expect(found?.history).toEqual(history);
    const [listed] = await later.list();
    expect(listed).toMatchObject({ runId: 'a', step: 100, busy: false, figures: { craft: { inactiveShare: 0.25 } } });
    expect(listed?.bytes).toBeGreaterThan(10_000);
    expect(await later.load('b')).toBeUndefined();
  });

  it('keeps the two newest checkpoints, and no storage grows with their number', async () => {
    const shelf = shelfWith();
    const bytes: number[] = [];
    for (let step = 10; step <= 100; step += 10) {
      await shelf.keep(keepsake('a', step));
      bytes.push((await shelf.list())[0]?.bytes ?? 0);
    }
    expect(new Set(bytes.slice(1)).size).toBe(1);
    expect((await shelf.load('a'))?.checkpoint.step).toBe(100);
  });

  it('keeps a name that was given meanwhile, and when the run began', async () => {
    const shelf = shelfWith();
    await shelf.keep(keepsake('a', 10));
    await shelf.change('a', { name: 'Strong decay' });
    await shelf.keep(keepsake('a', 20, { startedAt: 9999 }));
    expect((await shelf.list())[0]).toMatchObject({ name: 'Strong decay', startedAt: 1000, step: 20 });
  });

  it('makes room with the oldest runs that have no name and are open nowhere', async () => {
    const shelf = shelfWith({ most: 3 });
    await shelf.keep(keepsake('named', 1, { name: 'Keep me' }));
    await shelf.keep(keepsake('open-elsewhere', 2));
    await shelf.keep(keepsake('old', 3));
    busy.add('open-elsewhere');
    expect(await shelf.keep(keepsake('new', 4))).toBe('kept');
    expect(await ids(shelf)).toEqual(['new', 'open-elsewhere', 'named']);
    busy.add('new');
    expect(await shelf.keep(keepsake('newer', 5))).toBe('full');
    expect(await ids(shelf)).toEqual(['new', 'open-elsewhere', 'named']);
  });

  it('stays within its bytes', async () => {
    const shelf = shelfWith();
    await shelf.keep(keepsake('a', 1));
    const one = (await shelf.list())[0]?.bytes ?? 0;
    const small = shelfWith({ limit: 2.5 * one });
    for (const [index, runId] of ['b', 'c', 'd'].entries()) await small.keep(keepsake(runId, 10 + index));
    expect(await ids(small)).toEqual(['d', 'c']);
    expect(await shelfWith({ limit: one / 2 }).keep(keepsake('e', 20))).toBe('full');
  });

  it('makes room where the browser has less than the limit, and says so when there is none', async () => {
    const shelf = shelfWith();
    await shelf.keep(keepsake('old', 1));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    put.mockImplementationOnce(full);
    expect(await shelf.keep(keepsake('new', 2))).toBe('kept');
    expect(await ids(shelf)).toEqual(['new']);
    put.mockImplementation(full);
    expect(await shelf.keep(keepsake('newer', 3))).toBe('full');
    put.mockRestore();
  });

  it('says where the browser refuses storage, and does not take that for a list without runs', async () => {
    vi.spyOn(globalThis.indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'SecurityError');
    });
    const shelf = shelfWith();
    expect(await shelf.keep(keepsake('a', 1))).toBe('refused');
    const keeper = new RunKeeper(shelf, async () => ({ used: undefined, quota: undefined }));
    for (const command of [{ type: 'list' }, { type: 'load', runId: 'a' }] as const) {
      expect(await keeper.answer(command)).toMatchObject({ type: 'failed', failure: { code: 'storage-refused' } });
    }
  });

  it('reads runs that were kept before a setting was added', async () => {
    const { checkpointEvery: _, ...before } = config;
    const old = keepsake('a', 50);
    // As an older version of the page left it.
    Reflect.set(old.run, 'config', before);
    await shelfWith().keep(old);
    expect((await shelfWith().list())[0]?.config.checkpointEvery).toBe(config.checkpointEvery);
  });
});

describe('the keeper of runs', () => {
  const keeper = () => new RunKeeper(shelfWith(), async () => ({ used: 1, quota: 2 }));

  it('writes a run as .zip and opens it again, with the history up to its step and an id of its own', async () => {
    const { run } = keepsake('a', 60, { name: '<img src=x onerror=alert(1)>' });
    const pictures = new Map([['charts.svg', new Uint8Array([60])]]);
    const packed = await keeper().answer({ type: 'pack', run, history, checkpoint: checkpoint(60), pictures });
    if (packed.type !== 'file') expect.fail('no file');
    expect(packed.file.name).toBe('img-src-x-onerror-alert-1-step-60.zip');
    const file = new File([packed.file.bytes], 'run.zip');
    const opened = await keeper().answer({ type: 'open-file', file });
    if (opened.type !== 'opened') expect.fail('not opened');
    expect(opened.run.checkpoint).toEqual(checkpoint(60));
    expect(opened.run.kept).toMatchObject({ name: run.name, step: 60, end: 'open' });
    expect(opened.run.kept.runId).not.toBe('a');
    expect(opened.run.classes).toBe(4);
    expect(Math.max(...(opened.run.history.arms.craft?.norms.steps ?? []))).toBe(60);
  });

  it('says in a sentence why a file is no run, and that a run is gone', async () => {
    const notes = new File(['Filters that fade.'], 'notes.zip');
    expect(await keeper().answer({ type: 'open-file', file: notes })).toMatchObject({
      type: 'failed',
      failure: { code: 'wrong-format', message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/) },
    });
    expect(await keeper().answer({ type: 'load', runId: 'gone' })).toMatchObject({
      type: 'failed',
      failure: { code: 'gone' },
    });
  });
});
