/*
 * Kills the commands that train and study in the middle of a write, and sees whether each of their files is whole:
 *   npx vite build && KILLS=12 npx playwright test -c bench/evidence -g "command line"
 * The moments differ from kill to kill, by some milliseconds after the start of a write.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, type FSWatcher, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as milliseconds } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../e2e/own-browser.ts';
import { readRunArchive } from '../../src/exchange/run-archive.ts';
import { readNpz } from '../../src/formats/npz.ts';
import { readResultsCsv } from '../../src/study/results-csv.ts';
import { kills } from './kill-series.ts';

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
