import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AdapterMemory } from './adapter-memory.ts';

const TIME = { ms: 12, whole: true };

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('AdapterMemory', () => {
  test('gives back in a later visit the time of a step', async () => {
    await new AdapterMemory('a').keep('one step', TIME);
    expect(await new AdapterMemory('a').find('one step')).toEqual(TIME);
    expect(await new AdapterMemory('a').find('another')).toBeUndefined();
  });

  test('does not find those of older kernels, and replaces them', async () => {
    await new AdapterMemory('a').keep('one step', TIME);
    expect(await new AdapterMemory('b').find('one step')).toBeUndefined();
    await new AdapterMemory('b').keep('one step', { ms: 8, whole: true });
    expect(await new AdapterMemory('b').find('one step')).toEqual({ ms: 8, whole: true });
  });

  test('a browser that refuses storage is one that remembers nothing', async () => {
    vi.stubGlobal('indexedDB', { open: () => expect.fail('refused') });
    await new AdapterMemory('a').keep('one step', TIME);
    expect(await new AdapterMemory('a').find('one step')).toBeUndefined();
  });
});
