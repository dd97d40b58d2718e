import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { GraphMaker } from '../src/exchange/slim/testing/drawn-models.ts';
import { sampleOnnx } from '../src/exchange/testing/model-samples.ts';
import { pairsBin } from '../src/faces/import/testing/data-files.ts';
import { readOnnx } from '../src/formats/onnx.ts';
import { writeSafetensors } from '../src/formats/safetensors.ts';
import { expectAccessible } from './accessibility.ts';
import { numberFaults } from './layout.ts';
import { asOnPhone, expectFitsPhone } from './phone.ts';
import { type FiniteRun, Playground, TINY } from './playground.ts';

const models = process.env.REAL_MODELS_DIR;

/** The Inspect screen as a user meets it. */
class Inspection {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Inspect').click();
    await expect(this.part('drop')).toBeVisible();
  }

  part(
    name:
      | 'drop'
      | 'verdict'
      | 'layers'
      | 'audit'
      | 'wall'
      | 'histogram'
      | 'view'
      | 'threshold'
      | 'failure'
      | 'model'
      | 'stale',
  ) {
    return this.page.getByTestId(`inspect-${name}`);
  }

  async drop(file: string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }) {
    await this.part('drop').locator('input[type=file]').setInputFiles(file);
  }
}

/** A tiny run on the processor, held after some steps. */
async function pausedRun(page: Page): Promise<FiniteRun> {
  const run = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await run.stepTo(1);
  return run;
}

/** Saves the paused run's CRAFT arm, and gives the saved file. */
async function saved(page: Page, format: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  await page.getByTestId('export-run').click();
  const download = page.waitForEvent('download');
  await page.getByTestId(`export-${format}`).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: new Uint8Array(readFileSync(await file.path())) };
}

