import { afterEach, describe, expect, it, vi } from 'vitest';
import { filesAt } from './site-files.ts';

const PAGE = new URL('https://faces.example/playground/');

/** A site with these files; every other address is answered with the page. */
function site(files: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  const fetched = vi.fn(async (url: URL) => {
    const content = files[decodeURIComponent(url.pathname)];
    if (content === undefined)
      return new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } });
    return new Response(content, { headers: { 'content-type': 'application/octet-stream', ...headers } });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe('files at an address', () => {
  it('come from the page itself, with the files beside a .rec', async () => {
    site({ '/data/my train.rec': 'rec', '/data/my train.idx': 'idx', '/data/property': '3,112,112' });
    const { files } = await filesAt('/data/my%20train.rec', PAGE);
    expect(files?.map(({ path }) => path)).toEqual(['my train.rec', 'my train.idx', 'property']);
    expect(await files?.[1]?.file.text()).toBe('idx');
    site({ '/playground/lfw.bin': 'bin' });
    expect((await filesAt('lfw.bin', PAGE)).files?.map(({ path }) => path)).toEqual(['lfw.bin']);
  });

  it('of another site are not asked for', async () => {
    const fetched = site({});
    for (const address of ['https://elsewhere.example/lfw.bin', '//elsewhere.example/lfw.bin', 'data:,a', 'http://[']) {
      expect(await filesAt(address, PAGE)).toMatchObject({ failure: { code: 'url-unreachable' } });
    }
    expect(fetched).not.toHaveBeenCalled();
  });

  it('that are missing, too large or out of reach get a sentence', async () => {
    site({});
    expect((await filesAt('/none.bin', PAGE)).failure?.message).toBe('There is no file at /none.bin.');
    site({ '/huge.rec': 'x' }, { 'content-length': String(40 * 2 ** 30) });
    expect((await filesAt('/huge.rec', PAGE)).failure?.message).toBe('huge.rec is larger than 2 GB.');
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    expect((await filesAt('/a.bin', PAGE)).failure?.message).toBe('/a.bin could not be fetched: Failed to fetch.');
  });
});
