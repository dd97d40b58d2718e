import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { RunConfig } from '../src/config/run-config.ts';
import { expectAccessible, setColorScheme } from './accessibility.ts';
import { killBrowser, test } from './own-browser.ts';
import { asOnPhone, expectFitsPhone } from './phone.ts';
import { closeDialog, HALF_DIE, Playground, TINY } from './playground.ts';

const RUN = { ...TINY, ...HALF_DIE, backend: 'wasm' };

/** Does not come to its end while a test looks, and is kept every second. */
const LONG = { ...RUN, steps: 100_000, checkpointEvery: 1 };

const rows = (page: Page) => page.getByTestId('kept-run');
const notKept = (page: Page) => page.locator('[data-notice="run-not-kept"]');

/** Opens the list of past runs by key. */
async function openRuns(page: Page): Promise<void> {
  // A key before the page listens is lost.
  await expect(new Playground(page).toggle).toBeEnabled();
  await page.keyboard.press('p');
  await expect(page.getByRole('dialog')).toBeVisible();
}

/** Starts a run, and waits until another page of the browser finds it kept in mid-run. */
async function trainsUntilKept(context: BrowserContext, page: Page): Promise<void> {
  const playground = await Playground.open(page, LONG);
  await playground.toggle.click();
  const beside = await context.newPage();
  await Playground.open(beside, RUN);
  await expect(async () => {
    await openRuns(beside);
    const found = await rows(beside).allInnerTexts();
    await closeDialog(beside);
    expect(found.join()).toMatch(/step [1-9]\S* of 100/);
  }).toPass();
  await beside.close();
  await expect(playground.toggle).toHaveAttribute('data-phase', 'running');
}

const numberIn = async (text: Locator) => Number((await text.innerText()).replaceAll(/\D/g, ''));

/** Opens the page anew, takes the offer to go on, and sees the run train on from where it was kept. */
async function goesOn(page: Page): Promise<void> {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  const offer = page.getByTestId('resume-run');
  await expect(offer).toHaveText(/^Go on from/);
  const kept = await numberIn(offer);
  expect(kept).toBeGreaterThan(0);
  await offer.click();
  await playground.reachesStep(kept + 10);
  await expect(playground.toggle).toHaveAttribute('data-phase', 'running');
  await expect(playground.progress).toHaveAttribute('aria-valuemax', '100000');
  await expect(page.getByTestId('seam')).toHaveCount(1);
  expect(await numberIn(page.getByTestId('seam').getByText(/^Step/))).toBe(kept);
}

test('a reloaded page offers to go on with the run that was under way, and another tab leaves it alone', async ({
  page,
  context,
}) => {
  const playground = await Playground.open(page, { ...RUN, steps: 30 });
  await playground.stepTo(4);
  await page.getByRole('button', { name: 'Runs' }).click();
  await expect(page.getByTestId('runs-list')).toContainText('step 4');
  const other = await context.newPage();
  await Playground.open(other, { ...TINY, backend: 'wasm' });
  await openRuns(other);
  await expect(rows(other)).toContainText('Open in another tab');
  await expect(other.getByTestId('resume-run')).toHaveCount(0);
  await expect(rows(other).getByRole('button', { name: /Open|Delete/ })).toHaveCount(0);
  await other.close();

  await page.reload();
  await expect(page.getByTestId('resume-run')).toHaveText('Go on from 4');
  await page.getByTestId('resume-run').click();
  await playground.finishes();
  expect(await playground.step()).toBe(30);
  await expect(page.getByTestId('seam')).toContainText('Step 4');
  await page.reload();
  await openRuns(page);
  await expect(rows(page)).toContainText('8 filters, 30 steps');
  await expect(page.getByTestId('resume-run')).toHaveCount(0);
});

test('a tab that crashes in mid-run: a new one offers to go on, and the run goes on from where it was kept', async ({
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
  await goesOn(await context.newPage());
});

test('a browser that is killed in mid-run: started again, it offers to go on, and the run goes on', async ({
  launch,
}, testInfo) => {
  const folder = testInfo.outputPath('profile');
  const first = await launch(folder);
  await trainsUntilKept(first, await first.newPage());
  await killBrowser(first);
  const second = await launch(folder);
  await goesOn(await second.newPage());
});

test('past runs are named, compared, taken as settings, opened and deleted; a name is only ever text', async ({
  page,
}) => {
  await (await Playground.open(page, RUN)).stepTo(2);
  await page.goto('about:blank');
  const playground = await Playground.open(page, { ...RUN, seed: 7, weightDecay: 0.002 });
  await playground.stepTo(3);
  await page.keyboard.press('p');
  const row = rows(page);
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Same as now, but weight decay 0.01 instead of 0.002; seed 1 instead of 7');

  const name = '<img src=x onerror="document.title=1">'.padEnd(120, 'x');
  await rename(row, name);
  await expect(row.locator('img')).toHaveCount(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await setColorScheme(page, colorScheme);
    await expectAccessible(page, '[role=dialog]');
  }

  await row.getByRole('button', { name: 'Compare with now' }).click();
  const compared = page.getByTestId('compared-runs');
  await expect(compared).toContainText('weight decay: 0.002 → 0.01');
  await expect(compared.getByRole('img', { name: /^Loss\. Now, Standard: .*; <img src=x/ })).toBeVisible();
  await compared.getByRole('button', { name: 'All runs' }).click();

  await row.getByRole('button', { name: 'Open' }).click();
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '2');
  // What is left is kept as well.
  await page.keyboard.press('p');
  await expect(row).toContainText('step 3 of 40');
  await row.getByRole('button', { name: 'Use these settings' }).click();
  await expect(page).toHaveURL(/seed=7/);
  await page.keyboard.press('p');
  await row.getByRole('button', { name: /^Delete/ }).click();
  await row.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(row).toHaveCount(0);
  await expect(page).toHaveTitle(/CRAFT Playground/);
});

