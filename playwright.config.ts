import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS } from './e2e/browser-arguments.ts';
import { findChromium } from './scripts/chromium.ts';

const executablePath = findChromium();
/** Another port lets two checkouts test at the same time. */
const port = Number(process.env.PREVIEW_PORT ?? 4173);
/** Files that take longest begin, so that none of them runs alone at the end. */
const LONGEST = /(recovery|runs|offline|accessibility)\.spec\.ts$/;

export default defineConfig({
  testDir: 'e2e',
  // One browser leaves a part of two cores idle: it waits for its processes in turn.
  workers: 2,
  // No test waits for a time: these end one that would never end, on a loaded core of a slow machine too.
  timeout: 900_000,
  expect: { timeout: 240_000 },
  // A fault of the whole page would keep every test for that long.
  maxFailures: 8,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/browser',
  projects: [
    { name: 'longest', testMatch: LONGEST },
    { name: 'others', testIgnore: LONGEST },
  ],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    // A page that is kept for use without a network is loaded whole; only the tests of that need it.
    serviceWorkers: 'block',
    // A trace films the page, which takes as much of two cores as the tests do; `--trace retain-on-failure` when one is wanted.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      timeout: 0,
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...BROWSER_ARGUMENTS],
    },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
    timeout: 600_000,
  },
});
