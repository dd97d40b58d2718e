import { expect, type Page, test } from '@playwright/test';
import { Playground, TINY } from './playground.ts';

const FATES = {
  ends: () => self.close(),
  hangs: () => {
    for (;;);
  },
} as const;

/** Waits until the run is kept at this step. The list of a page leaves its own run out, so that another page looks. */
async function isKeptAt(page: Page, step: number): Promise<void> {
  const beside = await Playground.open(await page.context().newPage(), TINY);
  await beside.openRuns();
  await expect(beside.pastRuns).toContainText(`step ${step}`);
  await beside.page.close();
}

for (const [fate, befall] of Object.entries(FATES)) {
  test(`a keeper of runs that ${fate}: said, training is not touched, and a fresh one keeps the run`, async ({
    page,
  }) => {
    const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await playground.stepTo(1);
    await isKeptAt(page, 1);
    const keeper = page.workers().find((worker) => worker.url().includes('runs.worker'));
    if (keeper === undefined) throw new Error('There is no keeper of runs.');
    // It never answers again.
    void keeper.evaluate(befall).catch(() => undefined);
    const fresh = page.waitForEvent('worker', (worker) => worker.url().includes('runs.worker'));
    await playground.stepTo(2);
    await expect(page.locator('[data-notice="run-not-kept"]')).toContainText('The keeper of runs stopped answering.');
    await playground.stepTo(3);
    await fresh;
    await isKeptAt(page, 3);
  });
}
