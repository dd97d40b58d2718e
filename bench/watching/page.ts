import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetOf } from '../../src/config/presets.ts';
import type { WatchingResult } from '../results.ts';
import { linkOf, openPlayground, reachesStep, stepOf } from './playground-page.ts';

const SECONDS = 20;

/** Long tasks and frames of the page's main thread while Quick look trains on WebAssembly. */
export async function measurePage(): Promise<NonNullable<WatchingResult['page']>> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const { page, address, close } = await openPlayground(folder);
  try {
    await page.goto(linkOf(address, { ...presetOf('quick').settings, backend: 'wasm', identities: 64 }));
    await page.getByTestId('run-toggle').first().click();
    await reachesStep(page, 10);
    const before = await stepOf(page);
    const seen = await page.evaluate(async (seconds) => {
      const longTasks: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longTasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
      const start = performance.now();
      let frames = 0;
      while (performance.now() - start < 1000 * seconds) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames++;
      }
      observer.disconnect();
      return { longTasks, framesPerSecond: (1000 * frames) / (performance.now() - start) };
    }, SECONDS);
    return { seconds: SECONDS, steps: (await stepOf(page)) - before, load: loadavg()[0] ?? 0, ...seen };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
