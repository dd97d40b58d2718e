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
