import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { findChromium } from '../scripts/chromium.ts';
import { BROWSER_ARGUMENTS } from './browser-arguments.ts';
import { killGpuProcess } from './gpu-process.ts';
import { MANY_DIE, Playground, TINY } from './playground.ts';

const executablePath = findChromium();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    // A browser gives up WebGPU after a few crashes in two minutes; a user's crashes come further apart.
    args: [...BROWSER_ARGUMENTS, '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
  },
});

/** What a loss has to be noticed and said within, in milliseconds. */
const SOON = 5000;

/** Short steps, and a checkpoint every second. */
const QUICK = { ...TINY, ...MANY_DIE, batchSize: 4, checkpointEvery: 1, telemetryEvery: 2, kernelEvery: 2 };

/** The worker that trains: the newest. */
async function trainingWorker(page: Page): Promise<Worker> {
  for (const worker of page.workers().toReversed()) {
    if ((await worker.evaluate(() => self.name)) === 'training') return worker;
  }
  throw new Error('There is no training worker.');
}

/** The worker's device fails at its next computation. */
async function strikeDevice(page: Page, what: 'destroyed' | 'out of memory'): Promise<void> {
  const worker = await trainingWorker(page);
  await worker.evaluate((fate) => {
    const create = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      GPUDevice.prototype.createCommandEncoder = create;
      const error = new GPUOutOfMemoryError('The buffer could not be allocated.');
      if (fate === 'destroyed') this.destroy();
      else this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
      return create.apply(this, given);
    };
  }, what);
}

/** The resumes of the run in the event list, newest first. */
const seams = (playground: Playground) => playground.events.getByTestId('seam');

async function newestSeam(playground: Playground): Promise<number> {
  const text = await seams(playground).first().innerText();
  return Number(/Step (\d+)/.exec(text.replace(/[^\w ]/g, ''))?.[1]);
}

/** The first step in a worker compiles the shaders, on the processor. */
const COMPILED = { timeout: 120_000 };

/** Starts a run, or resumes the paused one, step by step; it is paused afterwards, with a checkpoint. */
async function takeSteps(playground: Playground, count: number): Promise<void> {
  const before = await playground.step();
  for (let step = before + 1; step <= before + count; step++) {
    await playground.stepButton.click();
    await expect(playground.progress).toHaveAttribute('aria-valuenow', String(step), COMPILED);
    await expect(playground.stepButton).toBeEnabled();
  }
}

/** Pauses and resumes, since a paused run has a checkpoint; returns its step once the run is beyond it. */
async function takeCheckpoint(playground: Playground): Promise<number> {
  await playground.toggle.click();
  await expect(playground.toggle).toHaveText(/Resume/);
  const step = await playground.step();
  await playground.toggle.click();
  await playground.reachesStep(step + 1);
  return step;
}

async function finishes(playground: Playground): Promise<void> {
  await expect(playground.toggle).toHaveAttribute('data-phase', 'finished', { timeout: 120_000 });
}

/** The weights of the CRAFT arm of the finished run. */
async function weights(page: Page): Promise<string> {
  await page.getByTestId('export-run').click();
  const download = page.waitForEvent('download');
  await page.getByTestId('export-safetensors').click();
  return readFileSync(await (await download).path(), 'base64');
}

test('a destroyed device: said in a sentence, resumed from the last checkpoint, ends in the same weights', async ({
  page,
}) => {
  const playground = await Playground.open(page, { ...QUICK, backend: 'webgpu', steps: 12 });
  await playground.toggle.click();
  await finishes(playground);
  await expect(playground.badge).toContainText('WebGPU');
  const undisturbed = await weights(page);

  await playground.reset.click();
  await takeSteps(playground, 6);
  await strikeDevice(page, 'destroyed');
  await playground.toggle.click();
  await expect(playground.notice).toContainText(/The graphics card stopped answering at step [67]\./, {
    timeout: SOON,
  });
  await expect(playground.notice).toContainText('The run resumes from step 6.');
  expect(await newestSeam(playground)).toBe(6);
  await expect(page.getByTestId('heatmap-craft').getByTestId('seam-mark')).toHaveCount(1);
  await finishes(playground);
  await expect(playground.badge).toContainText('WebGPU');
  expect(await weights(page)).toBe(undisturbed);
});

