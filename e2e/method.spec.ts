import { expect, type Page, test } from '@playwright/test';
import { CONFIG_KEYS } from '../src/config/run-config.ts';
import { PHONE } from './phone.ts';
import { Playground, TINY } from './playground.ts';

const SECTIONS = [
  'Why filters die',
  'CRAFT, step by step',
  'Present, or used',
  'Paper and playground',
  'Five strategies',
  'Measured here',
  'Controls, in one line each',
  'Related work and citation',
];

const contents = (page: Page) => page.getByRole('navigation', { name: 'On this page' });
const entry = (page: Page, setting: string) => page.locator(`[data-testid=glossary-entry][data-setting=${setting}]`);

async function openMethod(page: Page): Promise<void> {
  await page.goto('/?screen=method');
  await expect(page.getByTestId('method-page')).toBeVisible();
}

test('the contents lead to every section and mark the one being read', async ({ page }) => {
  await openMethod(page);
  await expect(page.getByRole('heading', { level: 3 })).toHaveText(SECTIONS);
  for (const title of [...SECTIONS].reverse()) {
    await contents(page).getByText(title).click();
    await expect(page.getByRole('heading', { name: title })).toBeInViewport();
    await expect(contents(page).locator('[aria-current]')).toHaveText(title);
  }
});

test('every strategy draws a new filter, and another one when asked', async ({ page }) => {
  await openMethod(page);
  const cards = page.getByTestId('strategy-card');
  await expect(cards).toHaveCount(5);
  const drawn = () =>
    cards.evaluateAll((all) => all.map((card) => [...card.querySelectorAll('canvas')].at(-1)?.toDataURL()));
  const first = await drawn();
  expect(new Set(first).size).toBe(5);
  await page.getByTestId('draw-again').click();
  await expect(async () => {
    const next = await drawn();
    expect(next.filter((picture, place) => picture === first[place])).toEqual([]);
  }).toPass();
  await expect(cards.filter({ hasText: 'Orthogonal' })).toContainText('closest strong filter 0.00');
});

test("a setting's help leads to its entry, and Back to the setting", async ({ page }) => {
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  await page.getByRole('button', { name: /^Recipe/ }).click();
  const help = page.getByRole('link', { name: 'About Weight decay' });
  await help.click();
  await expect(entry(page, 'weightDecay')).toBeFocused();
  await expect(entry(page, 'weightDecay')).toBeInViewport();
  await expect(page.getByTestId('glossary-entry')).toHaveCount(CONFIG_KEYS.length);
  await page.goBack();
  await expect(help).toBeFocused();
  await help.press('Enter');
  await page.getByRole('button', { name: 'Back to the setting' }).click();
  await expect(help).toBeFocused();
});

test('on a phone too, where the settings lie in a drawer', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: /^Network/ }).click();
  const help = page.getByRole('link', { name: 'About Embedding' });
  await help.click();
  await expect(entry(page, 'embeddingSize')).toBeFocused();
  await page.goBack();
  await expect(help).toBeFocused();
});

test('see it happen chooses a preset under which filters die', async ({ page }) => {
  await page.goto('/?screen=method#v=1&backend=wasm&weightDecay=0');
  await page.getByRole('button', { name: 'See it happen' }).click();
  await expect(page.getByTestId('run-toggle')).toBeVisible();
  await expect(page.locator('[data-preset=small]')).toBeChecked();
});

test('the citation is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openMethod(page);
  await page.getByTestId('copy-bibtex').click();
  await expect(page.getByTestId('copy-bibtex')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('@article{bhatta2023craft');
});
