import { expect, test } from '@playwright/test';
import { expectAccessibleInBothThemes } from './accessibility.ts';
import { asOnPhone, expectFitsPhone, PHONE } from './phone.ts';
import { type ScriptedPage, serveScriptedPage } from './scripted-page.ts';

let scripted: ScriptedPage;
test.beforeAll(async () => {
  scripted = await serveScriptedPage();
});
test.afterAll(() => scripted.close());

/** The texts of each state: in the run bar, a notice, the settings, the main part. */
const TEXTS: readonly (readonly [state: string, texts: readonly (string | RegExp)[]])[] = [
  ['first-visit', ['Watch filters die', 'New here?', 'Ready', 'One row per filter, filling in from the left']],
  ['looking-for-engine', ['Looking for an engine']],
  ['no-webgpu', ['WebAssembly', 'on this computer', 'Nothing differs before the first check at step 120']],
  ['software-adapter', ['SwiftShader']],
  ['no-engine', ['This browser has no WebGPU.', 'Use another engine']],
  ['link-clamped', ['512 is used']],
  ['drawing-faces', ['Preparing faces', /1.780 of 6.144/]],
  ['compiling', ['Compiling shaders', 'the first steps take longer']],
  ['no-event-yet', ['Until its first check at step 120, CRAFT is the same network as Standard.']],
  ['running', [/Step 1.725/, 'Pause', 'Re-activations']],
  ['paused', ['paused', 'Resume']],
  ['finished', ['Finished', 'Run again']],
  ['one-arm', ['Only the standard arm trains']],
  ['loss-not-finite', ['The loss is no longer a number since step 340.', 'Set 0.03 and reset']],
  ['out-of-memory', ['Not enough graphics memory for batch 256.', 'Use 64']],
  ['long-names', ['NVIDIA RTX 6000 Ada Generation']],
  ['import-reading', ['Reading', '180 of 480', 'Cancel']],
  ['import-failed', ['Only 1 person found.', 'The synthetic faces stay in use.']],
];

/** Parts of the states that accessibility.spec.ts does not come to. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  'no-webgpu': 'header',
  'long-names': 'header',
  'import-failed': 'aside',
  running: 'main',
};

for (const [state, texts] of TEXTS) {
  test(`state: ${state}`, async ({ page }) => {
    await scripted.open(page, state);
    for (const text of texts) await expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible();
    const part = LOOKED_AT[state];
    if (part !== undefined) {
      // Pins the last event's step.
      if (state === 'running') await page.keyboard.press('[');
      await expectAccessibleInBothThemes(page, part);
    }
    await asOnPhone(page);
    await expectFitsPhone(page, state);
  });
}

test('ten thousand events: few rows in the page, more when asked', async ({ page }) => {
  await scripted.open(page, 'ten-thousand-events');
  const rows = page.getByTestId('event-row');
  await expect(page.getByTestId('event-list')).toContainText(/10.000 in 10.000 checks/);
  await expect(rows).toHaveCount(200);
  await page.getByTestId('earlier-events').click();
  await expect(rows).toHaveCount(400);
  // Ticks, lines and triangles too are only those that can be told apart.
  expect(await page.locator('main *').count()).toBeLessThan(12_000);
  expect(await page.locator('[data-testid=run-progress] *').count()).toBeLessThan(300);
});

test('reduced motion: nothing flashes', async ({ page }) => {
  const fresh = page.locator('[data-testid=filter-tile][data-state=reactivated]').first();
  const animation = () => fresh.evaluate((tile) => getComputedStyle(tile, '::before').animationName);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await scripted.open(page, 'just-reactivated');
  expect(await animation()).not.toBe('none');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await animation()).toBe('none');
});

test('on a phone everything that is pressed is at least 44 px: the settings, and ten thousand events', async ({
  page,
}) => {
  await page.setViewportSize(PHONE);
  await scripted.open(page, 'ten-thousand-events');
  await expectFitsPhone(page, 'ten thousand events');
  await page.getByRole('button', { name: 'Settings' }).click();
  for (const group of ['Preset', 'Faces', 'Network', 'Recipe', 'Run']) {
    await page.getByRole('button', { name: new RegExp(`^${group}`) }).click();
  }
  await expectFitsPhone(page, 'settings');
  const mirror = page.getByText('Mirror at random');
  const [words, track] = [
    mirror,
    page.getByRole('switch', { name: 'Mirror at random' }).locator('xpath=following-sibling::*[1]'),
  ];
  const [right, left] = [await words.boundingBox(), await track.boundingBox()];
  // Beside its switch, and not below it.
  expect(right?.y).toBeLessThan((left?.y ?? 0) + (left?.height ?? 0));
});