/** A folder of grey faces, one folder a person. */
function people(root: string): string {
  for (let person = 0; person < 12; person++) {
    mkdirSync(join(root, `p${person}`), { recursive: true });
    for (let image = 0; image < 4; image++) {
      const pixels = Buffer.alloc(24 * 24 * 3, 20 * person + image);
      writeFileSync(join(root, `p${person}`, `${image}.ppm`), Buffer.concat([Buffer.from('P6 24 24 255\n'), pixels]));
    }
  }
  return root;
}

test('the graphics process killed ten times in one run: each time no more than a checkpoint interval is lost', async ({
  page,
}, testInfo) => {
  test.skip(process.platform !== 'linux', 'finds the process in /proc');
  // Five of the workers compile their shaders on the processor: seconds each, a minute where it has other things to do.
  test.setTimeout(600_000);
  const playground = await Playground.open(page, { ...QUICK, arms: 'standard', backend: 'webgpu', steps: 10_000 });
  // With faces from files shaders are compiled at the first step, so not in the workers in which the run only rests.
  await playground.openFaces();
  await playground.dropFolder(people(testInfo.outputPath('faces')));
  await expect(playground.facesSummary).toContainText('12 people');
  await playground.toggle.click();
  await playground.reachesStep(2);
  for (let kill = 1; kill <= 3; kill++) {
    const checkpoint = await takeCheckpoint(playground);
    killGpuProcess();
    await expect(seams(playground)).toHaveCount(kill, { timeout: SOON });
    const step = await newestSeam(playground);
    expect(step).toBeGreaterThanOrEqual(checkpoint);
    await playground.reachesStep(step + 1);
  }
  await playground.toggle.click();
  await expect(playground.toggle).toHaveText(/Resume/);
  const rests = await playground.step();
  for (let kill = 4; kill <= 10; kill++) {
    const fresh = page.waitForEvent('worker', { timeout: SOON });
    killGpuProcess();
    await fresh;
    await expect(playground.toggle).toHaveAttribute('data-phase', 'paused');
    expect(await playground.step()).toBe(rests);
  }
  await takeSteps(playground, 1);
  await expect(playground.badge).toContainText('WebGPU');
});

test('memory that is short: names the batch to try, and the run resumes with it', async ({ page }) => {
  const playground = await Playground.open(page, { ...QUICK, batchSize: 8, backend: 'webgpu', steps: 6 });
  await takeSteps(playground, 3);
  await strikeDevice(page, 'out of memory');
  await playground.toggle.click();
  await expect(playground.notice).toContainText('Not enough graphics memory for batch 8', { timeout: SOON });
  await expect(playground.badge).toContainText('WebGPU');
  await page.getByRole('button', { name: 'Use 2' }).click();
  await finishes(playground);
  expect(await newestSeam(playground)).toBe(3);
  await expect(seams(playground)).toContainText('batch 2');
});

test('a worker that dies or hangs: noticed soon, and the run resumes with the faces that were dropped', async ({
  page,
}, testInfo) => {
  const playground = await Playground.open(page, { ...QUICK, backend: 'wasm', steps: 100_000 });
  await playground.openFaces();
  await playground.dropFolder(people(testInfo.outputPath('faces')));
  await expect(playground.facesSummary).toContainText('12 people');
  await playground.toggle.click();
  await playground.reachesStep(10);
  const fates = [
    async () => (await trainingWorker(page)).evaluate(() => self.close()),
    async () =>
      (await trainingWorker(page)).evaluate(() => {
        for (;;);
      }),
  ];
  for (const [index, befall] of fates.entries()) {
    const checkpoint = await takeCheckpoint(playground);
    // It does not live to tell.
    befall().catch(() => {});
    await expect(seams(playground)).toHaveCount(index + 1, { timeout: SOON });
    await expect(playground.notice.first()).toContainText(/The training worker stopped answering at step/);
    const step = await newestSeam(playground);
    expect(step).toBeGreaterThanOrEqual(checkpoint);
    await playground.reachesStep(step + 10);
  }
  await expect(playground.facesSummary).toContainText('12 people');
});
