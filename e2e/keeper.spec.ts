import { expect, test } from '@playwright/test';
import { Playground, TINY } from './playground.ts';

const FATES = {
  ends: () => self.close(),
  hangs: () => {
    for (;;);
  },
} as const;

for (const [fate, befall] of Object.entries(FATES)) {
  test(`a keeper of runs that ${fate}: said, training is not touched, and a fresh one keeps the run`, async ({
    page,
  }) => {
    const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await playground.stepTo(1);
    await playground.openRuns();
    await expect(playground.pastRuns).toContainText('step 1');
    await page.keyboard.press('Escape');
    const keeper = page.workers().find((worker) => worker.url().includes('runs.worker'));
    if (keeper === undefined) throw new Error('There is no keeper of runs.');
    // It never answers again.
    void keeper.evaluate(befall).catch(() => undefined);
    const fresh = page.waitForEvent('worker', (worker) => worker.url().includes('runs.worker'));
    await playground.stepTo(2);
    await expect(page.locator('[data-notice="run-not-kept"]')).toContainText('The keeper of runs stopped answering.');
    await playground.stepTo(3);
    await fresh;
    await playground.openRuns();
    await expect(playground.pastRuns).toContainText('step 3');
  });
}