const file = (name: string, content: Buffer | string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

test('a paused run is saved as ONNX, PyTorch, safetensors and TensorFlow.js, and resumes', async ({ page }) => {
  const run = await pausedRun(page);
  const onnx = await saved(page, 'onnx');
  expect(onnx.name).toBe('craft-step-1.onnx');
  // The first field of a ModelProto is its version of the format, a number.
  expect(onnx.bytes[0]).toBe(0x08);
  const pytorch = await saved(page, 'pytorch');
  const bundle = unzipSync(pytorch.bytes);
  expect(Object.keys(bundle).map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual(
    expect.arrayContaining(['model.py', 'craft.py', 'train.py', 'config.json', 'model.safetensors']),
  );
  const safetensors = await saved(page, 'safetensors');
  expect(safetensors.bytes[8]).toBe('{'.charCodeAt(0));
  const tfjs = await saved(page, 'tfjs');
  expect(Object.keys(unzipSync(tfjs.bytes))).toEqual(['model.json', 'weights.bin']);
  await run.trainsToEnd();
});

test("the run's own arm is examined, and thresholds apply immediately", async ({ page }) => {
  await pausedRun(page);
  const inspection = new Inspection(page);
  await inspection.open();
  await page.getByTestId('inspect-arm-craft').click();
  await expect(inspection.part('verdict')).toContainText('Every first-layer filter is active.');
  await expect(inspection.part('wall').getByTestId('filter-tile')).toHaveCount(8);
  await page.getByTestId('wall-view').getByText('Responses').click();
  await expect(inspection.part('wall').getByTestId('response-tile')).toHaveCount(8);
  await expect(page.getByTestId('wall-caption')).toContainText('convolution and batch norm of a drawn face');
  await expect(inspection.part('layers').locator('li').first()).toContainText('0 %');
  await expect(inspection.part('verdict')).toContainText('In the paper, by its own rule');
  await expect(inspection.part('audit')).toContainText('filters in all layers are near zero');
  // A run that has just started has nothing that is proved removable, and the page says so.
  await expect(page.getByTestId('inspect-decision')).toHaveText(
    'No channel could be proved removable without changing answers.',
  );
  const revive = page.getByTestId('inspect-revive');
  await expect(revive).toContainText('net.stem.conv,');
  await revive.getByText('InsightFace patch').click();
  await expect(revive).toContainText('+from craft import DEFAULTS, Craft');
  await revive.getByText('In this page').click();
  await expect(revive).toContainText('This network was trained here');
  const report = page.waitForEvent('download');
  await page.getByTestId('inspect-report-svg').click();
  expect(readFileSync(await (await report).path(), 'utf8')).toContain('Every first-layer filter is active.</title>');
  const nearZero = inspection.part('threshold').getByRole('slider', { name: /Near zero/ });
  await nearZero.press('End');
  await expect(inspection.part('verdict')).toContainText('More than half of the first layer is inactive.');
  await expect(inspection.part('wall').locator('[data-state=inactive]')).toHaveCount(8);
  expect(await numberFaults(page)).toEqual([]);
  await expectAccessible(page);
  await asOnPhone(page);
  await expectFitsPhone(page, 'Inspect with a model');
});

test('long names of layers are cut in the middle; focus and pointer show them whole', async ({ page }) => {
  const names = ['a', 'b'].map(
    (end) => `backbone.encoder.first_stage.second_block.left_branch.third_convolution_${end}.weight`,
  );
  const weights = { shape: [8, 3, 3, 3], data: Float32Array.from({ length: 216 }, (_, i) => Math.sin(i + 1)) };
  const second = { shape: [8, 8, 3, 3], data: Float32Array.from({ length: 576 }, (_, i) => Math.cos(i + 1)) };
  const tensors = new Map([weights, second].map((tensor, at) => [names[at] ?? '', tensor]));
  await Playground.open(page, TINY);
  const inspection = new Inspection(page);
  await inspection.open();
  await inspection.drop(file('model.safetensors', Buffer.from(writeSafetensors(tensors))));
  const layers = inspection.part('layers').getByRole('button');
  await expect(layers).toHaveCount(2);
  const cuts = await layers.evaluateAll((buttons) =>
    buttons.map((button) => {
      const [begin, end] = button.querySelectorAll<HTMLElement>(':scope > span:nth-child(2) > span');
      const isCut = (part?: HTMLElement) => part === undefined || part.scrollWidth > part.clientWidth;
      return { end: end?.innerText, endIsCut: isCut(end), beginIsCut: isCut(begin) };
    }),
  );
  expect(cuts).toEqual(names.map((name) => ({ end: name.slice(-10), endIsCut: false, beginIsCut: true })));
  await layers.nth(1).hover();
  await expect(page.getByRole('tooltip').filter({ hasText: /convolution_b\.weight, / })).toBeVisible();
  // By key, since focus that a script gives is not meant to be seen.
  await layers.nth(1).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(layers.nth(0)).toBeFocused();
  await expect(page.getByRole('tooltip').filter({ hasText: /convolution_a\.weight, / })).toBeVisible();
});

test('a file that is no model gets a sentence and leaves the open model', async ({ page }) => {
  await pausedRun(page);
  const onnx = await saved(page, 'onnx');
  const inspection = new Inspection(page);
  await inspection.open();
  await inspection.drop(file('craft.onnx', Buffer.from(onnx.bytes)));
  await expect(inspection.part('verdict')).toBeVisible();
  // The settings are scrolled to their end.
  await page.getByRole('complementary', { name: 'Model' }).evaluate((rail) => rail.scrollTo(0, rail.scrollHeight));
  await expect(inspection.part('drop')).not.toBeInViewport({ ratio: 1 });
  await inspection.drop(file('notes.txt', 'Filters that fade.'));
  await expect(inspection.part('failure')).toContainText('Could not read "notes.txt" as a model.');
  // In sight however far the settings are scrolled, and the verdict is marked as that of the file before.
  await expect(inspection.part('failure')).toBeInViewport({ ratio: 1 });
  await expect(inspection.part('failure')).toContainText('craft.onnx stays open.');
  await expect(inspection.part('stale')).toContainText('Still craft.onnx');
  await inspection.drop(file('cut.onnx', Buffer.from(onnx.bytes.slice(0, onnx.bytes.length / 2))));
  await expect(inspection.part('failure')).not.toContainText('notes.txt');
  await expect(inspection.part('failure')).toContainText(/\S+\. \S+/);
  await expect(inspection.part('model')).toContainText('craft.onnx');
  await inspection.part('failure').getByRole('button', { name: 'Close' }).click();
  await expect(inspection.part('failure')).toHaveCount(0);
  await expect(inspection.part('stale')).toHaveCount(0);
  await expect(inspection.part('verdict')).toBeVisible();
});

/** A .safetensors file with this header. */
function safetensors(header: string, data: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)]);
}

const conv = (input: string, output: string) => ({ name: output, operator: 'Conv', inputs: [input, 'kernel'], output });
const huge = '{"a":{"dtype":"F32","shape":[1073741824,268435456],"data_offsets":[0,1152921504606846976]}}';
const overlapping =
  '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}';

