import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { findChromium } from '../../scripts/chromium.ts';
import type { Answer, Place, Request } from './messages.ts';

const ROOT = fileURLToPath(new URL('../page', import.meta.url));
export const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-sync',
];

/** Cross-origin isolation: the engines that have threads may use them. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Chromium with the benchmark's page open; every engine gets a dedicated worker. */
export class ChromiumBench {
  readonly version: string;
  readonly #browser: Browser;
  readonly #server: PreviewServer;
  readonly #page: Page;

  private constructor(browser: Browser, server: PreviewServer, page: Page) {
    this.version = browser.version();
    this.#browser = browser;
    this.#server = server;
    this.#page = page;
  }

  /** Bundles the page into `folder`, where the workloads lie too, and opens it. Undefined where there is no Chromium. */
  static async open(folder: string): Promise<ChromiumBench | undefined> {
    const executablePath = findChromium();
    if (executablePath === undefined) return undefined;
    await build({
      root: ROOT,
      configFile: false,
      base: './',
      logLevel: 'error',
      worker: { format: 'es' },
      // Unminified, since a profile names tfjs's programs by their classes.
      build: { outDir: folder, emptyOutDir: false, minify: false, target: 'es2023', chunkSizeWarningLimit: 20_000 },
    });
    const server = await preview({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      build: { outDir: folder },
      preview: { port: 4199, headers: ISOLATED },
    });
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error('page:', error.message));
    await page.goto(server.resolvedUrls?.local[0] ?? 'http://localhost:4199/');
    return new ChromiumBench(browser, server, page);
  }

  place(name: string): Place {
    return {
      ask: (request) =>
        this.#page.evaluate(
          // In the page: bench/page/page.ts puts the function there.
          ([engine, question]) => Reflect.get(globalThis, 'askEngine')(engine, question),
          [name, request] as const satisfies readonly [string, Request],
        ) as Promise<Answer>,
      close: () => this.#page.evaluate((engine) => Reflect.get(globalThis, 'closeEngine')(engine), name),
    };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
