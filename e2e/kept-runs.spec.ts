import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { killBrowser, test } from './own-browser.ts';
import { closeDialog, HALF_DIE, Playground, SELDOM_SEEN, TINY } from './playground.ts';

const RUN = { ...TINY, ...HALF_DIE, backend: 'wasm' };

/** Does not come to its end while a test looks, and is kept every second. */
const LONG = { ...RUN, ...SELDOM_SEEN, steps: 100_000, checkpointEvery: 1 };

const notKept = (page: Page) => page.locator('[data-notice="run-not-kept"]');

/** Starts a run, and waits until another page of the browser finds it kept in mid-run. */
async function trainsUntilKept(context: BrowserContext, page: Page): Promise<void> {
  const playground = await Playground.open(page, LONG);
  await playground.toggle.click();
  const beside = await context.newPage();
  const finds = await Playground.open(beside, RUN);
  await expect(async () => {
    await finds.openRuns();
    const found = await finds.pastRuns.allInnerTexts();
    await closeDialog(beside);
    expect(found.join()).toMatch(/step [1-9]\S* of 100/);
  }).toPass();
  await beside.close();
  await expect(playground.toggle).toHaveAttribute('data-phase', 'running');
}

const numberIn = async (text: Locator) => Number((await text.innerText()).replaceAll(/\D/g, ''));

/** Opens the page anew, takes the offer to resume, and sees the run train on from its kept checkpoint. */
async function resumes(page: Page): Promise<void> {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  const offer = page.getByTestId('resume-run');
  await expect(offer).toHaveText(/^Resume from/);
  const kept = await numberIn(offer);
  expect(kept).toBeGreaterThan(0);
  await offer.click();
  await playground.reachesStep(kept + 10);
  await expect(playground.toggle).toHaveAttribute('data-phase', 'running');
  await expect(playground.progress).toHaveAttribute('aria-valuemax', '100000');
  await expect(page.getByTestId('seam')).toHaveCount(1);
  expect(await numberIn(page.getByTestId('seam').getByText(/^Step/))).toBe(kept);
}

test('a reloaded page offers to resume the unfinished run, and another tab leaves it alone', async ({
  page,
  context,
}) => {
  const playground = await Playground.open(page, { ...RUN, steps: 30 });
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
  await trainsUntilKept(context, page);
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  // It does not live to answer.
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  await resumes(await context.newPage());
});

test('a browser that is killed in mid-run: started again, it offers to resume, and the run resumes', async ({
  launch,
}, testInfo) => {
  const folder = testInfo.outputPath('profile');
  const first = await launch(folder);
  await trainsUntilKept(first, await first.newPage());
  await killBrowser(first);
  const second = await launch(folder);
  await resumes(await second.newPage());
});

test('a full storage is reported once, and training continues', async ({ page }) => {
  const playground = await Playground.open(page, RUN);
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
  // What Playwright puts in the place of service workers answers as no browser does.
  const context = await launch(folder, { serviceWorkers: 'allow' });
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const page = await context.newPage();
  const playground = await Playground.open(page, RUN);
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
