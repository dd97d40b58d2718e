import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { pairsBin, trainingSet } from '../src/faces/import/testing/data-files.ts';
import { bytesOf } from '../src/formats/testing/pickles.ts';
import { imagePayload, recordFile } from '../src/formats/testing/records.ts';
import { Playground, TINY } from './playground.ts';

type Given = readonly { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }[];

const given = (files: Readonly<Record<string, Uint8Array>>): Given =>
  Object.entries(files).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }));

const real = process.env.REAL_FACES_DIR;

for (const layout of ['insightface', 'im2rec'] as const) {
  test(`train.rec with train.idx in the layout of ${layout} trains`, async ({ page }) => {
    const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await playground.openFaces();
    await playground.drop([...given(await trainingSet(layout, 8, 4))]);
    await expect(playground.facesSummary).toContainText('8 people, 32 photos');
    await expect(playground.facesSummary).toContainText('train.rec: 32 images of 8 people');
    // Fewer people for the next run: the files are read again when it starts.
    const limit = page.getByRole('spinbutton', { name: 'People at most' });
    await limit.fill('6');
    await limit.press('Enter');
    await playground.trainsToEnd();
    await expect(playground.notice).toHaveCount(0);
  });
}

test('a real train.rec trains from a dropped folder', async ({ page }) => {
  test.skip(real === undefined, 'REAL_FACES_DIR is not set: no real faces to drop');
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.dropFolder(join(real ?? '', 'recordio', 'cfp10_insightface_layout'));
  await expect(playground.facesSummary).toContainText('train.rec: 140 images of 10 people');
  await playground.trainsToEnd();
});

test('a folder picked with the File System Access API, and a file of the same site, are read', async ({ page }) => {
  await page.addInitScript(() => {
    // The origin's own storage replaces the dialog, which no test can answer.
    const picker = {
      showDirectoryPicker: async () => (await navigator.storage.getDirectory()).getDirectoryHandle('set'),
    };
    Object.assign(window, picker);
  });
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  const set = await trainingSet('insightface', 8, 4);
  await page.evaluate(
    async (files) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('set', { create: true });
      const inner = await folder.getDirectoryHandle('inner', { create: true });
      for (const [name, bytes] of files) {
        const writable = await (await inner.getFileHandle(name, { create: true })).createWritable();
        await writable.write(Uint8Array.from(bytes));
        await writable.close();
      }
    },
    Object.entries(set).map(([name, bytes]) => [name, [...bytes]] as const),
  );
  await playground.openFaces();
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(playground.facesSummary).toContainText('set/inner/train.rec: 32 images of 8 people');

  const other = await trainingSet('im2rec', 9, 2);
  for (const [name, bytes] of Object.entries(other)) {
    await page.route(`**/data/${name}`, (route) => route.fulfill({ body: Buffer.from(bytes) }));
  }
  const address = page.getByRole('textbox', { name: 'Or a file on this site' });
  await address.fill('/data/train.rec');
  await address.press('Enter');
  await expect(playground.facesSummary).toContainText('train.rec: 18 images of 9 people');
  await address.fill('https://elsewhere.example/train.rec');
  await page.getByTestId('faces-address').click();
  await expect(playground.notice).toContainText('https://elsewhere.example/train.rec is no address on this site.');
  await expect(playground.facesSummary).toContainText('9 people');
});

const BAD: readonly { name: string; says: RegExp; files: () => Promise<Given> }[] = [
  {
    name: 'a .rec without its index',
    says: /train\.rec cannot be read without its index\. ?Give train\.idx together with it/,
    files: async () => given(await trainingSet('im2rec', 2, 2)).filter(({ name }) => name === 'train.rec'),
  },
  {
    name: 'a .rec cut short',
    says: /train\.rec: The \.rec file ends at byte 500, but its index names a record that starts at byte [\d\s]+\./,
    files: async () => {
      const set = await trainingSet('im2rec', 2, 2);
      return given({ ...set, 'train.rec': (set['train.rec'] ?? new Uint8Array(0)).subarray(0, 500) });
    },
  },
  {
    name: 'the index of another file',
    says: /train\.rec: The record does not end where the index says .* \(record 0, byte 0\)/,
    files: async () => given({ ...(await trainingSet('im2rec', 2, 2)), 'train.idx': bytesOf('0\t0\n1\t64\n') }),
  },
  {
    name: 'an empty .rec',
    says: /train\.rec is empty: it has 0 bytes/,
    files: async () => given({ 'train.rec': bytesOf() }),
  },
  {
    name: 'labels without images',
    says: /None of the 8 images in train\.rec can be read; train\.rec, record 0 is not a readable image/,
    files: async () => {
      const records = Array.from({ length: 8 }, (_, key) => ({ key, payload: imagePayload([key >> 1], bytesOf()) }));
      const { rec, idx } = recordFile(records);
      return given({ 'train.rec': rec, 'train.idx': idx });
    },
  },
  {
    name: 'a verification set',
    says: /CFP-FP: 3 pairs, 112 × 112\. That is for verifying, not for training/,
    files: async () => given({ 'cfp_fp.bin': await pairsBin(3) }),
  },
  {
    name: 'a pickle that calls something',
    says: /lfw\.bin: .*os\.system/,
    files: async () => given({ 'lfw.bin': bytesOf(0x80, 2, 'cos\nsystem\n', 'U', 4, 'echo', 0x85, 'R.') }),
  },
  {
    name: 'a .bin that is none',
    says: /These are not pairs: lfw\.bin should hold images and same\/different labels/,
    files: async () => given({ 'lfw.bin': bytesOf('hello') }),
  },
];

test('bad data files get a sentence each, and the faces in use stay', async ({ page }) => {
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.drop([...given(await trainingSet('im2rec', 8, 4))]);
  await expect(playground.facesSummary).toContainText('8 people');
  for (const { name, says, files } of BAD) {
    await test.step(name, async () => {
      await playground.drop([...(await files())]);
      await expect(playground.notice).toContainText(says);
      await expect(playground.notice).toContainText('stay in use');
      await expect(playground.facesSummary).toContainText('8 people');
    });
  }
  await playground.stepTo(2);
});

test('a .rec of 40 GB opens immediately: only the records of its index are read', async ({ page }, testInfo) => {
  // The same records at the start and at the end of a sparse file, nothing between; every other image is the far one.
  const set = await trainingSet('insightface', 8, 4);
  const [rec = Buffer.of(), idx] = [set['train.rec'], set['train.idx']];
  const far = 40 * 2 ** 30;
  const [path, index] = [testInfo.outputPath('train.rec'), testInfo.outputPath('train.idx')];
  writeFileSync(path, rec);
  truncateSync(path, far);
  appendFileSync(path, rec);
  const entries = new TextDecoder()
    .decode(idx)
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map(Number));
  const lines = entries.map(([key = 0, offset = 0]) => `${key}\t${key % 2 === 0 && key > 0 ? far + offset : offset}\n`);
  // Where the near records end, an entry that is no image.
  lines.splice(1, 0, `5000\t${rec.length}\n`);
  writeFileSync(index, lines.join(''));
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.drop([path, index]);
  await expect(playground.facesSummary).toContainText('8 people, 32 photos');
});
