import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessibleInBothThemes } from './accessibility.ts';
import { asOnPhone, expectFitsPhone } from './phone.ts';
import { closeDialog, FiniteRun, type FiniteSettings, Playground, TINY } from './playground.ts';

/** The weaker filters of any first layer count as inactive and are brought back every 4 steps. */
const BUSY = {
  ...TINY,
  criterion: 'relativeNorm',
  rho: 0.75,
  checkEvery: 10,
  stopAt: 100,
  verifyEvery: 10,
} satisfies FiniteSettings;

/** A finished run of 40 steps on the processor. */
async function finishedRun(page: Page, settings: FiniteSettings = {}): Promise<FiniteRun> {
  const run = await Playground.finite(page, { ...BUSY, backend: 'wasm', ...settings });
  await run.trainsToEnd();
  return run;
}

/** Moves the pointer to a place of an element, in shares of its width and height. */
async function pointTo(page: Page, element: Locator, x: number, y: number): Promise<void> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('The element is not shown.');
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
}

const labels = (tiles: Locator) => tiles.evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label')));
const picture = (tile: Locator) => tile.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const values = (page: Page) =>
  Promise.all(['inactiveShare', 'verification', 'loss'].map((name) => page.getByTestId(`${name}-craft`).innerText()));

test('one crosshair goes through heatmaps and charts; a click pins its step and the walls show it', async ({
  page,
}) => {
  const playground = await finishedRun(page);
  const slider = page.getByTestId('pin-step');
  const heading = page.getByRole('heading', { name: /^First layer/ });
  const now = { values: await values(page), tiles: await labels(playground.tiles('craft')) };
  const tile = playground.tiles('craft').first();
  const drawnNow = await picture(tile);

  await test.step('the pointer in a heatmap moves the charts', async () => {
    await pointTo(page, page.getByTestId('heatmap-standard'), 0.45, 0.5);
    await expect(slider).toHaveAttribute('aria-valuenow', '18');
    const there = await values(page);
    expect(there).toEqual([
      expect.stringMatching(/\d\s%/),
      expect.stringMatching(/\d\s%/),
      expect.stringMatching(/\d\.\d\d/),
    ]);
    expect(there).not.toEqual(now.values);
    await expect(heading).toHaveText('First layer now');
  });
  await test.step('a click pins the event next to it, and the walls go there', async () => {
    await page.getByTestId('heatmap-standard').click({ position: { x: 2, y: 60 } });
    await expect(heading).toHaveText('First layer at step 0');
    expect(await labels(playground.tiles('craft'))).not.toEqual(now.tiles);
    expect(await picture(tile)).not.toBe(drawnNow);
    await pointTo(page, slider, 0.5, 0.2);
    const under = Number(await slider.getAttribute('aria-valuenow'));
    expect(under).toBeGreaterThan(15);
    await slider.click({ position: { x: 48 + 0.4 * ((await slider.boundingBox())?.width ?? 0) * 0.8, y: 40 } });
    await expect(heading).toHaveText(/First layer at step \d\d/);
  });
  await test.step('Back to now', async () => {
    await page.getByTestId('back-to-now').click();
    await expect(heading).toHaveText('First layer now');
    expect(await labels(playground.tiles('craft'))).toEqual(now.tiles);
  });
  await test.step('a pinned event tints its row, Escape lets go', async () => {
    await page.keyboard.press('[');
    const pinned = page.locator('[data-testid=event-row][aria-pressed=true]');
    await expect(pinned).toHaveCount(1);
    const step = /Step (\d+)/.exec(await pinned.innerText())?.[1];
    await expect(heading).toHaveText(`First layer at step ${step}`);
    await page.keyboard.press('Escape');
    await expect(heading).toHaveText('First layer now');
    await expect(pinned).toHaveCount(0);
  });
  await test.step('from the keyboard', async () => {
    await slider.focus();
    await slider.press('Home');
    await expect(slider).toHaveAttribute(
      'aria-valuetext',
      /^Step 0\. Standard: inactive \d+\s%.* CRAFT: inactive \d+\s%/,
    );
    await slider.press('ArrowRight');
    await slider.press('ArrowRight');
    await slider.press('Enter');
    await expect(heading).toHaveText('First layer at step 2');
    await slider.press('Escape');
    await expect(heading).toHaveText('First layer now');
  });
  await test.step('a new run has nothing pinned', async () => {
    await slider.press('Enter');
    await expect(heading).toHaveText('First layer at step 40');
    await playground.reset.click();
    await expect(heading).toHaveText('First layer now');
  });
});

