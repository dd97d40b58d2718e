import { expect, test } from '@playwright/test';
import { MANY_DIE, Playground, TINY } from './playground.ts';

test('trains both arms on WebGPU to the end, and filters come back', async ({ page }) => {
  const run = await Playground.finite(page, { ...TINY, ...MANY_DIE, backend: 'webgpu', steps: 10 });
  await expect(run.tiles('standard')).toHaveCount(8);
  await run.trainsToEnd();
  await expect(run.progress).toHaveAttribute('aria-valuemax', '10');
  expect(await run.step()).toBe(10);
  await expect(run.events).toContainText('Step 1');
  await expect(run.badge).toHaveAttribute('data-backend', 'webgpu');
});

test('on WebGPU pauses, takes a step and resumes', async ({ page }) => {
  const run = await Playground.endless(page, { ...TINY, backend: 'webgpu', telemetryEvery: 1 });
  await run.trains();
  const paused = await run.pause();
  await run.takeStep();
  expect(await run.step()).toBe(paused + 1);
  await expect(run.toggle).toHaveText('Resume');
  await run.trains();
  await expect(run.badge).toHaveAttribute('data-backend', 'webgpu');
});

test('trains on WebAssembly: filters come back, CRAFT is switched off in mid-run, both arms are compared', async ({
  page,
}) => {
  const run = await Playground.finite(page, { ...TINY, ...MANY_DIE, backend: 'wasm', steps: 20, checkEvery: 10 });
  await run.stepTo(2);
  await expect(run.badge).toContainText('WebAssembly');
  await expect(run.wall('craft').locator('[data-state=reactivated]').first()).toBeVisible();
  await expect(run.wall('standard').locator('[data-state=inactive]').first()).toBeVisible();
  await expect(run.wall('standard').locator('[data-state=reactivated]')).toHaveCount(0);
  await run.craftSwitch.click();
  // Eight more checks would be due.
  await run.trainsToEnd();
  const events = (await run.events.allInnerTexts()).join();
  const steps = [...events.matchAll(/Step (\d+)/g)].map((match) => Number(match[1]));
  expect(Math.max(...steps)).toBe(2);
});

test('one arm alone', async ({ page }) => {
  const run = await Playground.finite(page, { ...TINY, ...MANY_DIE, backend: 'wasm', arms: 'standard', steps: 10 });
  await run.trainsToEnd();
  await expect(run.tiles('standard')).toHaveCount(8);
  await expect(run.wall('craft')).toHaveCount(0);
  await expect(run.events).not.toContainText(/Step \d+ \d+ filter/);
});

test('reset goes back to step 0, and the same run gives the same filters again', async ({ page }) => {
  const run = await Playground.finite(page, { ...TINY, backend: 'wasm', steps: 12 });
  const labels = () =>
    run.tiles('standard').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')));
  await run.trainsToEnd();
  const first = await labels();
  await run.reset.click();
  await expect(run.progress).toHaveAttribute('aria-valuenow', '0');
  await run.trainsToEnd();
  expect(await labels()).toEqual(first);
});

test('settings and tabs, which do not change while a run trains, are not rendered again', async ({ page }) => {
  const run = await Playground.finite(page, { ...TINY, ...MANY_DIE, backend: 'wasm', steps: 100 });
  await run.stepTo(1);
  await page.evaluate(rememberProps, '[data-setting], nav button');
  await run.trainsToEnd();
  // The phases of the run are shown in the buttons and the rail's foot alone.
  expect(await page.evaluate(renderedAgain)).toEqual([]);
});

test('nor is the table of benchmarks on the tab Verify', async ({ page }) => {
  const run = await Playground.endless(page, { ...TINY, backend: 'wasm', telemetryEvery: 1 });
  await run.trains();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Verify').click();
  const shown = page.getByTestId('verify-networks').getByText(/now at step/);
  const stepShown = async () => Number((await shown.innerText()).replaceAll(/\D/g, ''));
  const before = await stepShown();
  await page.evaluate(rememberProps, '[data-testid=verify-table] *');
  await expect.poll(stepShown).toBeGreaterThan(before);
  expect(await page.evaluate(renderedAgain)).toEqual([]);
});

/** The props that React last gave to some elements; new with every rendering of the component they are part of. */
function rememberProps(selector: string): void {
  const elements = document.querySelectorAll(selector);
  const props = (element: Element) =>
    Object.entries(element).find(([name]) => name.startsWith('__reactProps$'))?.[1] ?? crypto.randomUUID();
  const remembered = Array.from(elements, (element) => ({ element, before: props(element) }));
  Object.assign(globalThis, {
    renderedAgain: () =>
      remembered.length < 10
        ? ['too few elements']
        : remembered.filter(({ element, before }) => props(element) !== before).map(({ element }) => element.outerHTML),
  });
}

function renderedAgain(): unknown {
  return Reflect.get(globalThis, 'renderedAgain')();
}
