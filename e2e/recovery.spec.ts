import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { findChromium } from '../scripts/chromium.ts';
import { BROWSER_ARGUMENTS } from './browser-arguments.ts';
import { killGpuProcess } from './gpu-process.ts';
import { type EndlessRun, MANY_DIE, Playground, TINY } from './playground.ts';
import { WorkerGate, type WorkerName } from './worker-gate.ts';

const executablePath = findChromium();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    // A browser gives up WebGPU after a few crashes in two minutes; a user's crashes come further apart.
    args: [...BROWSER_ARGUMENTS, '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
  },
});

/** Short steps, and a checkpoint every second. */
const QUICK = { ...TINY, ...MANY_DIE, batchSize: 4, checkpointEvery: 1 };

/** The worker's device fails at its next computation. */
async function strikeDevice(gate: WorkerGate, fault: 'destroyed' | 'out of memory'): Promise<void> {
  const worker = await gate.worker('training');
  await worker.evaluate((fate) => {
    const create = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      GPUDevice.prototype.createCommandEncoder = create;
      const error = new GPUOutOfMemoryError('The buffer could not be allocated.');
      if (fate === 'destroyed') this.destroy();
      else this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
      return create.apply(this, given);
    };
  }, fault);
}

/** The resumes of the run in the event list, newest first. */
const seams = (playground: Playground) => playground.events.getByTestId('seam');

async function newestSeam(playground: Playground): Promise<number> {
  const text = await seams(playground).first().innerText();
  return Number(/Step (\d+)/.exec(text.replace(/[^\w ]/g, ''))?.[1]);
}

/** Pauses and resumes, since a paused run has a checkpoint; returns its step once the run is beyond it. */
async function takeCheckpoint(run: EndlessRun): Promise<number> {
  const step = await run.pause();
  await run.trains();
  return step;
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
  const gate = await WorkerGate.install(page);
  const run = await Playground.finite(page, { ...QUICK, backend: 'webgpu', steps: 12 });
  await run.trainsToEnd();
  await expect(run.badge).toContainText('WebGPU');
  const undisturbed = await weights(page);

  await run.reset.click();
  await run.stepTo(6);
  await strikeDevice(gate, 'destroyed');
  await run.trainsToEnd();
  await expect(run.notice).toContainText(/The graphics card stopped answering at step [67]\./);
  await expect(run.notice).toContainText('The run resumes from step 6.');
  expect(await newestSeam(run)).toBe(6);
  await expect(page.getByTestId('heatmap-craft').getByTestId('seam-mark')).toHaveCount(1);
  await expect(run.badge).toContainText('WebGPU');
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

test('the graphics process killed again and again in one run: each time no more than a checkpoint interval is lost', async ({
  page,
}, testInfo) => {
  test.skip(process.platform !== 'linux', 'finds the process in /proc');
  const gate = await WorkerGate.install(page);
  const run = await Playground.endless(page, { ...QUICK, arms: 'standard', backend: 'webgpu', telemetryEvery: 2 });
  // With faces from files shaders are compiled at the first step, so not in the workers in which the run only rests.
  await run.openFaces();
  await run.dropFolder(people(testInfo.outputPath('faces')));
  await expect(run.facesSummary).toContainText('12 people');
  await run.trains();
  for (let kill = 1; kill <= 2; kill++) {
    const checkpoint = await takeCheckpoint(run);
    killGpuProcess();
    await expect(seams(run)).toHaveCount(kill);
    const step = await newestSeam(run);
    expect(step).toBeGreaterThanOrEqual(checkpoint);
    await run.reachesStep(step + 1);
  }
  const rests = await run.pause();
  for (let kill = 3; kill <= 4; kill++) {
    const paused = await gate.count('training', 'paused');
    killGpuProcess();
    // By a fresh worker.
    await gate.reaches('training', 'paused', paused + 1);
    await expect(run.toggle).toHaveAttribute('data-phase', 'paused');
    expect(await run.step()).toBe(rests);
  }
  await run.takeStep();
  await expect(run.badge).toContainText('WebGPU');
});

test('memory that is short: names the batch to try, and the run resumes with it', async ({ page }) => {
  const gate = await WorkerGate.install(page);
  const run = await Playground.finite(page, { ...QUICK, batchSize: 8, backend: 'webgpu', steps: 6 });
  await run.stepTo(3);
  await strikeDevice(gate, 'out of memory');
  await run.trainsUntilItFails();
  await expect(run.notice).toContainText('Not enough graphics memory for batch 8');
  await expect(run.badge).toContainText('WebGPU');
  await page.getByRole('button', { name: 'Use 2' }).click();
  await run.finishes();
  expect(await newestSeam(run)).toBe(3);
  await expect(seams(run)).toContainText('batch 2');
});

test('a worker that dies or hangs: noticed soon, and the run resumes with the faces that were dropped', async ({
  page,
}, testInfo) => {
  const gate = await WorkerGate.install(page);
  const run = await Playground.endless(page, { ...QUICK, backend: 'wasm' });
  await run.openFaces();
  await run.dropFolder(people(testInfo.outputPath('faces')));
  await expect(run.facesSummary).toContainText('12 people');
  await run.trains();
  const dies = () => self.close();
  const hangs = () => {
    for (;;);
  };
  const fates: [WorkerName, () => void][] = [
    ['training', dies],
    ['training', hangs],
  ];
  // With a core for each arm every one has a worker, whose end both arms survive.
  if (await page.evaluate(() => navigator.hardwareConcurrency > 1)) fates.push(['arm', dies], ['arm', hangs]);
  for (const [index, [name, fate]] of fates.entries()) {
    const checkpoint = await takeCheckpoint(run);
    const worker = await gate.worker(name);
    // It does not live to answer.
    worker.evaluate(fate).catch(() => {});
    await expect(seams(run)).toHaveCount(index + 1);
    await expect(run.notice.first()).toContainText(/The training worker stopped answering at step/);
    // Of the page's own ticks: eight, or four times as many as it was ever silent before, are the last.
    const lost = (await gate.heard('training'))[index];
    expect(lost?.silence).toBeGreaterThanOrEqual(7);
    expect(lost?.silence).toBeLessThan(Math.max(8, 4 * (lost?.longestSilence ?? 0)));
    const step = await newestSeam(run);
    expect(step).toBeGreaterThanOrEqual(checkpoint);
    await run.reachesStep(step + 10);
  }
  await expect(run.facesSummary).toContainText('12 people');
});
