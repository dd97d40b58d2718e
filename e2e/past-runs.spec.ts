import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessibleInBothThemes } from './accessibility.ts';
import { asOnPhone, expectFitsPhone } from './phone.ts';
import { type FiniteSettings, HALF_DIE, Playground, TINY } from './playground.ts';

const RUN = { ...TINY, ...HALF_DIE, backend: 'wasm' };

test('past runs are named, compared, taken as settings, opened and deleted; a name is only ever text', async ({
  page,
}) => {
  await (await Playground.finite(page, RUN)).stepTo(2);
  await page.goto('about:blank');
  const playground = await Playground.finite(page, { ...RUN, seed: 7, weightDecay: 0.002 });
  await playground.stepTo(3);
  await page.keyboard.press('p');
  const row = playground.pastRuns;
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Same as now, but weight decay 0.01 instead of 0.002; seed 1 instead of 7');

  const name = '<img src=x onerror="document.title=1">'.padEnd(120, 'x');
  await rename(row, name);
  await expect(row.locator('img')).toHaveCount(0);
  await expectAccessibleInBothThemes(page, '[role=dialog]');

  await row.getByRole('button', { name: 'Compare with now' }).click();
  const compared = page.getByTestId('compared-runs');
  await expect(compared).toContainText('weight decay: 0.002 → 0.01');
  await expect(compared.getByRole('img', { name: /^Loss\. Now, Standard: .*; <img src=x/ })).toBeVisible();
  await compared.getByRole('button', { name: 'All runs' }).click();

  await row.getByRole('button', { name: 'Open' }).click();
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '2');
  // The rest is kept as well.
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
const FIGURES = { inactiveShare: 'Inactive filters', verification: 'Held-out accuracy', loss: 'Loss' };

/** Trains a run to its end; its last figures as the page shows them, by the names that a comparison gives them. */
async function figuresOf(page: Page, settings: FiniteSettings): Promise<ReadonlyMap<string, string>> {
  await page.goto('about:blank');
  await (await Playground.finite(page, { ...RUN, ...settings })).trainsToEnd();
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
  const playground = await Playground.open(page, { ...RUN, filters: 16 });
  await playground.openRuns();
  const longer = playground.pastRuns.filter({ hasText: '8 filters, 12 steps' });
  const shorter = playground.pastRuns.filter({ hasText: '8 filters, 10 steps' });
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
    const figuresText = (name: string, figures: ReadonlyMap<string, string>) =>
      Object.values(ARMS).map((arm) => `${name}, ${arm}: ${figures.get(`${title}, ${arm}`)}`);
    await expect(compared.getByRole('img', { name: new RegExp(`^${title}`) })).toHaveAttribute(
      'aria-label',
      `${title}. ${[...figuresText('Strong decay', first), ...figuresText('Weak decay', second)].join('; ')}.`,
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
