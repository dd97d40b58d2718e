import { chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { findChromium } from '../../scripts/chromium.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { CHROMIUM_FLAGS } from '../runtimes/chromium.ts';

export interface OpenPlayground {
  readonly address: string;
  readonly page: Page;
  close(): Promise<void>;
}

/** Builds the page into a folder of its own and opens Chromium on nothing yet. */
export async function openPlayground(folder: string): Promise<OpenPlayground> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium here; set CHROME_PATH to one.');
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const server = await preview({ logLevel: 'error', build: { outDir: folder }, preview: { port: 4198 } });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return {
    address: server.resolvedUrls?.local[0] ?? 'http://localhost:4198/',
    page: await context.newPage(),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** A link with settings, as the page shares them. */
export function linkOf(address: string, settings: Partial<RunConfig>): string {
  const link = new URLSearchParams({ v: '1' });
  for (const [key, value] of Object.entries(settings)) link.set(key, String(value));
  return `${address}#${link}`;
}

/** Steps finished, as the page reports them to a screen reader. */
export async function reachesStep(page: Page, step: number): Promise<void> {
  await page.waitForFunction(
    (least) =>
      Number(document.querySelector('[data-testid=run-progress]')?.getAttribute('aria-valuenow') ?? 0) >= least,
    step,
    { timeout: 300_000, polling: 20 },
  );
}

export function stepOf(page: Page): Promise<number> {
  return page.getByTestId('run-progress').getAttribute('aria-valuenow').then(Number);
}