test('the walls show the response of each filter to a face, and a card has the life of a filter', async ({ page }) => {
  const playground = await finishedRun(page);
  const tile = playground.tiles('craft').first();
  const row = page.getByTestId('event-row').first();
  await page.getByTestId('wall-view').getByText('Responses').click();
  await expect(page.getByTestId('response-tile')).toHaveCount(16);
  const first = await picture(tile);

  await test.step('another face, and one that nobody trains on', async () => {
    const faces = page.getByTestId('face-picker').getByRole('option');
    await faces.nth(1).click();
    await expect.poll(() => picture(tile)).not.toBe(first);
    const second = await picture(tile);
    await page.getByTestId('face-picker').getByText('Held-out').click();
    await expect(faces.first()).toHaveAccessibleName(/Held-out person \d/);
    await expect.poll(() => picture(tile)).not.toBe(second);
    await page.getByTestId('face-picker').getByText('Drawn').click();
    await expect.poll(() => picture(tile)).toBe(first);
  });
  await test.step('at a pinned step', async () => {
    await page.keyboard.press('[');
    await expect.poll(() => picture(tile)).not.toBe(first);
    await page.keyboard.press('Escape');
    await expect.poll(() => picture(tile)).toBe(first);
  });
  await test.step('before and after a re-activation', async () => {
    await expect(row.getByTestId('event-response')).not.toHaveCount(0);
    const filter = /#(\d+)/.exec(await row.innerText())?.[1];
    await playground.wall('craft').locator(`[data-filter="${filter}"]`).focus();
    const card = page.getByTestId('filter-card');
    await expect(card).toContainText(/Nearest in Standard: filter \d/);
    await expect(card).toContainText(/re-activated at \d+/);
    await expect(card.getByTestId('card-response')).toHaveCount(3);
    await expect(card.getByTestId('kernel-parts')).toHaveText('σRGB');
    await expect(card).toBeInViewport({ ratio: 1 });
    await expectAccessibleInBothThemes(page);
  });
  await test.step('on a phone', async () => {
    await asOnPhone(page);
    await expectFitsPhone(page, 'responses');
  });
});

