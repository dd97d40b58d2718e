import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './chromium.ts';
import { passesOf, type TestCount } from './test-counts.ts';

/*
 * Shows that the tests do not depend on the speed of the machine, nor on the version of Node: the browser tests on one
 * core that another process burns, on the whole machine, and on Node 22 and 24, with the unit tests there too.
 *
 *   npm run test:stress -- --runs 3 --only loaded,unloaded,node22,node24
 *
 * Arguments behind a second `--` are given to Playwright, to repeat some tests alone: `-- e2e/recovery.spec.ts`.
 */

const VARIANTS = ['loaded', 'unloaded', 'node22', 'node24'] as const;
type Variant = (typeof VARIANTS)[number];

/** How a variant runs a command: the words before it, and its environment. */
interface Setting {
  readonly title: string;
  readonly before: readonly string[];
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether another process burns the core meanwhile. */
  readonly burns: boolean;
  readonly unitTests: boolean;
}

interface Row {
  readonly title: string;
  readonly counts: TestCount[];
  readonly seconds: number[];
  /** Why there is nothing to count. */
  readonly left?: string;
}

const RESULTS = 'test-results/stress';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: VARIANTS.join() } },
});
const runs = Number(values.runs);
const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !VARIANTS.some((variant) => variant === name));
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}; it is a whole number from 1.`);
if (unknown.length > 0) throw new Error(`--only names ${unknown.join()}; there are ${VARIANTS.join()}.`);

/** The first core this process may use; undefined where no tool pins a process to one. */
function core(): string | undefined {
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const status = readFileSync('/proc/self/status', 'utf8');
  return /Cpus_allowed_list:\s*(\d+)/.exec(status)?.[1];
}

/** The binary of a Node version, from the npm package `node`; it is fetched once and then found without a network. */
function nodeBinary(major: number): string | undefined {
  const folder = `node_modules/.cache/node-${major}`;
  const binary = resolve(folder, 'node_modules/node/bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    spawnSync('npm', ['install', '--no-save', '--prefix', folder, `node@${major}`], { stdio: 'inherit' });
  }
  return existsSync(binary) ? binary : undefined;
}

/** How a variant is run here, or why it cannot be. */
function settingOf(variant: Variant): Setting | string {
  const here = { node: process.execPath, before: [], env: process.env, burns: false, unitTests: false };
  if (variant === 'unloaded') return { ...here, title: `whole machine, Node ${process.versions.node}` };
  if (variant === 'loaded') {
    const pinned = core();
    if (pinned === undefined) return 'skipped: there is no taskset here (Linux, package util-linux)';
    const title = `one core that is burned, Node ${process.versions.node}`;
    return { ...here, title, before: ['taskset', '-c', pinned], burns: true };
  }
  const major = Number(variant.slice('node'.length));
  const node = nodeBinary(major);
  if (node === undefined) return `skipped: Node ${major} could not be fetched from npm`;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return { ...here, title: `whole machine, Node ${version}`, node, env, unitTests: true };
}

function run({ before, node, env }: Setting, args: readonly string[], extra: NodeJS.ProcessEnv = {}): void {
  const [command = node, ...rest] = [...before, node, ...args];
  spawnSync(command, rest, { stdio: 'inherit', env: { ...env, ...extra } });
}

/** Runs the browser tests once and reads their outcomes. */
function browserTests(setting: Setting, report: string): TestCount {
  rmSync(report, { force: true });
  const chromium = findChromium();
  run(setting, ['node_modules/@playwright/test/cli.js', 'test', ...positionals], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    ...(chromium === undefined ? {} : { CHROME_PATH: chromium }),
  });
  return passesOf('playwright', report);
}

function unitTests(setting: Setting, report: string): TestCount {
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  run(setting, ['node_modules/vitest/vitest.mjs', 'run', ...reporters]);
  return passesOf('vitest', report);
}

/** A process that leaves nothing of the core to anybody who does not take turns with it. */
function burn({ before }: Setting): ChildProcess {
  const [command = process.execPath, ...rest] = [...before, process.execPath, '-e', 'for (;;);'];
  return spawn(command, rest, { stdio: 'ignore' });
}

function measure(variant: Variant): Row[] {
  const setting = settingOf(variant);
  if (typeof setting === 'string') return [{ title: variant, counts: [], seconds: [], left: setting }];
  const browser: Row = { title: `browser tests, ${setting.title}`, counts: [], seconds: [] };
  const unit: Row = { title: `unit tests, ${setting.title}`, counts: [], seconds: [] };
  const burner = setting.burns ? burn(setting) : undefined;
  const timed = (row: Row, tests: () => TestCount) => {
    const started = Date.now();
    row.counts.push(tests());
    row.seconds.push((Date.now() - started) / 1000);
  };
  try {
    if (setting.unitTests) timed(unit, () => unitTests(setting, join(RESULTS, `${variant}-unit.json`)));
    for (let time = 1; time <= runs; time++) {
      console.log(`\n=== ${browser.title}: ${time} of ${runs}`);
      timed(browser, () => browserTests(setting, join(RESULTS, `${variant}-${time}.json`)));
    }
  } finally {
    burner?.kill('SIGKILL');
  }
  return setting.unitTests ? [unit, browser] : [browser];
}

function line({ title, counts, seconds, left }: Row): string {
  if (left !== undefined) return `| ${title} | 0 | ${left} | | | |`;
  const each = (name: keyof TestCount) => counts.map((count) => count[name]).join(', ');
  const minutes = seconds.map((time) => (time / 60).toFixed(1)).join(', ');
  return `| ${title} | ${counts.length} | ${each('passed')} | ${each('failed')} | ${each('skipped')} | ${minutes} |`;
}

mkdirSync(RESULTS, { recursive: true });
spawnSync('npx', ['vite', 'build', '--logLevel', 'warn'], { stdio: 'inherit' });
const rows = VARIANTS.filter((variant) => wanted.includes(variant)).flatMap(measure);
console.log('\n| tests | runs | passed | failed | skipped | minutes |\n|---|---:|---|---|---|---|');
for (const row of rows) console.log(line(row));
process.exit(rows.some(({ counts }) => counts.some(({ failed }) => failed > 0)) ? 1 : 0);
