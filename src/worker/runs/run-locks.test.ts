import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RENEWAL, RunLeases } from './run-lease.ts';

/** The storage that all tabs of a browser share, and the tabs that hear of a change by another one. */
let storage = new Map<string, string>();
let tabs: Tab[] = [];

/** A tab: its page, and that page's reaction when it is left and when another one writes. */
class Tab {
  #listeners: (readonly [string, (event: unknown) => void])[] = [];

  constructor() {
    tabs.push(this);
  }

  /** Opens or reloads the page in this tab. */
  async open(): Promise<typeof import('./run-locks.ts')> {
    this.#listeners = [];
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => this.#listeners.push([type, listener]));
    vi.resetModules();
    return import('./run-locks.ts');
  }

  hears(type: string, event: unknown = {}): void {
    for (const [name, listener] of this.#listeners) if (name === type) listener(event);
  }

  /** Leaves the page, which ends before it released anything. */
  leave(): void {
    const database = indexedDB;
    vi.stubGlobal('indexedDB', undefined);
    this.hears('pagehide');
    vi.stubGlobal('indexedDB', database);
    for (const tab of tabs) if (tab !== this) tab.hears('storage', { key: [...storage.keys()][0] });
  }
}

const other = () => new RunLeases({ holder: 'another tab' });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  storage = new Map();
  tabs = [];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
  });
  // As over plain http.
  vi.stubGlobal('navigator', {});
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('runs of pages without locks', () => {
  it('belong to the page that holds them until it releases them', async () => {
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

  it('are free after a reload of their page, even where the browser ended it before it released them', async () => {
    const tab = new Tab();
    await (await tab.open()).holdRun('run');
    tab.leave();
    expect(await other().take('run')).toBe(false);
    const { releaseAfterReload, runsBusy } = await tab.open();
    await releaseAfterReload();
    expect([...(await runsBusy())]).toEqual([]);
    expect([...storage.values()]).toEqual(['']);
  });

  it('are free as soon as another tab hears that their page was left', async () => {
    const [tab, beside] = [new Tab(), new Tab()];
    await (await tab.open()).holdRun('run');
    const { holdRun, releaseAfterReload, runsBusy } = await beside.open();
    await releaseAfterReload();
    expect(await holdRun('run')).toBeUndefined();
    tab.leave();
    await vi.waitFor(async () => expect([...(await runsBusy())]).toEqual([]));
    expect(await holdRun('run')).toBeDefined();
  });

  it('may all be opened where the browser refuses storage', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const { holdRun, releaseAfterReload, runsBusy } = await new Tab().open();
    await releaseAfterReload();
    expect(await holdRun('run')).toBeDefined();
    expect([...(await runsBusy())]).toEqual([]);
  });
});
