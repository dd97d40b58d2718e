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
  await (await Playground.finite(page, { ...TINY, backend: 'wasm' })).trainsToEnd();
  expect([...hosts].filter((origin) => origin !== 'null' && origin !== baseURL)).toEqual([]);
});

/**
 * The built files that the page runs itself: those that index.html names and, through imports, those that they name.
 */
function pageScripts(imports: RegExp): string[] {
  const queue = [...readFileSync('dist/index.html', 'utf8').matchAll(/src="\.\/assets\/([^"]+\.js)"/g)].map(
    (m) => m[1] ?? '',
  );
  const found = new Set<string>();
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const match of readFileSync(join(ASSETS, file), 'utf8').matchAll(imports)) queue.push(match[1] ?? '');
  }
  return [...found];
}

test('the page loads at most 300 kB of script, and no tfjs is in it', () => {
  const atOnce = pageScripts(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)/g);
  expect(atOnce.length).toBeGreaterThan(0);
  const bytes = atOnce.reduce((sum, file) => sum + gzipSync(readFileSync(join(ASSETS, file)), { level: 9 }).length, 0);
  expect(bytes / 1000).toBeLessThanOrEqual(LIMIT_KB);
  const later = pageScripts(/(?:from|import|import\()\s*["'`]\.\/([^"'`]+\.js)/g);
  const holdsTfjs = (file: string) =>
    /registerKernel|WEBGPU_CPU_FORWARD/.test(readFileSync(join(ASSETS, file), 'utf8'));
  expect(later.filter(holdsTfjs)).toEqual([]);
  // The worker's scripts do hold it, so that the line above can fail.
  expect(readdirSync(ASSETS).filter((file) => file.endsWith('.js') && holdsTfjs(file))).not.toEqual([]);
});

test('a link with values out of range is clamped and says so; unknown ones are ignored', async ({ page }) => {
  const unknown = { colour: 'red' };
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm', batchSize: 100_000, ...unknown });
  await expect(playground.notice).toContainText('512');
  await expect(playground.notice).toContainText('colour');
});