async function rename(row: Locator, name: string): Promise<void> {
  await row.getByRole('button', { name: /^Rename/ }).click();
  await row.getByLabel('Name of the run').fill(name);
  await row.getByLabel('Name of the run').press('Enter');
  await expect(row.locator('b').first()).toHaveText(name);
}

const ARMS = { standard: 'Standard', craft: 'CRAFT' };
const FIGURES = { inactiveShare: 'Inactive filters', verification: 'Verification accuracy', loss: 'Loss' };

/** Trains a run to its end; its last figures as the page shows them, by the names that a comparison gives them. */
async function figuresOf(page: Page, settings: Partial<RunConfig>): Promise<ReadonlyMap<string, string>> {
  await page.goto('about:blank');
  await (await Playground.open(page, { ...RUN, ...settings })).trainsToEnd();
  const figures = new Map<string, string>();
  for (const [figure, label] of Object.entries(FIGURES)) {
    for (const [arm, named] of Object.entries(ARMS)) {
      figures.set(`${label}, ${named}`, (await page.getByTestId(`${figure}-${arm}`).innerText()).trim());
    }
  }
  return figures;
}

test('two past runs are compared with each other: names, last figures, settings in words, curves', async ({ page }) => {
  const first = await figuresOf(page, { steps: 12, verifyEvery: 6 });
  const second = await figuresOf(page, { steps: 10, verifyEvery: 5, seed: 7, weightDecay: 0.002 });
  // Neither is the run on the page.
  await page.goto('about:blank');
  await Playground.open(page, { ...RUN, filters: 16 });
  await openRuns(page);
  const longer = rows(page).filter({ hasText: '8 filters, 12 steps' });
  const shorter = rows(page).filter({ hasText: '8 filters, 10 steps' });
  await rename(longer, 'Strong decay');
  await rename(shorter, 'Weak decay');
  await longer.getByRole('button', { name: 'Compare with …' }).click();
  await expect(page.getByText('Choose the run to compare with “Strong decay”.')).toBeVisible();
  await shorter.getByRole('button', { name: 'Compare', exact: true }).click();

  const compared = page.getByTestId('compared-runs');
  await expect(compared.getByRole('columnheader')).toHaveText([
    'At the end',
    /^Strong decay\s*step 12$/,
    /^Weak decay\s*step 10$/,
  ]);
  for (const [label, figure] of first) {
    const cells = compared.getByRole('row').filter({ hasText: label }).getByRole('cell');
    await expect(cells).toHaveText([figure, second.get(label) ?? '']);
  }
  await expect(compared.getByRole('listitem')).toContainText([
    'weight decay: 0.01 → 0.002',
    'seed: 1 → 7',
    'Strong decay: filled end',
    'Weak decay: dotted, hollow end',
  ]);
  for (const title of ['Inactive filters', 'Loss']) {
    const told = (name: string, figures: ReadonlyMap<string, string>) =>
      Object.values(ARMS).map((arm) => `${name}, ${arm}: ${figures.get(`${title}, ${arm}`)}`);
    await expect(compared.getByRole('img', { name: new RegExp(`^${title}`) })).toHaveAttribute(
      'aria-label',
      `${title}. ${[...told('Strong decay', first), ...told('Weak decay', second)].join('; ')}.`,
    );
  }

  await asOnPhone(page);
  await expectFitsPhone(page, 'two runs compared');
  await compared.getByRole('button', { name: 'All runs' }).click();
  await shorter.getByRole('button', { name: /^Rename/ }).click();
  await expectFitsPhone(page, 'past runs, one being renamed');
  await shorter.getByRole('button', { name: 'Save' }).click();
  await longer.getByRole('button', { name: /^Delete/ }).click();
  await shorter.getByRole('button', { name: 'Compare with …' }).click();
  await expectFitsPhone(page, 'past runs, one about to be deleted, one waiting for another');
});

test('a storage that is full is said once, and training goes on', async ({ page }) => {
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

test('a browser that keeps nothing for any page: said once, nothing throws, training and saving go on', async ({
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
  await expect(notKept(page)).toContainText('Training goes on, but a reload would lose it');
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
