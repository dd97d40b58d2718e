import { afterEach, expect, it, vi } from 'vitest';
import { withProgressBar } from './progress-bar.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('a bar on a terminal ends with its work, also where that fails, and leaves no timer behind', async () => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const terminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  try {
    let timers = 0;
    const work = async (show: (done: number) => void) => {
      show(1);
      timers = vi.getTimerCount();
      throw new Error('The disk is full.');
    };
    await expect(withProgressBar('photos', 2, work)).rejects.toThrow('The disk is full.');
    expect([timers, vi.getTimerCount()]).toEqual([1, 0]);
    expect(await withProgressBar('photos', 2, async () => 'done')).toBe('done');
  } finally {
    process.stderr.isTTY = terminal;
  }
});
