import { expect, test } from '@playwright/test';
import { launch } from 'puppeteer-core';
import { findFirefox } from '../scripts/firefox.ts';
import { linkOf, TINY } from './playground.ts';

const firefox = findFirefox();

/** An element once it is there, by its test id and further conditions. */
const shown = (name: string, more = '') => `[data-testid=${name}]${more}`;

test('Firefox opens the page, trains ten steps on WebAssembly and verifies', async ({ baseURL }) => {
  test.skip(firefox === undefined, 'no Firefox: install it (Debian: firefox-esr), or set FIREFOX_PATH to one');
  // Playwright drives no Firefox but its own; this one is spoken to by WebDriver BiDi.
  // Only the limit of the test ends a wait: a loaded core takes minutes for a step of it.
  const patient = { timeout: 0, protocolTimeout: 0 };
  const browser = await launch({ browser: 'firefox', executablePath: firefox ?? '', headless: true, ...patient });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    // Puppeteer's locators make functions out of text, which the policy of the page refuses.
    const click = async (selector: string) => {
      await page.waitForSelector(`${selector}:not([disabled])`);
      await page.$eval(selector, (element) => element instanceof HTMLElement && element.click());
    };
    const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');

    await page.goto(`${baseURL}/#${linkOf({ ...TINY, backend: 'wasm', steps: 10 })}`);
    await click(shown('run-toggle'));
    // A run that breaks off may be taken up again; one that fails has the page's own word for it.
    const failed = shown('run-toggle', '[data-phase=failed]');
    await page.waitForSelector(`${shown('run-toggle', '[data-phase=finished]')}, ${failed}`);
    expect(await page.$(failed)).toBeNull();
    await page.waitForSelector(shown('run-progress', '[aria-valuenow="10"]'));
    await page.waitForSelector(shown('backend-badge', '[data-backend=wasm]'));
    // `src/worker/nested-workers.ts` says why.
    expect(await text(shown('backend-badge'))).not.toContain('threads');
    expect(await text(shown('loss-craft'))).toMatch(/\d\.\d/);

    await page.keyboard.press('2');
    await page.waitForSelector(shown('verify-pairs'));
    await page.select(shown('verify-pairs'), '200');
    await click(shown('verify-run'));
    await page.waitForSelector(shown('verify-row-lfw', '[data-state=done]'));
    expect(await text(shown('verify-row-lfw'))).toMatch(/200 pairs.*\d\d\.\d ± \d/);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
