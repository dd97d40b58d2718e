import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { killBrowser, test } from './own-browser.ts';
import { closeDialog, type EndlessRun, HALF_DIE, Playground, TINY } from './playground.ts';
import { WorkerGate } from './worker-gate.ts';

const RUN = { ...TINY, ...HALF_DIE, backend: 'wasm' };

const notKept = (page: Page) => page.locator('[data-notice="run-not-kept"]');

/** Starts a run that is kept in storage in its middle, and trains on; the step it is kept at, at least. */
async function trainsBeyondKept(page: Page): Promise<number> {
  const gate = await WorkerGate.install(page);
  const run = await Playground.endless(page, { ...RUN, checkpointEvery: 1 });
  await run.trains();
  await gate.reaches('runs', 'kept', 1);
  const paused = await run.pause();
  const kept = await gate.count('runs', 'kept');
  await run.trains();
  // The first may be of a checkpoint before the pause.
  await gate.reaches('runs', 'kept', kept + 2);
  return paused;
}

const numberIn = async (text: Locator) => Number((await text.innerText()).replaceAll(/\D/g, ''));

/** Opens the page anew, takes the offer to resume, and sees the run train on from its kept checkpoint. */
async function goesOn(page: Page, from: number): Promise<EndlessRun> {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  const offer = page.getByTestId('resume-run');
  await expect(offer).toHaveText(/^Resume from/);
  const kept = await numberIn(offer);
  expect(kept).toBeGreaterThanOrEqual(from);
  const run = await playground.takeOffer();
  await run.reachesStep(kept + 10);
  await run.isRunning();
  await expect(page.getByTestId('seam')).toHaveCount(1);
  expect(await numberIn(page.getByTestId('seam').getByText(/^Step/))).toBe(kept);
  return run;
}

test('a reloaded page offers to resume the unfinished run, and another tab leaves it alone', async ({
  page,
  context,
}) => {
  const playground = await Playground.finite(page, { ...RUN, steps: 30 });
  await playground.stepTo(4);
  await page.getByRole('button', { name: 'Runs' }).click();
  await expect(page.getByTestId('runs-list')).toContainText('step 4');
  const other = await context.newPage();
  const beside = await Playground.open(other, { ...TINY, backend: 'wasm' });
  await beside.openRuns();
  await expect(beside.pastRuns).toContainText('Open in another tab');
  await expect(other.getByTestId('resume-run')).toHaveCount(0);
  await expect(beside.pastRuns.getByRole('button', { name: /Open|Delete/ })).toHaveCount(0);
  await other.close();

  await page.reload();
  await expect(page.getByTestId('resume-run')).toHaveText('Resume from 4');
  await page.getByTestId('resume-run').click();
  await playground.finishes();
  expect(await playground.step()).toBe(30);
  await expect(page.getByTestId('seam')).toContainText('Step 4');
  await page.reload();
  await playground.openRuns();
  await expect(playground.pastRuns).toContainText('8 filters, 30 steps');
  await expect(page.getByTestId('resume-run')).toHaveCount(0);
});

test('a tab that crashes in mid-run: a new one offers to resume, and the run resumes from its kept checkpoint', async ({
  page,
  context,
}) => {
  const kept = await trainsBeyondKept(page);
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  // It does not live to answer.
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  await goesOn(await context.newPage(), kept);
});

test('a browser that is killed in mid-run: started again, it offers to resume, and the run resumes', async ({
  launch,
}, testInfo) => {
  const folder = testInfo.outputPath('profile');
  const first = await launch(folder);
  const kept = await trainsBeyondKept(await first.newPage());
  await killBrowser(first);
  const second = await launch(folder);
  await goesOn(await second.newPage(), kept);
});

test('a full storage is reported once, and training continues', async ({ page }) => {
  const playground = await Playground.finite(page, RUN);
  await expect(playground.badge).toContainText('WebAssembly');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1000 });
  await playground.stepTo(2);
  await expect(notKept(page)).toContainText('no room left');
  await notKept(page).getByRole('button', { name: 'Close' }).click();
  await playground.stepTo(3);
  await playground.trainsToEnd();
  await expect(notKept(page)).toHaveCount(0);
});

test('a browser that keeps nothing for any page: reported once, nothing throws, training and saving continue', async ({
  launch,
}, testInfo) => {
  const folder = testInfo.outputPath('profile');
  mkdirSync(join(folder, 'Default'), { recursive: true });
  // As a user has it who lets no page keep data.
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  // Playwright's substitute for service workers answers as no browser does.
  const context = await launch(folder, { serviceWorkers: 'allow' });
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const page = await context.newPage();
  const playground = await Playground.finite(page, RUN);
  await playground.stepTo(2);
  await expect(notKept(page)).toHaveCount(1);
  await expect(notKept(page)).toContainText('The browser refuses to keep runs.');
  await expect(notKept(page)).toContainText('Training continues, but a reload would lose it');
  await notKept(page).getByRole('button', { name: 'Past runs' }).click();
  await expect(page.getByRole('dialog')).toContainText('The browser gives no access to its storage');
  await expect(page.getByRole('dialog')).not.toContainText('kept here while it trains');
  await closeDialog(page);
  await notKept(page).getByRole('button', { name: 'Close' }).click();
  await playground.trainsToEnd();
  await page.getByTestId('export-run').click();
  const download = page.waitForEvent('download');
  await page.getByTestId('export-zip').click();
  expect((await download).suggestedFilename()).toBe('craft-run-step-40.zip');
  await expect(notKept(page)).toHaveCount(0);
  await page.reload();
  await expect(playground.toggle).toHaveAttribute('data-phase', 'ready');
  expect(errors).toEqual([]);
});
