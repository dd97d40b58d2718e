import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { everywhere } from '../kernels/variants.ts';
import { AdapterMemory, STEP_TIMES, VARIANTS } from './adapter-memory.ts';

const CHOICE = { ...everywhere('many'), product: 'few' } as const;

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('AdapterMemory', () => {
  test('gives back in a later visit the choice for an adapter', async () => {
    await new AdapterMemory(VARIANTS, 'a').keep('one adapter', CHOICE);
    expect(await new AdapterMemory(VARIANTS, 'a').find('one adapter')).toEqual(CHOICE);
    expect(await new AdapterMemory(VARIANTS, 'a').find('another')).toBeUndefined();
  });

  test('does not find the measurements of older kernels, and replaces them', async () => {
    await new AdapterMemory(VARIANTS, 'a').keep('one adapter', CHOICE);
    expect(await new AdapterMemory(VARIANTS, 'b').find('one adapter')).toBeUndefined();
    await new AdapterMemory(VARIANTS, 'b').keep('one adapter', everywhere('few'));
    expect(await new AdapterMemory(VARIANTS, 'b').find('one adapter')).toEqual(everywhere('few'));
  });

  test('a browser that refuses storage is one that remembers nothing', async () => {
    vi.stubGlobal('indexedDB', { open: () => expect.fail('refused') });
    await new AdapterMemory(VARIANTS, 'a').keep('one adapter', CHOICE);
    expect(await new AdapterMemory(VARIANTS, 'a').find('one adapter')).toBeUndefined();
  });

  test('keeps variants and step times apart', async () => {
    await new AdapterMemory(STEP_TIMES, 'a').keep('one adapter', 12);
    expect(await new AdapterMemory(VARIANTS, 'a').find('one adapter')).toBeUndefined();
    expect(await new AdapterMemory(STEP_TIMES, 'a').find('one adapter')).toBe(12);
  });
});
