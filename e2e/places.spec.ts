import { expect, type Page, test } from '@playwright/test';
import { Playground, TINY } from './playground.ts';

const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Screens' }).getByText(name);

test("the browser's Back leads to the tab before and leaves the settings as they are", async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await tab(page, 'Inspect').click();
  await expect(page).toHaveURL(/\?screen=inspect#v=3/);
  await page.reload();
  await expect(page.getByTestId('inspect-drop')).toBeVisible();
  await tab(page, 'Train').click();
  await page.locator('[data-preset=gentle]').click();
  await expect(page).toHaveURL(/weightDecay=0.0005/);
  await page.goBack();
  await expect(page.getByTestId('inspect-drop')).toBeVisible();
  await expect(page).toHaveURL(/weightDecay=0.0005/);
  await page.goBack();
  await expect(playground.toggle).toBeVisible();
  await expect(page.locator('[data-preset=gentle]')).toBeChecked();
});

test('a pasted link is opened in place, and Back takes the settings from before it', async ({ page }) => {
  await Playground.open(page, { ...TINY, backend: 'wasm', filters: 16 });
  await expect(page.getByTestId('filter-tile')).toHaveCount(32);
  await page.goto('/#v=1&backend=wasm&filters=24');
  await expect(page.getByTestId('filter-tile')).toHaveCount(48);
  await page.goBack();
  await expect(page.getByTestId('filter-tile')).toHaveCount(32);
});

test("the run's keys do nothing where the run is out of sight", async ({ page }) => {
  const playground = await Playground.endless(page, { ...TINY, backend: 'wasm' });
  await expect(playground.toggle).toBeEnabled();
  // By key: a tab that was clicked has the focus, and Space presses it.
  await page.keyboard.press('3');
  await expect(page.getByTestId('inspect-drop')).toBeVisible();
  for (const key of ['Space', '.', 'c', 'a']) await page.keyboard.press(key);
  await page.keyboard.press('1');
  await expect(playground.toggle).toHaveAttribute('data-phase', 'ready');
  await expect(playground.craftSwitch).toBeChecked();
  await page.keyboard.press('Space');
  await playground.isRunning();
});
