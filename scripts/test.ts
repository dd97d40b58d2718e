import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { provideChromium, swiftShaderDriver } from './chromium.ts';
import { findLavapipe } from './lavapipe.ts';
import { passesOf, type TestCount } from './test-counts.ts';

/*
 * All checks in one command: lint, layering, types, unit and kernel tests in Node, the built page in a real browser.
 * The last line adds up every runner; each check without a count of its own counts as one.
 */

const total: TestCount = { passed: 0, failed: 0, skipped: 0 };
/** Named at the end too: a log of which only the end is kept says where to look. */
const failedParts: string[] = [];

function add(count: TestCount): void {
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
}

function run(title: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  console.log(`\n=== ${title}`);
  const started = Date.now();
  const { status } = spawnSync(command, [...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(`=== ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  if (status !== 0) failedParts.push(title);
  return status === 0;
}

function check(title: string, command: string, args: readonly string[]): boolean {
  const passed = run(title, command, args);
  add({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  return passed;
}

/** Runs a test runner and counts from its JSON report. */
function suite(
  title: string,
  runner: 'vitest' | 'playwright',
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  report: string,
) {
  rmSync(report, { force: true });
  const passed = run(title, 'npx', [runner, ...args], env);
  const count = passesOf(runner, report);
  if (!passed && count.failed === 0) count.failed = 1;
  add(count);
}

check('Lint', 'npx', ['biome', 'check', '--error-on-warnings']);
check('Layering', 'npx', ['tsx', 'scripts/layering.ts']);
check('No test waits for a time', 'npx', ['tsx', 'scripts/timing.ts']);
check('Wording', 'npx', ['tsx', 'scripts/wording.ts']);
check('Unused exports and files', 'npx', ['knip']);
check('Types', 'npx', ['tsc', '-p', '.']);

const chromium = provideChromium();
const driver = swiftShaderDriver(chromium);
const engine: NodeJS.ProcessEnv = { CHROME_PATH: chromium, ...(driver === undefined ? {} : { REQUIRE_WEBGPU: '1' }) };
console.log(`Browser: ${chromium}`);

suite(
  'Unit and kernel tests',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json'],
  engine,
  'test-results/vitest.json',
);
const lavapipe = findLavapipe();
if (typeof lavapipe === 'string') {
  console.log(`\n=== Kernel tests on a second Vulkan driver: skipped (${lavapipe})`);
  add({ passed: 0, failed: 0, skipped: 1 });
} else {
  const { driver: second, adapter } = lavapipe;
  suite(
    `Kernel tests on a second Vulkan driver, ${adapter}`,
    'vitest',
    [
      'run',
      '--project',
      'kernels',
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=test-results/lavapipe.json',
    ],
    { ...engine, WEBGPU_DRIVER: second, TEST_BACKENDS: 'webgpu', REQUIRE_WEBGPU: '1' },
    'test-results/lavapipe.json',
  );
}
if (check('Build', 'npx', ['vite', 'build', '--logLevel', 'warn'])) {
  check('Size budget', 'npx', ['tsx', 'scripts/size.ts']);
  suite(
    'Browser tests',
    'playwright',
    ['test'],
    { ...engine, PLAYWRIGHT_JSON_OUTPUT_NAME: 'test-results/playwright.json' },
    'test-results/playwright.json',
  );
}

if (failedParts.length > 0) console.log(`\nFailed: ${failedParts.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
