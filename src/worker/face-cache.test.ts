import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaceSet } from '../faces/face-set.ts';
import { FaceCache } from './face-cache.ts';

const SIZE = 8;

/** A set of `count` grey photos: 196 bytes a photo with its label. */
function greySet(count: number, grey: number): FaceSet {
  return {
    images: new Uint8Array(count * SIZE * SIZE * 3).fill(grey),
    labels: Int32Array.from({ length: count }, (_, index) => index),
    identities: Array.from({ length: count }, (_, index) => `Person ${index}`),
    size: SIZE,
    region: 'tight',
    source: { kind: 'synthetic', seed: 1, variation: 'lfw' },
  };
}

let time = 0;
const now = () => ++time;

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('FaceCache', () => {
  it('gives back a kept set in a later visit, byte for byte', async () => {
    const faces = greySet(3, 90);
    await new FaceCache({ version: 'a' }).keep('one', faces);
    expect(await new FaceCache({ version: 'a' }).find('one')).toEqual(faces);
    expect(await new FaceCache({ version: 'a' }).find('two')).toBeUndefined();
  });

  it('removes the set used longest ago when a new one does not fit', async () => {
    const cache = new FaceCache({ version: 'a', limit: 2 * 196, now });
    await cache.keep('first', greySet(1, 1));
    await cache.keep('second', greySet(1, 2));
    await cache.find('first');
    await cache.keep('third', greySet(1, 3));
    expect(await cache.find('second')).toBeUndefined();
    expect(await cache.find('first')).toBeDefined();
    expect(await cache.find('third')).toBeDefined();
  });

  it('keeps no set larger than its limit, and removes nothing for it', async () => {
    const cache = new FaceCache({ version: 'a', limit: 2 * 196, now });
    await cache.keep('small', greySet(1, 1));
    await cache.keep('large', greySet(3, 2));
    expect(await cache.find('large')).toBeUndefined();
    expect(await cache.find('small')).toBeDefined();
  });

  it('replaces a set under the same key without counting it twice', async () => {
    const cache = new FaceCache({ version: 'a', limit: 2 * 196, now });
    await cache.keep('other', greySet(1, 1));
    await cache.keep('same', greySet(1, 2));
    await cache.keep('same', greySet(1, 3));
    expect((await cache.find('same'))?.images[0]).toBe(3);
    expect(await cache.find('other')).toBeDefined();
  });

  it('does not give a set drawn by another version of the code, and removes it', async () => {
    await new FaceCache({ version: 'old' }).keep('one', greySet(1, 1));
    const cache = new FaceCache({ version: 'new' });
    expect(await cache.find('one')).toBeUndefined();
    await cache.keep('two', greySet(1, 2));
    expect(await new FaceCache({ version: 'old' }).find('one')).toBeUndefined();
  });

  it('finds and keeps nothing where storage is refused', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('Storage is off.', 'SecurityError');
      },
    });
    const cache = new FaceCache({ version: 'a' });
    await expect(cache.keep('one', greySet(1, 1))).resolves.toBeUndefined();
    await expect(cache.find('one')).resolves.toBeUndefined();
  });

  it('a full storage keeps its faces and lets the run continue', async () => {
    const cache = new FaceCache({ version: 'a' });
    await cache.keep('one', greySet(1, 1));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('No room.', 'QuotaExceededError');
    });
    await expect(cache.keep('two', greySet(1, 2))).resolves.toBeUndefined();
    put.mockRestore();
    expect(await cache.find('one')).toBeDefined();
    expect(await cache.find('two')).toBeUndefined();
  });
});
