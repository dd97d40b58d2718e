import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Playground, TINY } from './playground.ts';

const ASSETS = 'dist/assets';
const LIMIT_KB = 300;

test('asks no other host for anything, also while it trains', async ({ page, baseURL }) => {
  const hosts = new Set<string>();
  page.context().on('request', (request) => hosts.add(new URL(request.url()).origin));
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await playground.toggle.click();
  await playground.reachesStep(40);
  expect([...hosts].filter((origin) => origin !== 'null' && origin !== baseURL)).toEqual([]);
});

test('the page loads at most 300 kB of script, and no tfjs in it', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('run-toggle').first()).toBeVisible();
  const own = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  const files = own
    .filter((name) => name.endsWith('.js') && !name.includes('worker'))
    .map((name) => name.split('/').at(-1) ?? '');
  expect(files.length).toBeGreaterThan(0);
  const sources = files.map((file) => readFileSync(join(ASSETS, file)));
  const kilobytes = sources.reduce((sum, source) => sum + gzipSync(source, { level: 9 }).length, 0) / 1000;
  expect(kilobytes).toBeLessThanOrEqual(LIMIT_KB);
  for (const source of sources) expect(source.toString()).not.toMatch(/registerKernel|WEBGPU_CPU_FORWARD|tfjs-backend/);
  // The same words do stand in what the worker loads, so that the check above can fail.
  const all = readdirSync(ASSETS).filter((file) => file.endsWith('.js'));
  expect(all.some((file) => readFileSync(join(ASSETS, file), 'utf8').includes('WEBGPU_CPU_FORWARD'))).toBe(true);
});

test('a link with values out of range is clamped and says so; unknown ones are ignored', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm', batchSize: 100_000, colour: 'red' });
  await expect(playground.notice).toContainText('512');
  await expect(playground.notice).toContainText('colour');
});
