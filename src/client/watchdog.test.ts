import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FIRST_STEP, Watchdog } from './watchdog.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A watched worker that answers each ping after so many milliseconds; never while that is undefined. */
function watched(answersAfter: number | undefined) {
  const worker = { answersAfter, pings: 0, lost: 0 };
  const dog: Watchdog = new Watchdog(
    () => {
      worker.pings++;
      if (worker.answersAfter !== undefined) setTimeout(() => dog.heard(), worker.answersAfter);
    },
    () => {
      worker.lost++;
    },
  );
  dog.watch(true);
  return { dog, worker };
}

it('notices within five seconds that nothing comes any more, and says so once', () => {
  const { dog, worker } = watched(10);
  vi.advanceTimersByTime(60_000);
  expect(worker.lost).toBe(0);
  dog.heard();
  worker.answersAfter = undefined;
  vi.advanceTimersByTime(5000);
  expect(worker.lost).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(worker.lost).toBe(1);
});

it('asks nothing of a worker that is not watched', () => {
  const { dog, worker } = watched(undefined);
  dog.watch(false);
  vi.advanceTimersByTime(60_000);
  expect([worker.pings, worker.lost]).toEqual([0, 0]);
});

it('has learned from the first step how long steps keep the thread', () => {
  const { dog, worker } = watched(undefined);
  dog.longWork(FIRST_STEP, true);
  vi.advanceTimersByTime(8000);
  dog.longWork(FIRST_STEP, false);
  dog.heard();
  // As long as four times that is no reason to worry, more is.
  vi.advanceTimersByTime(30_000);
  expect(worker.lost).toBe(0);
  vi.advanceTimersByTime(3000);
  expect(worker.lost).toBe(1);
});

it('gives files a minute, and learns nothing about steps from them', () => {
  const { dog, worker } = watched(undefined);
  dog.longWork('files', true);
  vi.advanceTimersByTime(50_000);
  expect(worker.lost).toBe(0);
  dog.heard();
  dog.longWork('files', false);
  vi.advanceTimersByTime(5000);
  expect(worker.lost).toBe(1);
});
