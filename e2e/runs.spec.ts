import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { CONFIG_KEYS } from '../src/config/run-config.ts';
import { closeDialog, FiniteRun, HALF_DIE, holdScript, Playground, TINY } from './playground.ts';
import { webmFrames } from './webm.ts';

const RUN = { ...TINY, ...HALF_DIE, rho: 0.8 };

interface Saved {
  readonly name: string;
  readonly bytes: Buffer;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Exports the run at its current step through the menu. */
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
  const whole = await Playground.finite(page, settings);
  await whole.trainsToEnd();
  const expected = await exported(page);
  await whole.reset.click();
  await whole.stepTo(20);
  const saved = await exported(page);
  expect(saved.name).toBe('craft-run-step-20.zip');
  const charts = await page.getByTestId('loss-craft').textContent();
  const event = await page.getByTestId('event-row').first().innerText();
  expect(event).toContain('#');

  // Other settings: those of the file count.
  await page.goto('about:blank');
  const again = await Playground.finite(page, { ...TINY, backend: 'wasm', seed: 9 });
  await expect(again.badge).toHaveAttribute('data-backend', 'wasm');
  await test.step('Cancel ends the reading of a file, and the page stays as it was', async () => {
    const release = await holdScript(page, 'run-files');
    await openRun(page, saved.name, saved.bytes);
    const button = page.getByTestId('import-run');
    await button.getByText('Cancel opening').click();
    await expect(button).toHaveText('Open a run');
    await expect(page.locator('[data-notice=run-not-opened]')).toBeHidden();
    await release();
  });
  await openRun(page, saved.name, saved.bytes);
  await expect(again.progress).toHaveAttribute('aria-valuenow', '20');
  await expect(again.toggle).toHaveText('Resume');
  await expect(page.getByTestId('loss-craft')).toHaveText(charts ?? '');
  await expect(page.getByTestId('event-row').first()).toContainText(event, { useInnerText: true });
  await again.trainsToEnd();
  expectSame(await exported(page), expected);
});

test('on WebGPU, too, a saved half equals the whole', async ({ page }) => {
  const playground = await Playground.finite(page, {
    ...RUN,
    backend: 'webgpu',
    steps: 6,
    checkEvery: 30,
    arms: 'craft',
  });
  await playground.trainsToEnd();
  await expect(playground.badge).toHaveAttribute('data-backend', 'webgpu');
  const expected = await exported(page);
  await playground.reset.click();
  await playground.stepTo(3);
  const saved = await exported(page);
  const film = await exported(page, 'film');
  expect(film.name).toBe('walls-step-3.webm');
  // One for each step at which filters were read, unless the encoder is too slow for it.
  expect(webmFrames(film.bytes)).toBeGreaterThan(1);
  await playground.reset.click();
  await openRun(page, saved.name, saved.bytes);
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '3');
  await playground.trainsToEnd();
  await expect(playground.badge).toHaveAttribute('data-backend', 'webgpu');
  expectSame(await exported(page), expected);
});

test('a run is saved in mid-run, and trains on', async ({ page }) => {
  const run = await Playground.endless(page, { ...RUN, backend: 'wasm' });
  await run.trains();
  const { files } = await exported(page);
  const { step, arms } = JSON.parse(strFromU8(files['run.json'] ?? new Uint8Array()));
  expect(step).toBeGreaterThanOrEqual(1);
  expect(arms).toMatchObject([{ name: 'standard' }, { name: 'craft' }]);
  await run.isRunning();
  await run.reachesStep(step + 2);
});

/** A run of two steps, saved. */
async function shortRun(page: Page, more: Readonly<Record<string, unknown>> = {}): Promise<Saved> {
  const playground = await Playground.finite(page, { ...RUN, backend: 'wasm', ...more });
  await playground.stepTo(2);
  return exported(page);
}

test('a file that is no run, or no longer whole, gets a sentence, and the run on the page stays', async ({ page }) => {
  const { files, bytes } = await shortRun(page);
  const about = JSON.parse(strFromU8(files['run.json'] ?? new Uint8Array()));
  const changed = (name: string, content: Uint8Array) => Buffer.from(zipSync({ ...files, [name]: content }));
  const weights = Uint8Array.from(files['craft/state.safetensors'] ?? []);
  weights[weights.length - 2] = (weights.at(-2) ?? 0) ^ 1;
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['cut.zip', bytes.subarray(0, bytes.length / 2), /cannot be unpacked/],
    ['other.zip', Buffer.from(zipSync({ 'a.txt': strToU8('a') })), /This zip is no run/],
    ['changed.zip', changed('craft/state.safetensors', weights), /does not match its checksum/],
    ['newer.zip', changed('run.json', strToU8(JSON.stringify({ ...about, formatVersion: 99 }))), /newer version/],
  ];
  const notice = page.locator('[data-notice="run-not-opened"]');
  for (const [name, content, sentence] of cases) {
    await openRun(page, name, content);
    await expect(notice).toContainText(sentence);
  }
  const playground = new FiniteRun(page);
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '2');
  // Settings out of range are clamped, and said to be.
  const { config } = about;
  await openRun(
    page,
    'clamped.zip',
    changed('run.json', strToU8(JSON.stringify({ ...about, config: { ...config, learningRate: 99 } }))),
  );
  await expect(page.locator('[data-notice="link"]')).toContainText('Learning rate 99 is out of range; 2 is used.');
  await expect(notice).toHaveCount(0);
  await playground.stepTo(3);
});

