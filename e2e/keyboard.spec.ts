import { expect, test } from '@playwright/test';
import { dialogListens } from './playground.ts';
import { type ScriptedPage, serveScriptedPage } from './scripted-page.ts';

let scripted: ScriptedPage;
test.beforeAll(async () => {
  scripted = await serveScriptedPage();
});
test.afterAll(() => scripted.close());

/** The list of design and help dialog: the effect of each key. */
test('every key has the effect that the help names, and the help names every key', async ({ page }) => {
  const press = (key: string) => page.keyboard.press(key);
  const toggle = page.getByTestId('run-toggle');
  const progress = page.getByTestId('run-progress');
  const title = page.getByRole('heading', { name: /^First layer/ });
  const wall = page.getByTestId('filter-wall-craft');
  await scripted.open(page, 'running');

  await press('Space');
  await expect(toggle).toHaveText('Resume');
  await press('.');
  await expect(progress).toHaveAttribute('aria-valuenow', '1726');
  await press('Space');
  await expect(toggle).toHaveText('Pause');

  await press('[');
  await expect(title).toHaveText(/at step 1.440/);
  await press('[');
  await expect(title).toHaveText(/at step 1.320/);
  await press(']');
  await expect(title).toHaveText(/at step 1.440/);
  await press('Escape');
  await expect(title).toHaveText('First layer now');

  const tile = (filter: number) => wall.locator(`[data-filter="${filter}"]`);
  await tile(0).focus();
  await press('ArrowRight');
  await expect(tile(1)).toBeFocused();
  await press('ArrowDown');
  await expect(tile(9)).toBeFocused();
  await press('End');
  await expect(tile(31)).toBeFocused();
  await press('Home');
  await expect(tile(0)).toBeFocused();
  await press('Enter');
  await expect(tile(0)).toHaveAttribute('aria-selected', 'true');
  await press('Escape');
  await expect(tile(0)).toHaveAttribute('aria-selected', 'false');
  // Space means the run, also on a tile.
  await tile(0).focus();
  await press('Space');
  await expect(toggle).toHaveText('Resume');
  await press('Space');
  await expect(toggle).toHaveText('Pause');
  await tile(0).blur();

  const craft = page.getByTestId('craft-switch');
  await expect(craft).toBeChecked();
  await press('c');
  await expect(craft).not.toBeChecked();
  const arms = page.getByTestId('arms').getByRole('radio', { checked: true });
  await expect(arms).toHaveAttribute('value', 'both');
  await press('a');
  await expect(arms).toHaveAttribute('value', 'standard');
  const theme = page.locator('html');
  await press('t');
  await expect(theme).toHaveAttribute('data-mantine-color-scheme', 'dark');

  // In a field they are letters.
  await page.getByRole('button', { name: /^Recipe/ }).click();
  const margin = page.getByRole('spinbutton', { name: 'Margin' });
  await margin.focus();
  await press('t');
  await expect(theme).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await margin.blur();

  await press('s');
  const share = page.getByText('The link holds settings and seed.');
  await expect(share).toBeVisible();
  await dialogListens(page);
  await press('Escape');
  // Until it is closed, the link in it has the focus and keys are letters.
  await expect(share).toBeHidden();

  // Reset asks before it throws a long run away.
  const asks = page.getByRole('dialog', { name: 'End this run?' });
  await press('r');
  await expect(asks).toContainText('goes back to step 0');
  await dialogListens(page);
  await press('Escape');
  await expect(asks).toHaveCount(0);
  await expect(progress).not.toHaveAttribute('aria-valuenow', '0');
  await press('r');
  await asks.getByRole('button', { name: 'End and reset' }).click();
  await expect(progress).toHaveAttribute('aria-valuenow', '0');
  await expect(asks).toHaveCount(0);

  const tabs = page.getByRole('navigation', { name: 'Screens' }).getByRole('button');
  const count = await tabs.count();
  for (let tab = count; tab >= 1; tab--) {
    await press(String(tab));
    await expect(tabs.nth(tab - 1)).toHaveAttribute('aria-current', 'page');
  }

  await press('?');
  const help = page.getByTestId('help-dialog');
  await expect(help.locator('kbd').first()).toBeVisible();
  const named = await help.locator('kbd').allTextContents();
  expect(named).toEqual(
    expect.arrayContaining(['Space', '.', 'R', 'C', '1', String(count), 'A', 'T', 'S', '?', '[', ']', 'Enter', 'Esc']),
  );
  expect(named).toEqual(expect.arrayContaining(['←', '→', '↑', '↓', 'Home', 'End']));
});

test('Space runs a finished run again, wherever the focus was left', async ({ page }) => {
  await scripted.open(page, 'finished');
  const toggle = page.getByTestId('run-toggle');
  await expect(toggle).toHaveText('Run again');
  await page.getByTestId('filter-wall-craft').locator('[data-filter="0"]').focus();
  await page.keyboard.press('Space');
  await expect(toggle).toHaveText('Pause');
});
