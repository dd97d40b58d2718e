import { describe, expect, test } from 'vitest';
import {
  chooseVariants,
  everywhere,
  readChoice,
  shortMemory,
  type TiledVariant,
  VARIED_KERNELS,
  type VariedKernel,
} from './variants.ts';

/** Times by kernel and variant; each measurement advances the clock by its own time. */
function stopwatch(times: (kernel: VariedKernel, variant: TiledVariant) => number | undefined) {
  const measured: string[] = [];
  let clock = 100;
  return {
    measured,
    now: () => clock,
    time: async (kernel: VariedKernel, variant: TiledVariant) => {
      measured.push(`${kernel} ${variant}`);
      const ms = times(kernel, variant);
      clock += ms ?? 0;
      return ms;
    },
  };
}

describe('choosing variants', () => {
  test('takes the other variant of a kernel where it is clearly faster, and only there', async () => {
    const { now, time } = stopwatch((kernel, variant) => (kernel === 'product' && variant === 'few' ? 5 : 10));
    const chosen = await chooseVariants({ fallback: everywhere('many'), time, now, budgetMs: 1000 });
    expect(chosen).toEqual({ ...everywhere('many'), product: 'few' });
  });

  test('takes the fastest of three', async () => {
    const { now, time } = stopwatch((_, variant) => ({ few: 6, many: 10, shared: 5 })[variant]);
    const chosen = await chooseVariants({ fallback: everywhere('many'), time, now, budgetMs: 1000 });
    expect(chosen).toEqual({ ...everywhere('few'), convolution: 'shared', filterGradient: 'shared' });
  });

  test('stays with the usual one where the readings scatter by a tenth', async () => {
    const { now, time } = stopwatch((_, variant) => (variant === 'few' ? 9 : 10));
    expect(await chooseVariants({ fallback: everywhere('many'), time, now, budgetMs: 1000 })).toEqual(
      everywhere('many'),
    );
  });

  test('measures nothing more once its time is up', async () => {
    const { now, time, measured } = stopwatch((_, variant) => (variant === 'few' ? 40 : 80));
    const chosen = await chooseVariants({ fallback: everywhere('many'), time, now, budgetMs: 200 });
    expect(measured).toEqual(['convolution many', 'convolution few', 'convolution shared']);
    expect(chosen).toEqual({ ...everywhere('many'), convolution: 'few' });
  });

  test('an adapter that cannot be timed is asked once and gets the usual variants', async () => {
    const { now, time, measured } = stopwatch(() => undefined);
    expect(await chooseVariants({ fallback: everywhere('few'), time, now, budgetMs: 200 })).toEqual(everywhere('few'));
    expect(measured).toEqual(['convolution few']);
  });
});

describe('a remembered choice', () => {
  test('is read back as it was kept', async () => {
    const memory = shortMemory();
    await memory.keep('one adapter', { ...everywhere('few'), rowSum: 'many' });
    expect(readChoice(await memory.find('one adapter'), everywhere('few'))).toEqual({
      ...everywhere('few'),
      rowSum: 'many',
    });
    expect(readChoice(await memory.find('another'), everywhere('few'))).toBeUndefined();
  });

  test('of an older version falls back where it names nothing that exists', () => {
    const kept = { convolution: 'many', product: 'shared', somethingGone: 'few' };
    expect(readChoice(kept, everywhere('few'))).toEqual({ ...everywhere('few'), convolution: 'many' });
    expect(readChoice('many', everywhere('few'))).toBeUndefined();
    expect(Object.keys(readChoice({}, everywhere('many')) ?? {})).toEqual([...VARIED_KERNELS]);
  });
});
