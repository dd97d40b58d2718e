import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { everywhere } from '../kernels/variants.ts';
import { VariantCache } from './variant-cache.ts';

const CHOICE = { ...everywhere('many'), product: 'few' } as const;

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('VariantCache', () => {
  test('gives back in a later visit what was chosen for an adapter', async () => {
    await new VariantCache('a').keep('one adapter', CHOICE);
    expect(await new VariantCache('a').find('one adapter')).toEqual(CHOICE);
    expect(await new VariantCache('a').find('another')).toBeUndefined();
  });

  test('does not find what older kernels were measured to do, and replaces it', async () => {
    await new VariantCache('a').keep('one adapter', CHOICE);
    expect(await new VariantCache('b').find('one adapter')).toBeUndefined();
    await new VariantCache('b').keep('one adapter', everywhere('few'));
    expect(await new VariantCache('b').find('one adapter')).toEqual(everywhere('few'));
  });

  test('a browser that refuses storage is one that remembers nothing', async () => {
    vi.stubGlobal('indexedDB', { open: () => expect.fail('refused') });
    await new VariantCache('a').keep('one adapter', CHOICE);
    expect(await new VariantCache('a').find('one adapter')).toBeUndefined();
  });
});
