import { readFileSync } from 'node:fs';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { findChromium } from '../scripts/chromium.ts';
import { BROWSER_ARGUMENTS } from './browser-arguments.ts';
import { MANY_DIE, Playground, TINY } from './playground.ts';

const executablePath = findChromium();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    // A browser gives up WebGPU after a few crashes in two minutes; a user's crashes come further apart.
    args: [...BROWSER_ARGUMENTS, '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
  },
});

/** Steps of a few milliseconds, and a checkpoint every second. */
const QUICK = { ...TINY, ...MANY_DIE, batchSize: 2, checkpointEvery: 1, telemetryEvery: 5, kernelEvery: 5 };

/** The worker that trains: the newest. */
function trainingWorker(page: Page): Worker {
  const worker = page.workers().findLast((candidate) => candidate.url().includes('training.worker'));
  if (worker === undefined) throw new Error('There is no training worker.');
  return worker;
}

/** Steps of the seams, as the event list tells them. */
const seams = (playground: Playground) => playground.events.getByTestId('seam');

/** The weights of an arm of the finished run. */
async function weights(page: Page): Promise<string> {
  await page.getByTestId('export-run').click();
  const download = page.waitForEvent('download');
  await page.getByTestId('export-safetensors').click();
  return readFileSync(await (await download).path(), 'base64');
}

async function finishes(playground: Playground): Promise<void> {
  await expect(playground.toggle).toHaveAttribute('data-phase', 'finished');
}

test('a destroyed device: said in a sentence, gone on from the last checkpoint, ends in the same weights', async ({
  page,
}) => {
  const settings = { ...QUICK, backend: 'webgpu', steps: 150 };
  const playground = await Playground.open(page, settings);
  await playground.toggle.click();
  await expect(playground.badge).toContainText('WebGPU');
  await finishes(playground);
  const undisturbed = await weights(page);

  await playground.reset.click();
  await playground.toggle.click();
  await playground.reachesStep(60);
  await trainingWorker(page).evaluate(() => {
    const create = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      GPUDevice.prototype.createCommandEncoder = create;
      this.destroy();
      return create.apply(this, given);
    };
  });
  await expect(playground.notice).toContainText(/The graphics card stopped answering at step [\d\s]+\./, {
    timeout: 5000,
  });
  await expect(playground.notice).toContainText(/The run goes on from step [1-9]/);
  await finishes(playground);
  await expect(playground.badge).toContainText('WebGPU');
  await expect(seams(playground)).toHaveCount(1);
  expect(await weights(page)).toBe(undisturbed);
});
