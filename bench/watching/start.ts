import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { median } from '../../src/config/average.ts';
import type { WatchingResult } from '../results.ts';
import { linkOf, openPlayground, reachesStep } from './playground-page.ts';

const VISITS = 5;

/** From opening the built page to its first finished step; Train is pressed as soon as it can be. */
export async function measureStart(): Promise<NonNullable<WatchingResult['start']>> {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  const { page, address, close } = await openPlayground(folder);
  const visit = async () => {
    await page.goto('about:blank');
    const start = performance.now();
    // Small is the default; one step is enough to see its time, so telemetry reports each.
    await page.goto(linkOf(address, { backend: 'wasm', telemetryEvery: 1 }));
    await page.getByTestId('run-toggle').first().click();
    await reachesStep(page, 1);
    return performance.now() - start;
  };
  try {
    // Once for the browser's http cache, before its storage is cleared.
    await visit();
    const cold: number[] = [];
    for (let index = 0; index < VISITS; index++) {
      await page.goto('about:blank');
      await forgetFaces(page, address);
      cold.push(await visit());
    }
    // Faces are written to storage once all are drawn, in the first epoch; a visit that ends before draws them again.
    await reachesStep(page, 600);
    const warmMs: number[] = [];
    for (let index = 0; index < VISITS; index++) warmMs.push(await visit());
    return { preset: 'small', coldMs: median(cold), warmMs, load: loadavg()[0] ?? 0 };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Empties the databases of the page, as on a first visit; its files stay in the browser's http cache. */
async function forgetFaces(page: Page, address: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(address).origin, storageTypes: 'indexeddb' });
  await session.detach();
}
