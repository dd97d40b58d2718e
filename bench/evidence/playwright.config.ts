import { defineConfig } from '@playwright/test';
import tests from '../../playwright.config.ts';

/** Kills, many of each kind, against the built page: `npx vite build && npx playwright test -c bench/evidence`. */
export default defineConfig({
  ...tests,
  testDir: '.',
  maxFailures: 0,
  outputDir: '../../test-results/evidence',
  // Where the built page is, not where this file is.
  webServer: [tests.webServer ?? []].flat().map((server) => ({ ...server, cwd: '../..' })),
  reporter: [['list'], ['./kill-table.ts']],
});
