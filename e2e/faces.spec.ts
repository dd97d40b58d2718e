import {
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { faceAt } from '../src/faces/face-set.ts';
import { population } from '../src/faces/synthetic/population.ts';
import { PHONE } from './phone.ts';
import { Playground, TINY } from './playground.ts';

const real = process.env.REAL_FACES_DIR;
const PEOPLE = 12;

const SIDE = 24;

/** A grey PPM, which needs no encoder. */
const image = (grey: number) =>
  Buffer.concat([Buffer.from(`P6 ${SIDE} ${SIDE} 255\n`), Buffer.alloc(SIDE * SIDE * 3, grey)]);

/** A folder with one folder a person. */
function writePeople(root: string, people: number, images = 4): string {
  for (let person = 0; person < people; person++) {
    mkdirSync(join(root, `p${person}`), { recursive: true });
    for (let i = 0; i < images; i++) writeFileSync(join(root, `p${person}`, `${i}.ppm`), image(20 * person + i));
  }
  return root;
}

/** Some real people, copied so that a test may add to them. */
function realPeople(root: string): string {
  const source = join(real ?? '', 'cfp96');
  for (const person of readdirSync(source).sort().slice(0, PEOPLE)) {
    cpSync(join(source, person), join(root, person), { recursive: true });
  }
  return root;
}

function zipOf(root: string): Buffer {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(root.length + 1), new Uint8Array(readFileSync(path))] as const;
    });
  return Buffer.from(zipSync(Object.fromEntries(files), { level: 0 }));
}

test.describe('real faces', () => {
  test.skip(real === undefined, 'REAL_FACES_DIR is not set: no real faces to drop');

  test('train from a dropped folder', async ({ page }, testInfo) => {
    const root = realPeople(testInfo.outputPath('faces'));
    writeFileSync(join(root, readdirSync(root)[0] ?? '', 'broken.jpg'), 'not a picture');
    const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await playground.openFaces();
    await playground.dropFolder(root);
    await expect(playground.facesSummary).toContainText(`${PEOPLE} people`);
    await expect(playground.facesSummary).toContainText('broken.jpg');
    await playground.trainsToEnd();
    await expect(playground.notice).toHaveCount(0);
  });

  test('train from a dropped .zip', async ({ page }, testInfo) => {
    const root = realPeople(testInfo.outputPath('faces'));
    const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await playground.openFaces();
    await playground.drop({ name: 'faces.zip', mimeType: 'application/zip', buffer: zipOf(root) });
    await expect(playground.facesSummary).toContainText(`${PEOPLE} people`);
    await playground.trainsToEnd();
  });
});

test('an image that cannot be read is counted and named, the others train', async ({ page }, testInfo) => {
  const root = writePeople(testInfo.outputPath('faces'), 6);
  writeFileSync(join(root, 'p0', 'torn.png'), 'not a picture');
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.dropFolder(root);
  await expect(playground.facesSummary).toContainText('6 people');
  await expect(playground.facesSummary).toContainText('p0/torn.png is not a readable image');
  await playground.trainsToEnd();
});

const oneImage = { 'a/1.ppm': new Uint8Array(image(1)) };
/** A small archive of images that unpack to 100 MB of zeros. */
const bomb = () =>
  Buffer.from(
    zipSync(
      Object.fromEntries(['a/1', 'a/2', 'b/1', 'b/2'].map((name) => [`${name}.ppm`, new Uint8Array(25_000_000)])),
    ),
  );
const BAD_ARCHIVES: readonly { name: string; file: () => Buffer; says: RegExp }[] = [
  { name: 'one person only', file: () => Buffer.from(zipSync(oneImage)), says: /Only 1 person found/ },
  {
    name: 'no image',
    file: () => Buffer.from(zipSync({ 'notes/a.txt': strToU8('hello') })),
    says: /no (readable )?images?/i,
  },
  { name: 'no archive', file: () => Buffer.from('this is not a zip file at all'), says: /zip/i },
  { name: 'half an archive', file: () => Buffer.from(zipSync(oneImage)).subarray(0, 60), says: /zip|archive|cut|end/i },
  { name: 'a bomb', file: bomb, says: /would unpack to/ },
];

