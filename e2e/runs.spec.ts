import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { Playground, TINY } from './playground.ts';

/** The weaker half of the filters is re-activated at every check. */
const RUN = { ...TINY, criterion: 'relativeNorm', rho: 0.9, checkEvery: 10, stopAt: 100 };

interface Saved {
  readonly name: string;
  readonly bytes: Buffer;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Exports the run as it stands through the menu. */
async function exported(page: Page, item = 'zip'): Promise<Saved> {
  await page.getByTestId('export-run').click();
  const download = page.waitForEvent('download');
  await page.getByTestId(`export-${item}`).click();
  const file = await download;
  const bytes = readFileSync(await file.path());
  return { name: file.suggestedFilename(), bytes, files: item === 'zip' ? unzipSync(bytes) : {} };
}

async function openRun(page: Page, name: string, bytes: Buffer): Promise<void> {
  const input = page.getByTestId('import-run').locator('input');
  await input.setInputFiles({ name, mimeType: 'application/zip', buffer: bytes });
}

/** Single steps, so that the run rests at exactly this one. */
async function stepTo(playground: Playground, step: number): Promise<void> {
  for (let at = await playground.step(); at < step; at++) {
    await playground.stepButton.click();
    await expect(playground.progress).toHaveAttribute('aria-valuenow', String(at + 1));
    await expect(playground.toggle).toHaveAttribute('data-phase', 'paused');
  }
}

async function finish(playground: Playground): Promise<void> {
  await playground.toggle.click();
  await expect(playground.toggle).toHaveAttribute('data-phase', 'finished', { timeout: 150_000 });
}

/** Weights, statistics and momentum of every arm. */
function statesOf({ files }: Saved): Readonly<Record<string, Buffer>> {
  const states = Object.entries(files).filter(([name]) => name.endsWith('/state.safetensors'));
  return Object.fromEntries(states.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

function expectSame(found: Saved, expected: Saved): void {
  const [a, b] = [statesOf(found), statesOf(expected)];
  expect(Object.keys(a)).toEqual(Object.keys(b));
  expect(Object.keys(a).length).toBeGreaterThan(0);
  for (const [name, bytes] of Object.entries(a)) expect(bytes.equals(b[name] ?? Buffer.alloc(0)), name).toBe(true);
}

test('20 steps, saved, opened in a fresh page and 20 steps more equal 40 steps bit for bit, on WebAssembly', async ({
  page,
}) => {
  const settings = { ...RUN, backend: 'wasm' };
  const whole = await Playground.open(page, settings);
  await finish(whole);
  const expected = await exported(page);
  await whole.reset.click();
  await stepTo(whole, 20);
  const saved = await exported(page);
  expect(saved.name).toBe('craft-run-step-20.zip');
  const charts = await page.getByTestId('loss-craft').textContent();

  // Other settings: those of the file count.
  await page.goto('about:blank');
  const again = await Playground.open(page, { ...TINY, backend: 'wasm', seed: 9 });
  await expect(again.badge).toHaveAttribute('data-backend', 'wasm');
  await openRun(page, saved.name, saved.bytes);
  await expect(again.progress).toHaveAttribute('aria-valuenow', '20');
  await expect(again.toggle).toHaveText('Resume');
  await expect(page.getByTestId('loss-craft')).toHaveText(charts ?? '');
  await expect(again.events).toContainText('Step 20');
  await finish(again);
  expectSame(await exported(page), expected);
});

test('on WebGPU, too, a saved half equals the whole', async ({ page }) => {
  const playground = await Playground.open(page, {
    ...RUN,
    backend: 'webgpu',
    steps: 6,
    checkEvery: 30,
    arms: 'craft',
  });
  await finish(playground);
  await expect(playground.badge).toHaveAttribute('data-backend', 'webgpu');
  const expected = await exported(page);
  await playground.reset.click();
  await stepTo(playground, 3);
  const saved = await exported(page);
  await playground.reset.click();
  await openRun(page, saved.name, saved.bytes);
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '3');
  await finish(playground);
  await expect(playground.badge).toHaveAttribute('data-backend', 'webgpu');
  expectSame(await exported(page), expected);
});
