import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectAccessibleInBothThemes } from './accessibility.ts';
import { expectFitsPhone, PHONE } from './phone.ts';
import { closeDialog, dialogListens, Playground, TINY } from './playground.ts';

/** A finished run with re-activations, so that every panel has something to show. */
const SHOWN = {
  ...TINY,
  criterion: 'relativeNorm',
  rho: 0.75,
  checkEvery: 10,
  stopAt: 100,
  steps: 20,
  backend: 'wasm',
};

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Screens' }).getByRole('button');

/** A finished run with nothing on the move: colours in the middle of a transition are nobody's. */
async function finishedRun(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await (await Playground.finite(page, SHOWN)).trainsToEnd();
}

/** Every tab there is, the first one last. */
async function goThroughTabs(page: Page, look: () => Promise<void>): Promise<void> {
  for (let place = (await tabs(page).count()) - 1; place >= 0; place--) {
    await tabs(page).nth(place).click();
    await expect(tabs(page).nth(place)).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('main')).toHaveCount(1);
    await expect(page.getByRole('main')).toBeVisible();
    await look();
  }
}

/** Opens each dialog, looks at it, and closes it. */
async function goThroughDialogs(page: Page, look: () => Promise<void>, open: readonly (() => Promise<void>)[]) {
  for (const opens of open) {
    await opens();
    await dialogListens(page);
    await look();
    await closeDialog(page);
  }
}

/** The dialogs that open by key. */
const byKey = (page: Page) => ['?', 's', 'p'].map((key) => () => page.keyboard.press(key));

test('axe finds no fault in any screen or dialog, in both themes', async ({ page }) => {
  const look = () => expectAccessibleInBothThemes(page);
  await finishedRun(page);
  await goThroughTabs(page, look);
  await page.getByTestId('outcome-toggle').click();
  await expect(page.getByTestId('median-craft')).toBeVisible();
  await page.getByTestId('pin-step').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('back-to-now')).toBeVisible();
  await look();
  const table = page.getByRole('button', { name: 'Show as table: Filters at step 0, CRAFT' });
  await goThroughDialogs(page, look, [...byKey(page), () => table.focus().then(() => table.press('Enter'))]);
});

test('on a phone axe finds no fault, and everything that is pressed is at least 44 px', async ({ page }) => {
  const look = async () => {
    await expectFitsPhone(page, page.url());
    // The colours are those of a wide page, in both themes.
    await expectAccessible(page);
  };
  await page.setViewportSize(PHONE);
  await finishedRun(page);
  await goThroughTabs(page, look);
  await goThroughDialogs(page, look, [() => page.getByRole('button', { name: 'Settings' }).click()]);
  await page.getByTestId('outcome-toggle').click();
  await expect(page.getByTestId('median-craft')).toBeVisible();
  await expectFitsPhone(page, 'outcome');
  await goThroughDialogs(page, () => expectFitsPhone(page, 'a dialog'), byKey(page));
});

test('landmarks, the way of the focus, and its visibility', async ({ page }) => {
  const run = await Playground.finite(page, SHOWN);
  await test.step('landmarks', async () => {
    await expect(page.getByRole('banner')).toHaveCount(1);
    await expect(page.getByRole('navigation', { name: 'Screens' })).toHaveCount(1);
    await expect(page.getByRole('complementary', { name: 'Settings' })).toHaveCount(1);
    await expect(page.getByRole('main')).toHaveCount(1);
  });
  await test.step('the first stop leads past the top bar', async () => {
    await page.keyboard.press('Tab');
    await expect(page.locator(':focus')).toHaveText(/^Skip to/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });
  await test.step('run bar, rail, walls, heatmaps, charts, events; each stop is seen', async () => {
    await run.trainsToEnd();
    // By key, since focus that a script or a click gives is not meant to be seen.
    await run.toggle.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    const visited: string[] = [];
    const unseen: string[] = [];
    for (let stop = 0; stop < 90 && visited.at(-1) !== 'Re-activations'; stop++) {
      const { region, seen, html } = await page.evaluate(() => {
        const at = document.activeElement;
        const named = at?.closest('section[aria-label], aside[aria-label]')?.getAttribute('aria-label');
        const marked = (element: Element | null | undefined) => {
          if (!element) return false;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
        };
        const around = [at, at?.parentElement, at?.nextElementSibling];
        return {
          region: named ?? '',
          seen: around.some(marked),
          html: at?.outerHTML.slice(0, 160) ?? '',
        };
      });
      if (!seen) unseen.push(html);
      if (region !== '' && visited.at(-1) !== region) visited.push(region);
      await page.keyboard.press('Tab');
    }
    expect(visited).toEqual([
      'Run',
      'Settings',
      'Conclusion',
      'First layer now',
      'Filter norms over training',
      'Charts',
      'Re-activations',
    ]);
    expect(unseen).toEqual([]);
  });
  await test.step('a dialog gives the focus back, also the first time', async () => {
    for (const name of ['Runs', 'Help and keyboard (?)']) {
      const opener = page.getByRole('banner').getByRole('button', { name });
      await opener.focus();
      await opener.press('Enter');
      await closeDialog(page);
      await expect(opener).toBeFocused();
    }
  });
});

test('steps and loss are not announced, re-activations are', async ({ page }) => {
  await page.addInitScript(() => {
    const announced: string[] = [];
    Object.assign(window, { announced });
    const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        if (!element?.closest(live)) continue;
        announced.push([target, ...addedNodes].map(({ textContent }) => textContent).join(' '));
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const announced = () => page.evaluate<string[]>('announced');
  const alone = await Playground.finite(page, { ...TINY, arms: 'standard', backend: 'wasm', steps: 20 });
  await alone.trainsToEnd();
  expect((await announced()).filter((text) => /\bstep\b|\bloss\b|\d/i.test(text))).toEqual([]);
  await page.goto('about:blank');
  await (await Playground.finite(page, SHOWN)).trainsToEnd();
  expect((await announced()).some((text) => /Step \d+.*\d+ filters?/.test(text))).toBe(true);
});

test('less motion where the user asks for it', async ({ page }) => {
  const flash = () =>
    page
      .locator('[data-state=reactivated]')
      .first()
      .evaluate((tile) => getComputedStyle(tile, '::before').animationName);
  await (await Playground.finite(page, SHOWN)).trainsToEnd();
  expect(await flash()).not.toBe('none');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await flash()).toBe('none');
});
