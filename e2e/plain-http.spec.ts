import { expect, type Page, test } from '@playwright/test';
import { findChromium } from '../scripts/chromium.ts';
import { BROWSER_ARGUMENTS } from './browser-arguments.ts';
import { closeDialog, FiniteRun, linkOf, listens, TINY } from './playground.ts';
import { StaticSite } from './static-site.ts';

const executablePath = findChromium();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    // A name in a network: browsers trust localhost alone without https.
    args: [...BROWSER_ARGUMENTS, '--host-resolver-rules=MAP craft.test 127.0.0.1'],
  },
});

test('over plain http, where pages have no locks, two tabs never train the same run', async ({ page, context }) => {
  const { site, address } = await StaticSite.start('dist', '/');
  const link = `${address.replace('localhost', 'craft.test')}#${linkOf({ ...TINY, backend: 'wasm', steps: 40 })}`;
  const open = async (tab: Page) => {
    await tab.goto(link);
    await listens(tab);
    return new FiniteRun(tab);
  };
  try {
    const first = await open(page);
    expect(await page.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false]);
    await first.stepTo(2);

    const other = await context.newPage();
    const second = await open(other);
    await second.openRuns();
    await expect(second.pastRuns).toContainText('Open in another tab');
    await expect(second.pastRuns.getByRole('button', { name: /Open|Delete/ })).toHaveCount(0);
    await closeDialog(other);
    await expect(other.getByTestId('resume-run')).toHaveCount(0);

    await test.step('a reloaded tab has its own run again', async () => {
      await page.reload();
      await page.getByTestId('resume-run').click();
      await first.finishes();
    });
    await test.step('a run that is left is open to the other tab', async () => {
      await page.goto('about:blank');
      await expect(async () => {
        await second.openRuns();
        const buttons = second.pastRuns.getByRole('button', { name: /Open|Delete/ });
        const found = await buttons.count();
        await closeDialog(other);
        expect(found).toBeGreaterThan(0);
      }).toPass();
    });
  } finally {
    await site.stop();
  }
});