test('every bad file gets its sentence, one after the other', async ({ page }) => {
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  const inspection = new Inspection(page);
  await inspection.open();
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['empty.onnx', Buffer.alloc(0), /is empty/],
    ['promises.safetensors', safetensors(huge, 8), /not a type, a shape and two offsets/],
    ['overlap.safetensors', safetensors(overlapping, 12), /overlaps another tensor/],
    ['cycle.onnx', Buffer.from(sampleOnnx({ nodes: [conv('b', 'a'), conv('a', 'b')] })), /feeds itself/],
    ['opset.onnx', Buffer.from(sampleOnnx({ opset: 99 })), /Operator set 99 is not known/],
    ['none.onnx', Buffer.from(sampleOnnx({ nodes: [] })), /No 2-D convolution found/],
    ['calls.pt', Buffer.from('\x80\x02cos\nsystem\nX\x01\0\0\0x\x85R.', 'latin1'), /nothing of it was run/],
    ['others.zip', Buffer.from(zipSync({ 'a.txt': strToU8('a'), 'b.txt': strToU8('b') })), /any of the 2 files/],
  ];
  for (const [name, content, sentence] of cases) {
    await inspection.drop(file(name, content));
    await expect(inspection.part('failure')).toContainText(sentence);
  }
  await expect(inspection.part('verdict')).toHaveCount(0);

  // A reading that keeps its thread for ever, as HDF5's library does with some damaged files.
  let looping = false;
  await page.route(/keras-file.*\.js$/, async (route) => {
    await route.fulfill({ contentType: 'text/javascript', body: 'for (;;);' });
    looping = true;
  });
  const started = page.waitForEvent('worker');
  await inspection.drop(file('endless.h5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')));
  const reader = await started;
  await expect.poll(() => looping).toBe(true);
  const ended = reader.waitForEvent('close');
  await page.getByRole('button', { name: 'Cancel reading' }).click();
  await ended;
  await expect(page.getByText('Drop a trained model.')).toBeVisible();
  // The next file gets a reader of its own.
  await inspection.drop(file('empty.onnx', Buffer.alloc(0)));
  await expect(inspection.part('failure')).toContainText(/is empty/);
});

test('a network trains on, a model is made smaller, and filters are switched off', async ({ page }) => {
  await Playground.open(page, { ...TINY, backend: 'wasm' });
  const inspection = new Inspection(page);
  await inspection.open();
  await page.getByTestId('example-model').first().click();
  await expect(inspection.part('verdict')).toContainText('13 of 32');
  await page.getByTestId('inspect-train-on').click();
  await expect(page.getByTestId('first-weights')).toContainText(/the Standard arm at step 2.400 of standard\.onnx/);
  for (const arm of ['standard', 'craft']) {
    await expect(page.getByTestId(`filter-wall-${arm}`).locator('[data-state=inactive]')).toHaveCount(13);
  }
  await expect(page.getByTestId('run-toggle')).toHaveText('Train');
  await inspection.open();
  const maker = new GraphMaker(2);
  const stem = { size: 3, pad: 1, zero: [1, 4], biases: [0.1, 0, 0.2, 0.1, 0, 0.1], name: 'stem' };
  const embedding = maker.dense(maker.prelu(maker.conv('data', 3, 6, stem), 6), 6 * 81, 16);
  await inspection.drop(file('drawn.onnx', Buffer.from(maker.finish(embedding, [16], 9))));
  await expect(page.getByTestId('inspect-decision')).toContainText('2 filters can be removed: −');
  await page.getByTestId('slim-compare').click();
  await expect(page.getByTestId('slim-difference')).toContainText('on 32 random images');
  const download = page.waitForEvent('download');
  await page.getByTestId('slim-save').click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('drawn.slim.onnx');
  const { tensors } = readOnnx(new Uint8Array(readFileSync(await saved.path())));
  expect(tensors.get('stem.weight')?.shape).toEqual([4, 3, 3, 3]);
  await page.getByTestId('ablate-switch').click();
  await inspection.part('wall').locator('[data-filter="1"]').click();
  const ablation = page.getByTestId('inspect-ablation');
  await expect(ablation).toContainText(/1 off: 1 − cosine .* Drawn LFW, 200 pairs/);
  const pairs = file('lfw.bin', Buffer.from(await pairsBin(22)));
  await page.getByTestId('ablation-own-pairs-input').setInputFiles(pairs);
  await expect(page.getByTestId('ablation-pairs-found')).toHaveText('22 of 22 pairs');
  await expect(ablation).toContainText(/1 off: 1 − cosine .* lfw\.bin, 22 pairs/);
  await expectAccessible(page);
});

test.describe('published models', () => {
  test.skip(models === undefined, 'REAL_MODELS_DIR is not set: no published model to drop');

  test('31 of 64 first filters of a published face network are exactly zero', async ({ page }) => {
    await Playground.open(page, { ...TINY, backend: 'wasm' });
    const inspection = new Inspection(page);
    await inspection.open();
    await inspection.drop(join(models ?? '', 'faceplugin', 'fr_feature.onnx'));
    await expect(inspection.part('verdict')).toContainText('Nearly half of the first layer is inactive.');
    await expect(inspection.part('verdict')).toContainText('31 of 64 first-layer filters are exactly zero.');
    await expect(inspection.part('wall').locator('[data-state=inactive]')).toHaveCount(31);
    await expect(inspection.part('histogram').getByRole('img')).toHaveAttribute('aria-label', /31 exactly zero/);
  });
});
