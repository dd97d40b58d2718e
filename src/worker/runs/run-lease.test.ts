import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { RENEWAL, RunLeases } from './run-lease.ts';

let time: number;
const page = (holder: string) => new RunLeases({ holder, now: () => time });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  time = 1e12;
});

it('gives a run to one page, however many ask in the same moment', async () => {
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => page(name).take('run')));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await page('e').take('another run')).toBe(true);
  expect([...(await page('b').busy())].sort()).toEqual(['another run', 'run']);
});

it('lets the page that has a run renew it, also when its timer runs once a minute', async () => {
  const [first, second] = [page('a'), page('b')];
  expect(await first.take('run')).toBe(true);
  for (const pause of [RENEWAL, 60_000, 61_000]) {
    time += pause;
    expect(await second.take('run')).toBe(false);
    expect(await first.take('run')).toBe(true);
  }
});

it('gives the run of a page that is gone to another one, and not back when it wakes up', async () => {
  const [first, second] = [page('a'), page('b')];
  await first.take('run');
  time += 90_000;
  expect([...(await second.busy())]).toEqual([]);
  expect(await second.take('run')).toBe(true);
  expect(await first.take('run')).toBe(false);
  // A page ends no lease of another.
  await first.release('run');
  await first.release();
  expect([...(await first.busy())]).toEqual(['run']);
});

it('ends the lease of a run, or all of a page', async () => {
  const first = page('a');
  for (const run of ['x', 'y', 'z']) await first.take(run);
  await first.release('x');
  expect([...(await first.busy())].sort()).toEqual(['y', 'z']);
  await first.release();
  expect([...(await first.busy())]).toEqual([]);
});
