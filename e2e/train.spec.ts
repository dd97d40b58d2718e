import { expect, test } from '@playwright/test';
import { MANY_DIE, Playground, TINY } from './playground.ts';

test('trains both arms on WebGPU, pauses, steps and finishes', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, ...MANY_DIE, backend: 'webgpu' });
  await expect(playground.badge).toContainText('WebGPU');
  await expect(playground.tiles('standard')).toHaveCount(8);

  await playground.toggle.click();
  await playground.reachesStep(3);
  await expect(playground.progress).toHaveAttribute('aria-valuemax', '40');

  await playground.toggle.click();
  await expect(playground.toggle).toHaveText(/Resume/);
  const paused = await playground.step();
  await playground.stepButton.click();
  await expect(playground.progress).toHaveAttribute('aria-valuenow', String(paused + 1));
  await expect(playground.toggle).toHaveText(/Resume/);

  await playground.toggle.click();
  await playground.reachesStep(40);
  await expect(playground.events).toContainText('Step 4');
  await expect(playground.badge).toContainText('WebGPU');
});

test('trains on WebAssembly: filters come back, CRAFT is switched off in mid-run, both arms are compared', async ({
  page,
}) => {
  const playground = await Playground.open(page, {
    ...TINY,
    ...MANY_DIE,
    backend: 'wasm',
    batchSize: 64,
    steps: 2000,
    checkEvery: 1,
  });
  await playground.toggle.click();
  await expect(playground.badge).toContainText('WebAssembly');
  await expect(playground.wall('craft').locator('[data-state=reactivated]').first()).toBeVisible();
  await expect(playground.wall('standard').locator('[data-state=inactive]').first()).toBeVisible();
  await expect(playground.wall('standard').locator('[data-state=reactivated]')).toHaveCount(0);

  await playground.toggle.click();
  await expect(playground.toggle).toHaveText(/Resume/);
  const paused = await playground.step();
  await playground.craftSwitch.click();
  await playground.toggle.click();
  // Three more checks would be due.
  await playground.reachesStep(paused + 60);
  const steps = [...(await playground.events.allInnerTexts()).join().matchAll(/Step (\d+)/g)].map((match) =>
    Number(match[1]),
  );
  expect(Math.max(...steps)).toBeLessThanOrEqual(paused + 1);
});

test('one arm alone', async ({ page }) => {
  const playground = await Playground.open(page, {
    ...TINY,
    ...MANY_DIE,
    backend: 'wasm',
    arms: 'standard',
    steps: 10,
  });
  await playground.toggle.click();
  await playground.reachesStep(10);
  await expect(playground.tiles('standard')).toHaveCount(8);
  await expect(playground.wall('craft')).toHaveCount(0);
  await expect(playground.events).not.toContainText(/Step \d+ \d+ filter/);
});

test('reset goes back to step 0, and the same run gives the same filters again', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm', steps: 12 });
  const labels = () =>
    playground.tiles('standard').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')));
  await playground.toggle.click();
  await playground.reachesStep(12);
  await expect(playground.toggle).not.toHaveText(/Pause/);
  const first = await labels();
  await playground.reset.click();
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '0');
  await playground.toggle.click();
  await playground.reachesStep(12);
  await expect(playground.toggle).not.toHaveText(/Pause/);
  expect(await labels()).toEqual(first);
});

test('settings and tabs, which do not change while a run trains, are not rendered again', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, ...MANY_DIE, backend: 'wasm', steps: 400 });
  await playground.stepButton.click();
  await playground.reachesStep(1);
  await expect(playground.toggle).toHaveAttribute('data-phase', 'paused');
  await page.evaluate(rememberProps, '[data-setting], nav button');
  await playground.trainsToEnd();
  // Only the buttons and the rail's foot show the phases of the run.
  expect(await page.evaluate(renderedAgain)).toEqual([]);
});

test('nor is the table of benchmarks on the tab Verify', async ({ page }) => {
  const playground = await Playground.open(page, { ...TINY, ...MANY_DIE, backend: 'wasm', steps: 100_000 });
  await playground.toggle.click();
  await playground.reachesStep(5);
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Verify').click();
  const told = page.getByTestId('verify-networks').getByText(/now at step/);
  const stepTold = async () => Number((await told.innerText()).replaceAll(/\D/g, ''));
  const before = await stepTold();
  await page.evaluate(rememberProps, '[data-testid=verify-table] *');
  await expect.poll(stepTold).toBeGreaterThan(before + 50);
  expect(await page.evaluate(renderedAgain)).toEqual([]);
});

/** What React last gave to some elements; new with every rendering of the component they are part of. */
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
