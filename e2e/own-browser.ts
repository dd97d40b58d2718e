import { type BrowserContext, test as base } from '@playwright/test';

type Options = Parameters<typeof import('@playwright/test')['chromium']['launchPersistentContext']>[1];

/**
 * Starts a browser of its own that keeps its storage in a folder, as a user's does; it is closed when the test ends.
 */
export const test = base.extend<{ launch: (folder: string, options?: Options) => Promise<BrowserContext> }>({
  launch: async ({ playwright }, use) => {
    const launched: BrowserContext[] = [];
    await use(async (folder, options) => {
      const context = await playwright.chromium.launchPersistentContext(folder, { timeout: 0, ...options });
      launched.push(context);
      return context;
    });
    for (const context of launched) await context.close();
  },
});

/** Ends the whole browser as a power cut does, its pages, workers and storage with it, and waits until it is gone. */
export async function killBrowser(context: BrowserContext): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
  const found = processInfo.find(({ type }) => type === 'browser');
  if (found === undefined) throw new Error('The browser does not name its process.');
  const gone = context.waitForEvent('close');
  process.kill(found.id, 'SIGKILL');
  await gone;
}
