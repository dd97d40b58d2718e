import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetOf } from '../../src/config/presets.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import type { WatchingFigures } from '../results.ts';
import { linkOf, openPlayground, reachesStep, stepOf } from './playground-page.ts';

interface Watched {
  readonly settings: Partial<RunConfig>;
  /** Measured from here on, for so long. */
  readonly fromStep: number;
  readonly seconds: number;
}

export const QUICK_LOOK: Watched = {
  settings: { ...presetOf('quick').settings, backend: 'wasm', identities: 64 },
  fromStep: 10,
  seconds: 20,
};

/** The residual network of InsightFace recipe, with steps short enough to see many checkpoints, one a second at most. */
export const RESIDUAL: Watched = {
  settings: {
    ...presetOf('insightface').settings,
    faces: 'synthetic',
    identities: 20,
    imagesPerIdentity: 6,
    batchSize: 2,
    checkpointEvery: 1,
    telemetryEvery: 1,
    backend: 'wasm',
  },
  fromStep: 2,
  seconds: 60,
};

/** Long tasks and frames of the page's main thread while a run trains. */
export async function measurePage({ settings, fromStep, seconds }: Watched): Promise<WatchingFigures<'page'>> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const { page, address, close } = await openPlayground(folder);
  try {
    await page.goto(linkOf(address, settings));
    await page.getByTestId('run-toggle').first().click();
    await reachesStep(page, fromStep);
    const before = await stepOf(page);
    const seen = await page.evaluate(async (duration) => {
      const longTasks: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longTasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
      const start = performance.now();
      let frames = 0;
      while (performance.now() - start < 1000 * duration) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames++;
      }
      observer.disconnect();
      return { longTasks, framesPerSecond: (1000 * frames) / (performance.now() - start) };
    }, seconds);
    return { seconds, steps: (await stepOf(page)) - before, load: loadavg()[0] ?? 0, ...seen };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
