import { expect, type Page, test } from '@playwright/test';
import { layoutFaults, numberFaults } from './layout.ts';
import { Playground, TINY } from './playground.ts';
import { serveScriptedPage } from './scripted-page.ts';

/** Phones, tablets upright and on their side, laptops at 100 and 150 %, and screens up to 2560 px. */
const WIDTHS = [320, 360, 390, 600, 768, 900, 1024, 1049, 1200, 1366, 1440, 1920, 2560];

const TABS = ['Train', 'Verify', 'Inspect', 'Study', 'Method'];

/** Opens every tab at every width, and gives the overflowing elements and misspelt numbers, each with its place. */
async function faultsAtEveryWidth(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const tab of TABS) {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: tab }).click();
    await page.locator('main').waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 768 ? 844 : 900 });
      faults.push(...(await layoutFaults(page)).map((fault) => `${tab}, ${width} px: ${fault}`));
    }
    faults.push(...(await numberFaults(page)).map((fault) => `${tab}: ${fault}`));
  }
  return faults;
}

test('every tab fits every width, before a run and during one', async ({ page }) => {
  const playground = await Playground.endless(page, { ...TINY, backend: 'wasm' });
  await expect(playground.toggle).toBeEnabled();
  expect.soft(await faultsAtEveryWidth(page), 'before a run').toEqual([]);

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Train' }).click();
  await playground.trains();
  await playground.pause();
  expect.soft(await faultsAtEveryWidth(page), 'during a run').toEqual([]);
});

test('a model in Inspect fits every width, with a histogram whose words keep their size', async ({ page }) => {
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Inspect' }).click();
  await page.getByTestId('example-model').last().click();
  await expect(page.getByTestId('inspect-slim').getByRole('table')).toBeVisible();
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 768 ? 844 : 900 });
    faults.push(...(await layoutFaults(page)).map((fault) => `Inspect, ${width} px: ${fault}`));
    const drawn = await page.getByTestId('inspect-histogram').getByRole('img').boundingBox();
    expect(drawn?.height, `${width} px`).toBe(240);
  }
  expect(faults).toEqual([]);
});

/** The parts that a run's end, an error and long names add to the page. */
const STATES = ['running', 'finished', 'loss-not-finite', 'long-names'];

test('a run fits every width at its end, in trouble and with long names', async ({ page }) => {
  const scripted = await serveScriptedPage();
  try {
    const faults: string[] = [];
    for (const state of STATES) {
      await scripted.open(page, state);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width < 768 ? 844 : 900 });
        faults.push(...(await layoutFaults(page)).map((fault) => `${state}, ${width} px: ${fault}`));
        // A phone shows one chart at a time; Norms has an axis of steps of its own.
        if (width >= 768) continue;
        await page.getByRole('region', { name: 'Charts' }).getByText('Norms', { exact: true }).click();
        await page.getByTestId('heatmap-standard').waitFor();
        faults.push(...(await layoutFaults(page)).map((fault) => `${state}, Norms, ${width} px: ${fault}`));
      }
      // Names from outside are written as they come.
      if (state !== 'long-names') faults.push(...(await numberFaults(page)).map((fault) => `${state}: ${fault}`));
    }
    expect(faults).toEqual([]);
  } finally {
    await scripted.close();
  }
});
