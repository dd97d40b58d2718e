/*
 * Kills the page, the browser and each worker, most of them in the middle of a write, and sees whether the run resumes
 * from its kept checkpoint:
 *   npx vite build && KILLS=25 npx playwright test -c bench/evidence
 * The moments differ from kill to kill, by some milliseconds after the start of a write.
 */
import { setTimeout as milliseconds } from 'node:timers/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { killGpuProcess } from '../../e2e/gpu-process.ts';
import { killBrowser, test } from '../../e2e/own-browser.ts';
import { EndlessRun, HALF_DIE, Playground, type Settings, TINY } from '../../e2e/playground.ts';
import { WorkerGate, type WorkerName } from '../../e2e/worker-gate.ts';
import { kills } from './kill-series.ts';

const RUN = { ...TINY, ...HALF_DIE, backend: 'wasm', checkpointEvery: 1 };

/** The page's messages on its writes. */
interface Writes {
  /** Resolves when the next one begins. */
  begins(): Promise<void>;
  /** The step of the newest write that was started. */
  readonly started: number;
  /** The newest step that the storage said it has. */
  readonly kept: number;
}

/** Listens to the messages between the page and the worker that keeps runs. */
async function writesOf(page: Page): Promise<Writes> {
  let started = 0;
  let kept = 0;
  const waiting: (() => void)[] = [];
  await page.exposeFunction('writeBegins', (step: number) => {
    started = step;
    for (const wake of waiting.splice(0)) wake();
  });
  await page.exposeFunction('writeIsDone', (step: number) => {
    kept = step;
  });
  await page.addInitScript(() => {
    const report = (name: string, ...given: readonly unknown[]) => Reflect.get(window, name)(...given);
    const steps = new Map<number, number>();
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }) => {
          const step = steps.get(data.requestId);
          if (data.answer?.type === 'kept' && data.answer.outcome === 'kept' && step !== undefined) {
            void report('writeIsDone', step);
          }
        });
      }

      override postMessage(message: unknown, options?: StructuredSerializeOptions | Transferable[]): void {
        const { requestId, command } = Object(message);
        if (command?.type === 'keep') {
          steps.set(requestId, command.run.step);
          void report('writeBegins', command.run.step);
        }
        if (Array.isArray(options)) super.postMessage(message, options);
        else super.postMessage(message, options);
      }
    };
  });
  return {
    begins: () => new Promise((resolve) => waiting.push(resolve)),
    get started() {
      return started;
    },
    get kept() {
      return kept;
    },
  };
}

/** Starts a run and waits until it is kept, and until that long after the start of the next write. */
async function trainsIntoWrite(page: Page, delay: number, settings: Settings = RUN): Promise<Writes> {
  const writes = await writesOf(page);
  const run = await Playground.endless(page, settings);
  await run.trains();
  await expect.poll(() => writes.kept).toBeGreaterThan(0);
  await writes.begins();
  await milliseconds(delay);
  return writes;
}

/** A fresh page offers to resume from no earlier step than the storage had, and trains on. */
async function survived(page: Page, kept: number): Promise<void> {
  const playground = await Playground.open(page, RUN);
  const offer = page.getByTestId('resume-run');
  await expect(offer).toHaveText(/^Resume from/);
  const from = Number((await offer.innerText()).replaceAll(/\D/g, ''));
  expect(from).toBeGreaterThanOrEqual(kept);
  const run = await playground.takeOffer();
  await run.reachesStep(from + 5);
}

kills('page, in the middle of a write', (name, delay) =>
  test(name, async ({ page, context }) => {
    const writes = await trainsIntoWrite(page, delay);
    const crashed = page.waitForEvent('crash');
    const session = await context.newCDPSession(page);
    // It does not live to answer.
    session.send('Page.crash').catch(() => {});
    await crashed;
    await page.close();
    await survived(await context.newPage(), writes.kept);
  }),
);

kills('browser, in the middle of a write', (name, delay) =>
  test(name, async ({ launch }, testInfo) => {
    const folder = testInfo.outputPath('profile');
    const first: BrowserContext = await launch(folder);
    const writes = await trainsIntoWrite(await first.newPage(), delay);
    await killBrowser(first);
    await survived(await (await launch(folder)).newPage(), writes.kept);
  }),
);

/** The ends of a worker that does not live to answer. */
async function endsOf(gate: WorkerGate, name: WorkerName, fate: () => void): Promise<void> {
  const worker = await gate.worker(name);
  worker.evaluate(fate).catch(() => {});
}

/**
 * Kills a part of the page that trains, and sees the run continue in the page. Each kill has a browser of its own: after
 * the third graphics process of one browser in 75 s a page got no adapter in its four attempts.
 */
function killsOfParts(kind: string, kill: (gate: WorkerGate) => Promise<void>, settings: Settings = RUN): void {
  kills(kind, (name, delay) =>
    test(name, async ({ launch }, testInfo) => {
      const page = await (await launch(testInfo.outputPath('profile'))).newPage();
      const gate = await WorkerGate.install(page);
      const writes = await trainsIntoWrite(page, delay, settings);
      await kill(gate);
      await trainsAndKeeps(page, writes);
    }),
  );
}

/** A step is trained and kept that is later than the write in which the kill fell. */
async function trainsAndKeeps(page: Page, writes: Writes): Promise<void> {
  const run = new EndlessRun(page);
  const before = writes.started;
  await expect.poll(() => writes.kept).toBeGreaterThan(before);
  await run.reachesStep(writes.kept);
}

const ended = () => self.close();
const hung = () => {
  for (;;);
};

killsOfParts('worker that trains, ended', (gate) => endsOf(gate, 'training', ended));
killsOfParts('worker that trains, hung', (gate) => endsOf(gate, 'training', hung));
killsOfParts('worker that keeps runs, ended', (gate) => endsOf(gate, 'runs', ended));
killsOfParts('worker that keeps runs, hung', (gate) => endsOf(gate, 'runs', hung));
const ON_WEBGPU = { ...RUN, backend: 'webgpu', arms: 'standard', batchSize: 4, telemetryEvery: 2 };
if (process.platform === 'linux') killsOfParts('graphics process', async () => killGpuProcess(), ON_WEBGPU);