test('a .zip that cannot be used gets a sentence and leaves the page as it was', async ({ page }) => {
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  for (const { name, file, says } of BAD_ARCHIVES) {
    await test.step(name, async () => {
      await playground.drop({ name: 'faces.zip', mimeType: 'application/zip', buffer: file() });
      await expect(playground.notice).toContainText(says);
      await expect(playground.notice).toContainText('stay in use');
      await playground.notice.getByRole('button', { name: 'Close' }).click();
      await expect(playground.notice).toHaveCount(0);
    });
  }
  await playground.stepTo(2);
});

test('a file of 4 GB is refused before it is read', async ({ page }, testInfo) => {
  const path = testInfo.outputPath('huge.zip');
  const file = openSync(path, 'w');
  ftruncateSync(file, 4 * 2 ** 30);
  closeSync(file);
  const playground = await Playground.open(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.drop(path);
  await expect(playground.notice).toContainText(/huge\.zip/);
  await expect(playground.notice).toContainText('stay in use');
});

/** Photographs of people who do not exist: a drawn face of 150 px in a picture of 260, for four people two of them. */
async function writeRawPhotos(root: string): Promise<string> {
  const faces = await population({
    seed: 5,
    identities: 4,
    imagesPerIdentity: 2,
    size: 112,
    region: 'full',
    variation: 'lfw',
  });
  const raw = { width: 112, height: 112, channels: 3 } as const;
  const plain = { create: { width: 260, height: 260, channels: 3, background: '#667788' } } as const;
  for (let at = 0; at < 8; at++) {
    const face = await sharp(faceAt(faces, at), { raw }).resize(150, 150).png().toBuffer();
    const photo = sharp(plain).composite([{ input: face, left: 20 + 10 * at, top: 40 }]);
    mkdirSync(join(root, `p${at >> 1}`), { recursive: true });
    await photo.png().toFile(join(root, `p${at >> 1}`, `${at}.png`));
  }
  await sharp(plain)
    .png()
    .toFile(join(root, 'p0', 'wall.png'));
  return root;
}

test('raw photos are recognised, aligned in the tab, looked at and used', async ({ page }, testInfo) => {
  const root = await writeRawPhotos(testInfo.outputPath('photos'));
  const playground = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await playground.openFaces();
  await playground.dropFolder(root);
  await expect(playground.facesSummary).toContainText('The photos do not look aligned: at 260 × 260 pixels');
  await expect(page.getByTestId('tree-summary')).toHaveText('Folders: 4 people');
  await page.getByTestId('align-photos').click();
  const dialog = page.getByTestId('align-dialog');
  await expect(dialog.getByRole('heading')).toHaveText('9 of 9 photos read');
  await expect(page.getByTestId('align-missing')).toContainText('wall.png: no face found. It is left out.');
  // As where a phone is turned, which has its settings in a drawer.
  await page.setViewportSize(PHONE);
  await expect(page.getByRole('button', { name: 'Settings' })).toBeAttached();
  await expect(dialog.getByRole('heading')).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  // The group that was unfolded still is.
  await expect(playground.facesSummary).toBeVisible();
  await dialog.getByRole('button', { name: /6\.png/ }).click();
  await expect(page.getByTestId('align-faces')).toContainText('Aligned to the 112 × 112 template by five points');
  await page.getByTestId('align-use').click();
  await expect(playground.facesSummary).toContainText('aligned');
  await expect(playground.facesSummary).toContainText('4 people, 8 photos');
  await expect(page.getByTestId('align-photos')).toHaveCount(0);
  await playground.stepTo(2);
  await expect(playground.notice).toContainText('The held-out photos make no more than 6 different pairs');
  await playground.notice.getByRole('button', { name: 'Close' }).click();
  await expect(playground.notice).toHaveCount(0);
  // Closed for this run, and not for the screen alone.
  for (const screen of ['Method', 'Train']) {
    await page.getByRole('navigation', { name: 'Screens' }).getByText(screen).click();
  }
  await expect(page.getByTestId('filter-wall-standard')).toBeVisible();
  await expect(playground.notice).toHaveCount(0);
});
