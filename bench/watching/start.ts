import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
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
    // Small is the default; one step is enough to see its time, so telemetry tells each.
    await page.goto(linkOf(address, { backend: 'wasm', telemetryEvery: 1 }));
    await page.getByTestId('run-toggle').first().click();
    await reachesStep(page, 1);
    return performance.now() - start;
  };
  try {
    const coldMs = await visit();
    // Faces are written to storage while the first steps train; a visit that ends before draws them again next time.
    await reachesStep(page, 20);
    const warmMs: number[] = [];
    for (let index = 0; index < VISITS; index++) warmMs.push(await visit());
    return { preset: 'small', coldMs, warmMs, load: loadavg()[0] ?? 0 };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
