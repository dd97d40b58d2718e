import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { linkOf, listens, TINY } from './playground.ts';

/** Two seeds of Standard and one condition: four runs. */
const PLAN = new URLSearchParams([
  ['screen', 'study'],
  ['seeds', '1-2'],
  ['condition', 'blend'],
]);

async function openStudy(page: Page, steps: number): Promise<void> {
  // One run at a time on a machine of any size.
  await page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 2 }));
  await page.goto(`/?${PLAN}#${linkOf({ ...TINY, backend: 'wasm', telemetryEvery: 1, steps })}`);
  await listens(page);
}

const rows = (page: Page, state: string) => page.locator(`[data-testid=study-row][data-state=${state}]`);
const toggle = (page: Page) => page.getByTestId('study-toggle');

test('a study is paused, outlives a reload, and trains only the remaining cells', async ({ page }) => {
  // No run of a million steps ends while the test looks at it.
  await openStudy(page, 1_000_000);
  await page.getByTestId('study-start').click();
  await expect(rows(page, 'running')).toHaveCount(1);
  await expect(toggle(page)).toHaveText('Pause');
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute('data-phase', 'resting');
  await test.step('a skipped run is failed by name, and the next one takes its place', async () => {
    await toggle(page).click();
    await page.getByTestId('study-skip').click();
    await expect(rows(page, 'failed')).toHaveCount(1);
    await expect(rows(page, 'failed')).toContainText('Skipped.');
    await expect(rows(page, 'running')).toContainText('Blend');
    await toggle(page).click();
    await expect(toggle(page)).toHaveAttribute('data-phase', 'resting');
  });
  await page.reload();
  await expect(toggle(page)).toHaveText('Resume');
  await expect(rows(page, 'failed')).toHaveCount(1);
  await expect(rows(page, 'queued')).toHaveCount(3);
  await toggle(page).click();
  await expect(rows(page, 'running')).toContainText('Blend');
  await expect(rows(page, 'failed')).toHaveCount(1);
});

test('a study to its end: verdict, a run opened in Train, export, and the file on an empty page', async ({
  page,
  context,
}) => {
  await openStudy(page, 6);
  await expect(page.getByTestId('study-runs')).toContainText('4 runs');
  await page.getByTestId('study-start').click();
  await expect(toggle(page)).toHaveAttribute('data-phase', 'finished');
  const progress = page.getByTestId('study-progress');
  await expect(progress).toHaveAttribute('aria-valuenow', '4');
  await expect(progress).toHaveAttribute('aria-valuemax', '4');
  await expect(rows(page, 'done')).toHaveCount(4);
  await expect(page.getByTestId('study-verdict')).toContainText('oo few seeds for a verdict on accuracy');
  const verdict = await page.getByTestId('study-verdict').textContent();

  const download = page.waitForEvent('download');
  await page.getByTestId('study-export').click();
  const path = await (await download).path();

  await test.step('a reload shows the same results, and trains nothing', async () => {
    await page.reload();
    await expect(toggle(page)).toHaveAttribute('data-phase', 'finished');
    await expect(page.getByTestId('study-verdict')).toHaveText(verdict ?? '');
  });

  await test.step('a row opens its run in Train, beside Standard of its seed', async () => {
    await page.getByRole('button', { name: 'Open seed 2, blend in Train' }).click();
    await expect(page.getByTestId('run-toggle')).toHaveAttribute('data-phase', 'finished');
    await expect(page.getByTestId('filter-wall-standard')).toBeVisible();
    await expect(page.getByTestId('filter-wall-craft')).toBeVisible();
  });

  await test.step('dropped on an empty page, the file is the study again', async () => {
    await page.getByRole('button', { name: 'Study' }).first().click();
    await page.getByTestId('study-reset').click();
    await page.getByTestId('study-discard').click();
    await expect(page.getByTestId('study-start')).toBeVisible();
    const zip = { name: 'study.zip', mimeType: 'application/zip', buffer: await readFile(path) };
    await page.getByTestId('study-drop').locator('input').setInputFiles(zip);
    await expect(rows(page, 'done')).toHaveCount(4);
    await expect(page.getByTestId('study-verdict')).toHaveText(verdict ?? '');
  });
  await context.close();
});