test('a filter under the pointer is marked in walls, heatmaps and events', async ({ page }) => {
  const playground = await finishedRun(page);
  const framed = playground.wall('craft').locator('[data-framed]');
  const rows = page.getByTestId('event-row');
  const concerned = page.locator('[data-testid=event-row][data-concerned]');
  const heatmap = page.getByTestId('heatmap-craft');

  await test.step('an event', async () => {
    await rows.first().hover();
    const text = await rows.first().innerText();
    const filters = [...text.matchAll(/#(\d+)/g)].map((match) => match[1]);
    expect(filters.length).toBeGreaterThan(0);
    // Of many filters a row names the first: "#0 #1 #2 #4 #5 +1".
    const others = Number(/\+(\d+)/.exec(text)?.[1] ?? 0);
    await expect(framed).toHaveCount(filters.length + others);
    await expect(heatmap).toHaveAttribute('data-framed', new RegExp(`^${filters.join(' ')}( \\d+){${others}}$`));
    await expect(concerned).toHaveCount(1);
    await expect(playground.wall('standard').locator('[data-framed]')).toHaveCount(0);
  });
  await test.step('a tile', async () => {
    const text = await rows.first().innerText();
    const filter = /#(\d+)/.exec(text)?.[1];
    await playground.wall('craft').locator(`[data-filter="${filter}"]`).hover();
    await expect(heatmap).toHaveAttribute('data-framed', filter ?? '');
    await expect(rows.first()).toHaveAttribute('data-concerned', 'true');
    await expect(page.getByTestId('heatmap-readout-craft')).toContainText(`Filter ${filter}`);
  });
  await test.step("a heatmap's row", async () => {
    await pointTo(page, heatmap, 0.5, 0.01);
    await expect(framed).toHaveCount(1);
    await expect(framed).toHaveAttribute('aria-label', /rank 1 of 8$/);
    await page.mouse.move(5, 5);
    await expect(framed).toHaveCount(0);
    await expect(heatmap).toHaveAttribute('data-framed', '');
  });
  await test.step('rows and tiles are sorted by number or by norm', async () => {
    await page.getByTestId('rows-order').getByText('Number').click();
    await pointTo(page, heatmap, 0.5, 0.01);
    await expect(framed).toHaveAttribute('data-filter', '0');
    await expect(playground.tiles('craft').first()).toHaveAttribute('data-filter', '0');
    await page.getByTestId('tiles-order').getByText('Norm').click();
    for (const place of [0, 7]) {
      await expect(playground.tiles('craft').nth(place)).toHaveAttribute(
        'aria-label',
        new RegExp(`rank ${place + 1} of 8$`),
      );
    }
    await playground.tiles('craft').first().focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.locator(':focus')).toHaveAttribute('aria-label', /rank 2 of 8$/);
  });
  await test.step('shared brightness dims the faint', async () => {
    const faintest = playground.tiles('craft').last();
    const own = await picture(faintest);
    await page.getByText('Shared').click();
    await expect.poll(() => picture(faintest)).not.toBe(own);
  });
});

test('every picture can be read as a table', async ({ page }) => {
  await finishedRun(page);
  const buttons = page.getByRole('button', { name: 'Show as table' });
  await expect(buttons).toHaveCount(5);
  const loss = page.getByRole('button', { name: 'Show as table: Loss' });
  await loss.focus();
  await loss.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Loss' });
  await expect(dialog.getByRole('columnheader')).toHaveText(['Step', 'Standard', 'CRAFT']);
  await expect(dialog.getByRole('row').last()).toHaveText(/^40\d/);
  await closeDialog(page);
  await expect(loss).toBeFocused();
  const craft = page.getByRole('button', { name: 'Show as table: Filters now, CRAFT' });
  await craft.focus();
  await craft.press('Enter');
  await expect(page.getByRole('dialog').getByRole('row')).toHaveCount(9);
});

test('on WebGPU a pinned step shows the filters of that step', async ({ page }) => {
  const playground = await Playground.finite(page, { ...BUSY, verifyEvery: 0, steps: 12, backend: 'webgpu' });
  await playground.trainsToEnd();
  await expect(playground.badge).toHaveAttribute('data-backend', 'webgpu');
  const now = await picture(playground.tiles('standard').first());
  await page.getByTestId('heatmap-standard').click({ position: { x: 1, y: 40 } });
  await expect(page.getByRole('heading', { name: 'First layer at step 0' })).toBeVisible();
  expect(await picture(playground.tiles('standard').first())).not.toBe(now);
});

test('the outcome of re-activations: survivors, novelty, and the control that novelty needs', async ({ page }) => {
  const playground = await finishedRun(page, { steps: 20, verifyEvery: 0 });
  const hash = new URL(page.url()).hash;
  await page.getByTestId('outcome-toggle').click();
  await expect(page.getByTestId('survival-next')).toHaveText(/^\d+\s%$/);
  await expect(page.getByTestId('survival-end')).toHaveText(/^\d+\s%$/);
  await expect(page.getByTestId('reactivations-per-filter')).toContainText(/re-activated once|\(\d+ times\)/);
  await expect(page.getByTestId('median-craft')).toHaveText(/^\d+\s%$/);
  await expect(page.getByTestId('novelty-control')).toContainText('Without a control this figure means nothing');

  await test.step('the control trains another seed and leaves figures and settings', async () => {
    await page.getByTestId('train-control').click();
    await expect(playground.wall('craft')).toHaveCount(0);
    await playground.finishes();
    await expect(page.getByTestId('outcome')).toContainText('Control: Standard, seed 1, against Standard, seed 2');
    await expect(page.getByTestId('median-craft')).toHaveText(/^[1-9]\d*\s%$/);
    await expect(page.getByTestId('novelty-control')).toContainText(/n = 1.*no more than a hint/);
    await expect(page.getByTestId('median-control')).toHaveText(/^[1-9]\d*\s%$/);
    expect(new URL(page.url()).hash).toBe(hash);
  });
});

test('a shared link brings its theme and its pinned step along', async ({ page, browser }) => {
  const run = await Playground.finite(page, { ...BUSY, backend: 'wasm' });
  await run.stepTo(5);
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // The last re-activation, at the check of step 4.
  await page.keyboard.press('[');
  const pinned = page.getByRole('heading', { name: 'First layer at step 4' });
  await expect(pinned).toBeVisible();
  await page.keyboard.press('s');
  await page.getByLabel('With the dark theme').check();
  await page.getByLabel('Pinned to step 4').check();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toContain('&theme=dark&step=4');

  const elsewhere = await browser.newPage();
  await elsewhere.goto(link);
  await expect(elsewhere.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(elsewhere.getByRole('heading', { name: 'First layer now' })).toBeVisible();
  await new FiniteRun(elsewhere).stepTo(5);
  await expect(elsewhere.getByRole('heading', { name: 'First layer at step 4' })).toBeVisible();
  await elsewhere.close();
});
