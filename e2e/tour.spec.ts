import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expectFitsPhone, PHONE } from './phone.ts';
import { Playground, TINY } from './playground.ts';

const offer = (page: Page) => page.getByTestId('tour-offer');
const bubble = (page: Page) => page.getByTestId('tour');
const button = (page: Page, name: string) => bubble(page).getByRole('button', { name, exact: true });

/** Whether the bubble lies inside the window. */
async function expectInside(page: Page): Promise<void> {
  const box = await bubble(page).boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) throw new Error('The bubble is not shown.');
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(size.width);
  expect(box.y + box.height).toBeLessThanOrEqual(size.height);
}

for (const [where, size] of [
  ['a wide page', { width: 1440, height: 900 }],
  ['a phone', PHONE],
] as const) {
  test(`five stops on ${where}, offered at the first visit and not again`, async ({ page }) => {
    await page.setViewportSize(size);
    await Playground.open(page, { ...TINY, backend: 'wasm' });
    await offer(page).click();
    for (let stop = 1; stop <= 5; stop++) {
      await expect(bubble(page)).toContainText(`${stop} of 5`);
      await expectInside(page);
      if (size === PHONE) await expectFitsPhone(page, `tour, stop ${stop}`);
      await button(page, stop < 5 ? 'Next' : 'Done').click();
    }
    await expect(bubble(page)).toHaveCount(0);
    await expect(offer(page)).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Watch filters die' })).toBeVisible();
    await expect(offer(page)).toHaveCount(0);
  });
}

test('by keyboard: the focus stays in the bubble, Esc ends it and gives the focus back', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await expect(playground.toggle).toBeEnabled();
  await offer(page).press('Enter');
  await expect(button(page, 'Next')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(bubble(page)).toContainText('Hatched means inactive');
  // Every stop has a bubble of its own, which takes the focus once it is placed.
  await expect(button(page, 'Next')).toBeFocused();
  for (const name of ['Skip tour', 'Back', 'Next']) {
    await page.keyboard.press('Tab');
    await expect(button(page, name)).toBeFocused();
  }
  await expectAccessible(page);
  await button(page, 'Back').press('Enter');
  await expect(bubble(page)).toContainText('1 of 5');
  await page.keyboard.press('.');
  await page.keyboard.press('Escape');
  await expect(bubble(page)).toHaveCount(0);
  await expect(playground.toggle).toHaveAttribute('data-phase', 'ready');
});

test('is taken again from the help, from any tab, and skipped', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await page.keyboard.press('2');
  // A screen is loaded when it is first shown.
  await expect(page.getByRole('main').getByText('Nothing to verify yet')).toBeVisible();
  await page.keyboard.press('?');
  await page.getByTestId('help-dialog').getByRole('button', { name: 'Take the tour' }).click();
  await expect(bubble(page)).toContainText('1 of 5');
  await button(page, 'Skip tour').click();
  await expect(bubble(page)).toHaveCount(0);
  await expect(playground.toggle).toBeFocused();
});

test('is taken again from the menu of a phone; a run with one arm has a stop less', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await Playground.open(page, { ...TINY, backend: 'wasm', arms: 'standard' });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Take the tour' }).click();
  await expect(bubble(page)).toContainText('1 of 4');
  await button(page, 'Next').click();
  await button(page, 'Next').click();
  await expect(bubble(page)).toContainText('Fewer inactive');
});
