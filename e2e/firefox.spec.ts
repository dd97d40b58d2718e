import { expect, test } from '@playwright/test';
import { launch } from 'puppeteer-core';
import { findFirefox } from '../scripts/firefox.ts';
import { linkOf, TINY } from './playground.ts';

const firefox = findFirefox();

test('Firefox opens the page, trains ten steps on WebAssembly and verifies', async ({ baseURL }) => {
  test.skip(firefox === undefined, 'no Firefox: install it (Debian: firefox-esr), or set FIREFOX_PATH to one');
  // Playwright drives no Firefox but its own; this one is spoken to by WebDriver BiDi.
  const browser = await launch({ browser: 'firefox', executablePath: firefox ?? '', headless: true, timeout: 0 });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(`${baseURL}/#${linkOf({ ...TINY, backend: 'wasm', steps: 10 })}`);
    await page.locator('[data-testid=run-toggle]').click();
    await page.waitForSelector('[data-testid=run-toggle][data-phase=finished]');
    expect(await page.$eval('[data-testid=run-progress]', (bar) => bar.getAttribute('aria-valuenow'))).toBe('10');
    expect(await page.$$('[data-testid=backend-badge][data-backend=wasm]')).not.toEqual([]);
    expect(await text('[data-testid=loss-craft]')).toMatch(/\d\.\d/);

    await page.keyboard.press('2');
    await page.locator('::-p-aria([name="Built-in pairs a row"])').fill('200');
    await page.locator('[data-testid=verify-run]').click();
    await page.waitForSelector('[data-testid=verify-row-lfw][data-state=done]');
    expect(await text('[data-testid=verify-row-lfw]')).toMatch(/\d\d\.\d ± \d/);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
