import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { median } from '../../src/config/average.ts';
import type { WatchingFigures } from '../results.ts';
import { linkOf, openPlayground, reachesStep } from './playground-page.ts';

const VISITS = 5;

/** Small with fewer steps: a slow computer is asked before a run of ten minutes, and nobody answers here. */
const SETTINGS = { backend: 'wasm', telemetryEvery: 1, steps: 1000 } as const;

/** From opening the built page to its first finished step; Train is pressed as soon as it can be. */
export async function measureStart(): Promise<WatchingFigures<'start'>> {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  const { page, address, close } = await openPlayground(folder);
  const visit = async (kind: string) => {
    await page.goto('about:blank');
    const start = performance.now();
    // Small is the default; one step is enough to see its time, so telemetry reports each.
    await page.goto(linkOf(address, SETTINGS));
    await page.getByTestId('run-toggle').first().click();
    await reachesStep(page, 1);
    const ms = performance.now() - start;
    console.log(`${kind}: first step after ${(ms / 1000).toFixed(1)} s`);
    return ms;
  };
  try {
    // Once for the browser's http cache, before its storage is cleared.
    await visit('files are fetched');
    const cold: number[] = [];
    for (let index = 0; index < VISITS; index++) {
      await page.goto('about:blank');
      await forgetFaces(page, address);
      cold.push(await visit('first visit'));
    }
    // Faces are written to storage once all are drawn; a visit that ends before draws them again.
    await keepsFaces(page);
    const warmMs: number[] = [];
    for (let index = 0; index < VISITS; index++) warmMs.push(await visit('later visit'));
    return { preset: 'small', coldMs: median(cold), warmMs, load: loadavg()[0] ?? 0 };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the page has kept the faces it draws. */
async function keepsFaces(page: Page): Promise<void> {
  await page.waitForFunction(
    async () => {
      // To open one that is not there would make it.
      if (!(await indexedDB.databases()).some(({ name }) => name === 'craft-faces')) return false;
      return new Promise<boolean>((resolve) => {
        const asked = indexedDB.open('craft-faces');
        asked.onerror = () => resolve(false);
        asked.onsuccess = () => {
          const database = asked.result;
          const counted = database.transaction('entries').objectStore('entries').count();
          counted.onsuccess = () => {
            database.close();
            resolve(counted.result > 0);
          };
        };
      });
    },
    undefined,
    { timeout: 300_000, polling: 1000 },
  );
}

/** Empties the databases of the page, as on a first visit; its files stay in the browser's http cache. */
async function forgetFaces(page: Page, address: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(address).origin, storageTypes: 'indexeddb' });
  await session.detach();
}
