import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RENEWAL, RunLeases } from './run-lease.ts';

/** A tab: its memory over a reload, and its reaction when it is left. */
class Tab {
  readonly remembered = new Map<string, string>();
  #listeners: (readonly [string, () => void])[] = [];

  /** Opens or reloads the page in this tab. */
  async open(): Promise<typeof import('./run-locks.ts')> {
    this.#listeners = [];
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => this.remembered.get(key) ?? null,
      setItem: (key: string, value: string) => this.remembered.set(key, value),
      removeItem: (key: string) => this.remembered.delete(key),
    });
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => this.#listeners.push([type, listener]));
    vi.resetModules();
    return import('./run-locks.ts');
  }

  leave(): void {
    for (const [type, listener] of this.#listeners) if (type === 'pagehide') listener();
  }
}

const other = () => new RunLeases({ holder: 'another tab' });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  // As over plain http.
  vi.stubGlobal('navigator', {});
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('runs of pages without locks', () => {
  it('belong to the page that holds them until it lets go', async () => {
    const { holdRun, runsBusy } = await new Tab().open();
    const release = await holdRun('run');
    expect(await other().take('run')).toBe(false);
    expect([...(await runsBusy())]).toEqual(['run']);
    release?.();
    await vi.waitFor(async () => expect(await other().take('run')).toBe(true));
    expect(await holdRun('run')).toBeUndefined();
  });

  it('stay with a page that renews, and one that slept hears that its run was taken', async () => {
    const { holdRun } = await new Tab().open();
    const lost = vi.fn();
    await holdRun('run', lost);
    for (let minute = 0; minute < 3; minute++) {
      const until = Date.now() + 60_000;
      await vi.advanceTimersByTimeAsync(60_000);
      await vi.waitFor(async () =>
        expect(await new RunLeases({ holder: '', now: () => until + 80_000 }).busy()).toContain('run'),
      );
    }
    expect(lost).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 100_000);
    expect(await other().take('run')).toBe(true);
    await vi.advanceTimersByTimeAsync(RENEWAL);
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce());
  });

  it('are free after a reload of their page, even where the browser ended it before it let go', async () => {
    const tab = new Tab();
    await (await tab.open()).holdRun('run');
    const name = [...tab.remembered];
    expect(name).toEqual([]);
    tab.leave();
    // What it let go of when it was left is not seen done.
    const [holder = ''] = tab.remembered.values();
    await new RunLeases({ holder }).take('run');
    const { releaseAfterReload, runsBusy } = await tab.open();
    await releaseAfterReload();
    expect([...(await runsBusy())]).toEqual([]);
  });

  it('may all be opened where the browser refuses storage', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const { holdRun, releaseAfterReload, runsBusy } = await new Tab().open();
    await releaseAfterReload();
    expect(await holdRun('run')).toBeDefined();
    expect([...(await runsBusy())]).toEqual([]);
  });
});