test('a run dropped anywhere on the page is opened; pictures and numbers are saved one by one', async ({ page }) => {
  const { bytes, files } = await shortRun(page);
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['metrics.csv', 'events.csv', 'filter-walls.png', 'charts.png', 'charts.svg']),
  );
  expect([...(files['filter-walls.png'] ?? new Uint8Array()).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  for (const [item, sign] of [
    ['walls-svg', '<svg'],
    ['charts-svg', 'Held-out accuracy'],
    ['csv', 'arm,step,loss'],
  ] as const) {
    expect((await exported(page, item)).bytes.toString()).toContain(sign);
  }
  const playground = new FiniteRun(page);
  await playground.reset.click();
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], 'run.zip'));
    return data;
  }, bytes.toString('base64'));
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '2');
  await expect(playground.toggle).toHaveText('Resume');
});

test('a link opens the same run about to start, and running it gives the same numbers', async ({ page }) => {
  const first = await Playground.finite(page, { ...RUN, backend: 'wasm', steps: 12, seed: 5 });
  const numbers = async (playground: FiniteRun) => {
    await playground.trainsToEnd();
    return Promise.all(['loss-standard', 'loss-craft'].map((id) => page.getByTestId(id).textContent()));
  };
  await page.keyboard.press('s');
  const link = await page.getByLabel('Link').inputValue();
  expect(
    [...new URLSearchParams(new URL(link).hash.slice(1)).keys()].every(
      (key) => key === 'v' || CONFIG_KEYS.some((known) => known === key),
    ),
  ).toBe(true);
  await closeDialog(page);
  const expected = await numbers(first);
  const filters = await exported(page);
  await page.goto('about:blank');
  await page.goto(link);
  await expect(first.toggle).toHaveText('Train');
  expect(await numbers(first)).toEqual(expected);
  expectSame(await exported(page), filters);
});

test('a run on own faces is shown without them, and asks for the folder it was trained on', async ({ page }) => {
  // Grey PPMs, which need no encoder.
  const image = (grey: number) => Buffer.concat([Buffer.from('P6 24 24 255\n'), Buffer.alloc(24 * 24 * 3, grey)]);
  const people = (count: number) => {
    const files = Array.from(
      { length: count * 4 },
      (_, at) => [`p${Math.floor(at / 4)}/${at}.ppm`, image(5 * at)] as const,
    );
    return Buffer.from(zipSync(Object.fromEntries(files)));
  };
  const playground = await Playground.finite(page, { ...RUN, backend: 'wasm' });
  await playground.openFaces();
  const own = { name: 'people.zip', mimeType: 'application/zip', buffer: people(6) };
  await playground.drop(own);
  await expect(playground.facesSummary).toContainText('6 people');
  await playground.stepTo(2);
  const { bytes } = await exported(page);
  expect(bytes.includes('p0/0.ppm')).toBe(false);

  await page.goto('about:blank');
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await openRun(page, 'run.zip', bytes);
  const notice = page.locator('[data-notice="run-faces"]');
  await expect(notice).toContainText('“people.zip” again: 6 people, 24 images');
  await expect(page.getByRole('button', { name: /^Faces/ })).toContainText('people.zip · 6 people, 24 photos');
  await expect(playground.toggle).toBeDisabled();
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '2');
  await playground.drop({ ...own, buffer: people(5) });
  await expect(notice).toContainText('The faces that are here are others: 5 people, 20 images');
  await playground.drop(own);
  await expect(notice).toHaveCount(0);
  await playground.stepTo(3);
});

test('the command line resumes a run of the page, and the page opens its archive', async ({ page }, testInfo) => {
  const playground = await Playground.finite(page, { ...RUN, backend: 'wasm', steps: 6 });
  await playground.stepTo(3);
  const { bytes } = await exported(page);
  const zip = testInfo.outputPath('page.zip');
  writeFileSync(zip, bytes);
  const out = testInfo.outputPath('out');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli/train.ts', '--resume', zip, '--out', out]);
  await playground.reset.click();
  const left = readFileSync(join(out, 'run.zip'));
  await openRun(page, 'run.zip', left);
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '6');
  await expect(playground.toggle).toHaveAttribute('data-phase', 'finished');
  await expect(playground.events).toContainText('Step 3');
  const found = await exported(page);
  const pictures = ['charts.png', 'charts.svg', 'filter-walls.png', 'filter-walls.svg'];
  const drawn = unzipSync(left);
  expect(Object.keys(drawn)).toEqual(expect.arrayContaining(pictures));
  for (const name of pictures.filter((file) => file.endsWith('.svg'))) {
    expect(strFromU8(drawn[name] ?? new Uint8Array())).toBe(strFromU8(found.files[name] ?? new Uint8Array()));
  }
  const steps = strFromU8(found.files['metrics.csv'] ?? new Uint8Array()).match(/^craft,\d+/gm);
  expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6].map((step) => `craft,${step}`));
  // The page itself, from the same half.
  await openRun(page, 'page.zip', bytes);
  await expect(playground.progress).toHaveAttribute('aria-valuenow', '3');
  await playground.trainsToEnd();
  expectSame(await exported(page), found);
});
