import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { HOSTS, REDIRECTING } from './hosts.ts';
import { FiniteRun, linkOf, Playground, TINY } from './playground.ts';
import { StaticSite } from './static-site.ts';

test.use({ serviceWorkers: 'allow' });

/** One arm: on an isolated page, all threads share its steps. */
const link = `#${linkOf({ ...TINY, backend: 'wasm', arms: 'craft' })}`;

async function trainsSomeSteps(page: Page, { isolated }: { readonly isolated: boolean }): Promise<void> {
  const run = new FiniteRun(page);
  await expect(run.badge).toHaveAttribute('data-backend', 'wasm');
  const [is, cores] = await page.evaluate(() => [crossOriginIsolated, navigator.hardwareConcurrency] as const);
  expect(is).toBe(isolated);
  if (isolated && cores > 1) await expect(run.badge).toContainText(`${cores} threads`);
  else await expect(run.badge).not.toContainText('threads');
  await run.stepTo(3);
}

/** ONNX Runtime, which not every visitor gets. */
function onnxRuntime(): string {
  return `assets/${readdirSync('dist/assets').find((name) => /^ort-wasm.*\.wasm$/.test(name))}`;
}

/** Fetches a file below the page, and returns how many bytes it has. */
function bytesOf(page: Page, file: string): Promise<number> {
  return page.evaluate(async (path) => (await (await fetch(path)).arrayBuffer()).byteLength, file);
}

/** Whether the page's own caches hold a file. */
function isKept(page: Page, file: string): Promise<boolean> {
  return page.evaluate(async (path) => (await caches.match(path, { ignoreVary: true })) !== undefined, file);
}

