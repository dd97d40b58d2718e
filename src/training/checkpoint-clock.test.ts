import { expect, it } from 'vitest';
import { fieldOf } from '../config/run-config.ts';
import { CheckpointClock } from './checkpoint-clock.ts';

function clockAt(start: number) {
  const time = { now: start };
  return { time, clock: new CheckpointClock(() => time.now) };
}

it('is due when the interval has passed since the last one', () => {
  const { time, clock } = clockAt(5000);
  time.now += 19_999;
  expect(clock.due(20)).toBe(false);
  time.now += 1;
  expect(clock.due(20)).toBe(true);
  clock.begin();
  clock.end();
  expect(clock.due(20)).toBe(false);
  // The interval may change while the run trains.
  time.now += 1000;
  expect(clock.due(1)).toBe(true);
});

it('takes no more than a hundredth of the time', () => {
  const { time, clock } = clockAt(0);
  clock.begin();
  time.now += 600;
  clock.end();
  time.now += 59_999;
  expect(clock.due(20)).toBe(false);
  time.now += 1;
  expect(clock.due(20)).toBe(true);
});

it('keeps the promise in the help of its setting for large networks', () => {
  const [, cost = '', apart = ''] =
    /takes ([\d.]+) s gets one every (\d+) s/.exec(fieldOf('checkpointEvery').help) ?? [];
  const { time, clock } = clockAt(0);
  clock.begin();
  time.now += 1000 * Number(cost);
  clock.end();
  time.now += 1000 * Number(apart) - 1;
  expect(clock.due(1)).toBe(false);
  time.now += 1;
  expect(clock.due(1)).toBe(true);
});
