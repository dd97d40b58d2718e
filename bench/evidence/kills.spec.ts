/*
 * Kills the page, the browser, each worker and the command line, most of them in the middle of a write, and sees
 * whether the run resumes from its kept checkpoint:
 *   npx vite build && KILLS=25 npx playwright test -c bench/evidence
 * The moments differ from kill to kill, by some milliseconds after the start of a write.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, type FSWatcher, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as milliseconds } from 'node:timers/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { killGpuProcess } from '../../e2e/gpu-process.ts';
import { killBrowser, test } from '../../e2e/own-browser.ts';
import { EndlessRun, HALF_DIE, Playground, type Settings, TINY } from '../../e2e/playground.ts';
import { WorkerGate, type WorkerName } from '../../e2e/worker-gate.ts';
import { readRunArchive } from '../../src/exchange/run-archive.ts';
import { readNpz } from '../../src/formats/npz.ts';
import { readResultsCsv } from '../../src/study/results-csv.ts';

const KILLS = Number(process.env.KILLS ?? 25);
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

/** So many tests of one kind, with moments from 0 to 50 ms after the start of a write. */
function kills(kind: string, one: (name: string, delay: number) => void): void {
  test.describe(kind, () => {
    for (let kill = 0; kill < KILLS; kill++) one(`${kill + 1} of ${KILLS}`, Math.round((50 * kill) / KILLS));
  });
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
 * Kills a part of the page that trains, and sees the run continue in the page. Each browser serves one kill: Chromium gives
 * no adapter to any page after the third graphics process in a minute or so.
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

const TRAIN = ['--import', 'tsx', 'src/cli/train.ts'];
const FLAGS = Object.entries({
  identities: 8,
  'images-per-identity': 4,
  'image-size': 16,
  filters: 8,
  width: 8,
  'embedding-size': 16,
  'batch-size': 8,
  'verify-every': 0,
  'verify-pairs': 20,
  steps: 200_000,
  'telemetry-every': 100,
  'checkpoint-every': 1,
  backend: 'wasm',
}).flatMap(([flag, value]) => [`--${flag}`, String(value)]);

/** The step of a saved run, which is whole. */
const stepOf = (file: string) => readRunArchive(readFileSync(file)).step;

/** Resolves when a command begins to write a file of its run, once it trains: before that it tries each. */
async function writes(command: ChildProcess, file: string): Promise<void> {
  let said = '';
  await new Promise<void>((starts) => {
    command.stderr?.on('data', (bytes) => {
      said += bytes;
      if (said.includes('held-out pairs')) starts();
    });
  });
  await beginsIn([dirname(file)], basename(file));
}

/** Resolves when a file of this name begins to be written in one of the folders. */
async function beginsIn(folders: readonly string[], file: string): Promise<void> {
  const watchers: FSWatcher[] = [];
  const isPart = (name: string | null) => name?.startsWith(`${file}.`) && name.endsWith('.part');
  await new Promise<void>((resolve) => {
    for (const folder of folders) watchers.push(watch(folder, (_, name) => (isPart(name) ? resolve() : undefined)));
  });
  for (const watcher of watchers) watcher.close();
}

async function killed(command: ChildProcess): Promise<void> {
  const gone = once(command, 'exit');
  command.kill('SIGKILL');
  await gone;
}

const WRITTEN = ['run.json', 'metrics.csv', 'events.csv', 'run.zip'];

for (const file of WRITTEN) {
  kills(`command line, in the middle of writing ${file}`, (name, delay) =>
    test(name, async ({ baseURL: _ }, testInfo) => {
      const earlier = join(testInfo.project.outputDir, `run-${testInfo.parallelIndex}`);
      if (!existsSync(join(earlier, 'run.zip'))) {
        execFileSync(process.execPath, [...TRAIN, ...FLAGS, '--end-at', '50', '--out', earlier], { stdio: 'ignore' });
      }
      const out = testInfo.outputPath('run');
      cpSync(earlier, out, { recursive: true });
      const zip = join(out, 'run.zip');
      const first = stepOf(zip);
      const resumed = [...TRAIN, '--resume', zip, '--out', out, '--end-at', '100'];
      const command = spawn(process.execPath, resumed, { stdio: ['ignore', 'ignore', 'pipe'] });
      await writes(command, join(out, file));
      await milliseconds(delay / 5);
      await killed(command);
      expect(stepOf(zip)).toBeGreaterThanOrEqual(first);
      // Every other file is whole as well, old or new.
      expect(() => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).not.toThrow();
      for (const table of ['metrics.csv', 'events.csv']) expect(readFileSync(join(out, table), 'utf8')).toMatch(/\n$/);
    }),
  );
}

const STUDY_WRITTEN = [
  ...['study.json', 'run.zip', 'start.zip', 'first-layer.npz', 'scores.npz', 'results.csv'],
  ...['summary.json', 'report.md', 'inactive-share.svg'],
];
/** Filters die within the first half of the run, so that a condition begins where Standard's run was the same. */
const STUDY_FLAGS = [
  ...FLAGS.filter((_, at) => !/^--(steps|telemetry-every|verify-every|verify-pairs)$/.test(FLAGS[at - (at % 2)] ?? '')),
  ...'--steps 100 --telemetry-every 5 --verify-every 40 --pairs 20 --warmup-steps 0'.split(' '),
  ...'--weight-decay 0.08 --learning-rate 0.1 --epsilon 0.15 --seeds 1 --condition blend --jobs 1'.split(' '),
];
const study = (out: string) => [
  '--import',
  'tsx',
  'src/cli/study.ts',
  ...STUDY_FLAGS,
  '--name',
  'killed',
  '--out',
  out,
];

/** The rows of a study but for the time they took. */
const rowsIn = (out: string) =>
  readResultsCsv(readFileSync(join(out, 'results.csv'), 'utf8')).map((row) => ({ ...row, seconds: 0 }));

/** Reads a file of a study, which is whole. */
function readsWhole(path: string): void {
  const bytes = new Uint8Array(readFileSync(path));
  if (path.endsWith('.zip')) readRunArchive(bytes);
  else if (path.endsWith('.npz')) readNpz(bytes);
  else if (path.endsWith('.json')) JSON.parse(new TextDecoder().decode(bytes));
  else if (path.endsWith('.csv')) readResultsCsv(new TextDecoder().decode(bytes));
  else expect(bytes.length).toBeGreaterThan(0);
}

for (const file of STUDY_WRITTEN) {
  kills(`study, in the middle of writing ${file}`, (name, delay) =>
    test(name, async ({ baseURL: _ }, testInfo) => {
      const whole = join(testInfo.project.outputDir, `study-${testInfo.parallelIndex}`);
      if (!existsSync(join(whole, 'report.md'))) execFileSync(process.execPath, study(whole), { stdio: 'ignore' });
      const out = testInfo.outputPath('study');
      const folders = ['.', 'runs/1-standard', 'runs/1-blend', 'figures'].map((folder) => join(out, folder));
      for (const folder of folders) mkdirSync(folder, { recursive: true });
      const command = spawn(process.execPath, study(out), { stdio: 'ignore' });
      await beginsIn(folders, file);
      await milliseconds(delay / 5);
      await killed(command);
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (entry.isFile() && !entry.name.endsWith('.part')) readsWhole(join(entry.parentPath, entry.name));
      }
      execFileSync(process.execPath, study(out), { stdio: 'ignore' });
      expect(rowsIn(out)).toEqual(rowsIn(whole));
    }),
  );
}