/** Waits until the page's requests go through its service worker. */
async function isControlled(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

for (const [name, start] of Object.entries(HOSTS)) {
  test(`${name}: after the first visit the page opens and trains without a network`, async ({ page, context }) => {
    const host = await start('dist');
    test.skip(host === undefined, `${name} is not installed here.`);
    if (host === undefined) return;
    try {
      await page.goto(host.address + link);
      await trainsSomeSteps(page, { isolated: name === 'npm start' });
      await isControlled(page);
      // A page that was kept wrongly would not open again. The other hosts' pages have no second visit before the cut.
      if (name === REDIRECTING) {
        await page.reload();
        await trainsSomeSteps(page, { isolated: true });
      }
    } finally {
      await host.stop();
    }
    // Everything that opens now comes from the page's own cache, not from the browser's.
    await (await context.newCDPSession(page)).send('Network.clearBrowserCache');
    await page.reload();
    await trainsSomeSteps(page, { isolated: true });
  });
}

test('works from any folder of a host, without a network, and changes to a new build when asked', async ({
  page,
}, testInfo) => {
  const { site, address } = await StaticSite.start('dist', '/some/deep/path/');
  try {
    await test.step('from a deep folder', async () => {
      await page.goto(address + link);
      await trainsSomeSteps(page, { isolated: false });
    });
    await test.step('a file too large for everybody is kept once it was asked for', async () => {
      await isControlled(page);
      expect(await bytesOf(page, onnxRuntime())).toBeGreaterThan(1e6);
      await expect.poll(() => isKept(page, onnxRuntime())).toBe(true);
    });
    await test.step('a page in the place of a missing file is not kept as that file', async () => {
      expect(await bytesOf(page, 'assets/missing.js')).toBeGreaterThan(0);
      expect(await bytesOf(page, onnxRuntime())).toBeGreaterThan(1e6);
      expect(await isKept(page, 'assets/missing.js')).toBe(false);
    });
    await test.step('a newer build waits until it is asked for, and is whole', async () => {
      const next = testInfo.outputPath('next');
      cpSync('dist', next, { recursive: true });
      const change = (file: string, from: RegExp, to: string) =>
        writeFileSync(join(next, file), readFileSync(join(next, file), 'utf8').replace(from, to));
      change('index.html', /<noscript>/, '<noscript id="next-build">');
      change('service-worker.js', /[0-9a-f]{12}(?=['"`])/, '0123456789ab');
      site.folder = next;
      await page.reload();
      const notice = page.getByTestId('version-notice');
      await expect(notice).toContainText('A new version is ready.');
      await expect(page.locator('#next-build')).toHaveCount(0);
      await notice.getByRole('button', { name: 'Reload' }).click();
      await expect(page.locator('#next-build')).toHaveCount(1);
      await expect(notice).toHaveCount(0);
    });
    await test.step('another page below it is left alone', async () => {
      mkdirSync(join(site.folder, 'other'));
      writeFileSync(join(site.folder, 'other', 'index.html'), 'Another page');
      await page.goto(`${address}other/`);
      await expect(page.locator('body')).toHaveText('Another page');
      await page.goto(address + link);
    });
    await test.step('without a network', async () => {
      await site.stop();
      await page.reload();
      await expect(page.locator('#next-build')).toHaveCount(1);
      await trainsSomeSteps(page, { isolated: true });
      expect(await bytesOf(page, onnxRuntime())).toBeGreaterThan(1e6);
    });
  } finally {
    await site.stop();
  }
});

test('a storage that is full: the page opens, trains and loads the rest of its files as without a cache', async ({
  page,
  context,
}) => {
  const { site, address } = await StaticSite.start('dist', '/');
  const session = await context.newCDPSession(page);
  const leave = (quotaSize: number) =>
    session.send('Storage.overrideQuotaForOrigin', { origin: new URL(address).origin, quotaSize });
  const failures: string[] = [];
  page.on('pageerror', ({ message }) => failures.push(message));
  page.on('requestfailed', (request) => {
    // A reload ends the requests for parts that are loaded ahead of their use.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failures.push(request.url());
  });
  try {
    await test.step('before the first visit: nothing is kept', async () => {
      await leave(1000);
      await page.addInitScript(() => {
        const { register } = ServiceWorkerContainer.prototype;
        ServiceWorkerContainer.prototype.register = async function (...given) {
          const registration = await register.apply(this, given);
          registration.installing?.addEventListener('statechange', ({ target }) => {
            if (target instanceof ServiceWorker) document.documentElement.dataset.serviceWorker = target.state;
          });
          return registration;
        };
      });
      await page.goto(address + link);
      await expect(page.locator('html')).toHaveAttribute('data-service-worker', 'redundant');
      await trainsSomeSteps(page, { isolated: false });
      expect(await page.evaluate(() => caches.keys())).toEqual([]);
    });
    await test.step('after it: kept files stay, and others come from the network', async () => {
      await leave(1e9);
      await page.reload();
      await trainsSomeSteps(page, { isolated: false });
      await isControlled(page);
      await leave(1000);
      expect(await bytesOf(page, onnxRuntime())).toBeGreaterThan(1e6);
      await page.reload();
      await trainsSomeSteps(page, { isolated: true });
      expect(await isKept(page, onnxRuntime())).toBe(false);
    });
    expect(failures).toEqual([]);
  } finally {
    await site.stop();
  }
});

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test('a part of the page that a newer build has taken away: reload is offered', async ({ page }, testInfo) => {
    const { site, address } = await StaticSite.start('dist', '/');
    try {
      await page.goto(address + link);
      await expect(new Playground(page).badge).toHaveAttribute('data-backend', 'wasm');
      const next = testInfo.outputPath('next');
      cpSync('dist', next, { recursive: true });
      const index = readFileSync(join(next, 'index.html'), 'utf8');
      const screen = readdirSync(join(next, 'assets')).filter((name) => /^inspect-screen-.*\.js$/.test(name));
      expect(screen).toHaveLength(1);
      for (const name of screen) rmSync(join(next, 'assets', name));
      site.folder = next;
      const inspect = page.getByRole('navigation', { name: 'Screens' }).getByText('Inspect');
      const failed = page.locator('main[role=alert]');
      await test.step('missing from the same build', async () => {
        await inspect.click();
        await expect(failed).toContainText('The page could not be drawn');
        await page.reload();
      });
      await test.step('missing because the build is another', async () => {
        writeFileSync(join(next, 'index.html'), index.replace(/src="[^"]*\.js"/, 'src="./assets/other.js"'));
        await inspect.click();
        await expect(failed).toContainText('A new version is here; reload');
        await failed.getByRole('button', { name: 'Reload' }).click();
        await expect(page.locator('script[src="./assets/other.js"]')).toHaveCount(1);
      });
    } finally {
      await site.stop();
    }
  });
});

test('can be installed: a manifest with a name and icons of the sizes it says', async ({ page, request }) => {
  await page.goto('/');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest: unknown = await (await request.get(`/${href}`)).json();
  expect(manifest).toMatchObject({ name: 'CRAFT Playground', start_url: './', scope: './', display: 'standalone' });
  const icons = [
    ['icon-192.png', 192],
    ['icon-512.png', 512],
    ['icon-maskable-512.png', 512],
  ] as const;
  for (const [file, side] of icons) {
    expect(JSON.stringify(manifest)).toContain(`"${file}","sizes":"${side}x${side}"`);
    const png = await (await request.get(`/${file}`)).body();
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([side, side]);
  }
});
