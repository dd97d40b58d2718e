import { expect, it } from 'vitest';
import { timed } from './timing.ts';

it.each([
  ['a sleep', 'e2e/a.spec.ts', 'await page.waitForTimeout(50);'],
  ['a timer', 'e2e/playground.ts', 'await new Promise((done) => setTimeout(done, 50));'],
  ['a deadline', 'e2e/a.spec.ts', 'await expect(button).toBeVisible({ timeout: 5_000 });'],
  ['a longer test', 'e2e/a.spec.ts', 'test.slow();'],
  ['a button of a run', 'e2e/a.spec.ts', "await page.getByTestId('run-toggle').click();"],
  ['the key of that button', 'e2e/a.spec.ts', "await Playground.finite(page);\nawait page.keyboard.press('Space');"],
  ['a run said to be endless', 'e2e/a.spec.ts', 'const run = new EndlessRun(page);'],
  ['a length in a link', 'e2e/a.spec.ts', "await page.goto('/#v=1&steps=40');"],
  ['a stopwatch', 'src/a.test.ts', 'expect(performance.now() - started).toBeLessThan(2000);'],
  ['a deadline in Node', 'src/a.test.ts', 'vi.setConfig({ testTimeout: 300_000 });'],
  ['a deadline of one test', 'src/a.test.ts', "test('trains', async () => {\n}, 60_000);"],
  ['a sleep in Node', 'src/a.test.ts', 'await new Promise((done) => setTimeout(done, 50));'],
])('finds %s', (_, path, source) => {
  expect(timed(path, source)).toHaveLength(1);
});

it.each([
  ['no limit', 'e2e/a.spec.ts', 'launch({ timeout: 0 });'],
  ['a look at a button', 'e2e/a.spec.ts', "await expect(page.getByTestId('run-toggle')).toHaveText('Pause');"],
  [
    'the key of an endless run',
    'e2e/a.spec.ts',
    "await Playground.endless(page);\nawait page.keyboard.press('Space');",
  ],
  ['timers that the test moves', 'src/a.test.ts', 'vi.useFakeTimers();\nsetTimeout(answer, 5);'],
  ['a file that is no test', 'src/training/pace.ts', 'private readonly now = () => performance.now()'],
])('allows %s', (_, path, source) => {
  expect(timed(path, source)).toEqual([]);
});
