import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { FiniteRun, linkOf, TINY } from './playground.ts';
import { StaticSite } from './static-site.ts';

test.use({ serviceWorkers: 'allow' });

const link = `#${linkOf({ ...TINY, backend: 'wasm' })}`;

async function trainsSomeSteps(page: Page): Promise<void> {
  const run = new FiniteRun(page);
  await expect(run.badge).toHaveAttribute('data-backend', 'wasm');
  await run.stepTo(3);
}

/** ONNX Runtime, which is not part of what every visitor gets. */
function bytesOfOnnxRuntime(page: Page): Promise<number> {
  const file = readdirSync('dist/assets').find((name) => /^ort-wasm.*\.wasm$/.test(name));
  return page.evaluate(async (path) => (await (await fetch(path)).arrayBuffer()).byteLength, `assets/${file}`);
}

test('works from any folder of a host, without a network, and changes to a new build when asked', async ({
  page,
}, testInfo) => {
  const { site, address } = await StaticSite.start('dist', '/some/deep/path/');
  try {
    await test.step('from a deep folder', async () => {
      await page.goto(address + link);
      await trainsSomeSteps(page);
    });
    await test.step('what is too large for everybody is kept once it was asked for', async () => {
      await page.evaluate(() => navigator.serviceWorker.ready);
      await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
      expect(await bytesOfOnnxRuntime(page)).toBeGreaterThan(1e6);
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
      await expect(notice).toBeEmpty();
    });
    await test.step('without a network', async () => {
      await site.stop();
      await page.reload();
      await expect(page.locator('#next-build')).toHaveCount(1);
      await trainsSomeSteps(page);
      expect(await bytesOfOnnxRuntime(page)).toBeGreaterThan(1e6);
    });
  } finally {
    await site.stop();
  }
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
