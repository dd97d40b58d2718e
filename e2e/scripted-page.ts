import { type AddressInfo, createServer } from 'node:net';
import type { Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig, preview } from 'vite';
import { listens } from './playground.ts';

/** The page on made-up numbers (src/ui/testing), built and served. */
export interface ScriptedPage {
  /** Opens the page in one of its states, by the name in PAGE_STATES. */
  open(page: Page, state: string, parameters?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** A folder for each process that tests. */
const OUT = `test-results/scripted-${process.env.TEST_PARALLEL_INDEX ?? 0}`;
const ENTRY = 'src/ui/testing/index.html';

/** Not the real page's config: its service worker and its other parts for users would only be in the way here. */
const shared = (): InlineConfig => ({ configFile: false, logLevel: 'warn', base: './', plugins: [react()] });

/** Once for all spec files of this process. */
let built: Promise<unknown> | undefined;

/** Builds the scripted page beside the real one and serves it until it is closed. */
export async function serveScriptedPage(): Promise<ScriptedPage> {
  built ??= build({
    ...shared(),
    worker: { format: 'es' },
    build: {
      outDir: OUT,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 1500,
      rolldownOptions: { input: ENTRY },
    },
  });
  await built;
  const server = await preview({
    ...shared(),
    build: { outDir: OUT },
    preview: { port: await freePort(), strictPort: true },
  });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('The scripted page is not served.');
  return {
    async open(page, state, parameters = {}) {
      const query = new URLSearchParams({ state, ...parameters });
      await page.goto(`${address}${ENTRY}?${query}`);
      await listens(page);
    },
    close: () => server.close(),
  };
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, 'localhost', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
