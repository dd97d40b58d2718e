import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import sharp from 'sharp';
import { faceAt } from '../src/faces/face-set.ts';
import { population } from '../src/faces/synthetic/population.ts';
import { expectAccessible } from './accessibility.ts';
import { CAMERA_FILE } from './browser-arguments.ts';
import { Playground, TINY } from './playground.ts';
import { file, savedRun, Verification } from './verification.ts';

const BACKGROUND = '#567';

test('a photo of the camera and one of a file are aligned and compared, with their place, points and responses', async ({
  page,
  context,
}) => {
  const faces = await population({
    seed: 5,
    identities: 2,
    imagesPerIdentity: 1,
    size: 112,
    region: 'full',
    variation: 'lfw',
  });
  const raw = { width: 112, height: 112, channels: 3 } as const;
  const turned = (at: number) =>
    sharp(faceAt(faces, at), { raw }).rotate(15, { background: BACKGROUND }).resize(300).png().toBuffer();
  await context.grantPermissions(['camera']);
  const verification = await Verification.open(page);
  await verification.choose(file('mine.zip', savedRun()));
  await verification.fewPairs();
  await verification.runFirstRow();
  const two = page.getByTestId('two-photos');
  const take = async () => {
    await two.getByTestId('camera').first().click();
    await page.getByTestId('camera-take').click();
  };
  await showToCamera();
  await take();
  await expect(two.getByRole('alert')).toContainText('No face was found in camera.png');
  await showToCamera(await turned(0));
  await take();
  await expect(two).toContainText('Photo 1 camera.png, turned');
  await page
    .getByTestId('photo-drop-2')
    .locator('input[type=file]')
    .setInputFiles({ name: '1.png', mimeType: 'image/png', buffer: await turned(1) });
  await expect(two).toContainText('Photo 2 1.png, turned');
  await expect(two.getByTestId('face-point')).toHaveCount(10);

  const similarity = two.getByTestId('similarity-standard');
  await expect(similarity).toHaveText(/^−?[01]\.\d\d$/);
  await expect(two.getByTestId('similarity-craft')).toHaveText(/^−?[01]\.\d\d$/);
  await expect(two.getByTestId('photo-place')).toContainText('pairs of Drawn LFW, above');
  await expect(two.getByRole('heading', { level: 2 })).toHaveText(/^(Both networks say|The networks disagree)/);

  // Eight filters of two networks, for each photo.
  const tiles = two.getByTestId('photo-responses').getByTestId('response-tile');
  await expect(tiles).toHaveCount(32);
  const [ofPhoto1, ofPhoto2] = [await pixelsOf(tiles.nth(0)), await pixelsOf(tiles.nth(1))];
  expect(ofPhoto1).not.toEqual(ofPhoto2);
  const before = await similarity.textContent();
  await two.getByTestId('swap-photos').click();
  await expect(two).toContainText('Photo 1 1.png, turned');
  await expect.poll(() => pixelsOf(tiles.nth(0))).toEqual(ofPhoto2);
  expect(await similarity.textContent()).toBe(before);
  await expectAccessible(page);
});

/** The camera films this picture in its middle, or nothing but a wall. */
async function showToCamera(picture?: Buffer): Promise<void> {
  const frame = await sharp({ create: { width: 640, height: 480, channels: 3, background: BACKGROUND } })
    .composite(picture ? [{ input: picture }] : [])
    .jpeg({ quality: 95 })
    .toBuffer();
  mkdirSync(dirname(CAMERA_FILE), { recursive: true });
  writeFileSync(CAMERA_FILE, Buffer.concat([frame, frame]));
}

function pixelsOf(tile: Locator): Promise<string> {
  return tile.evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('The tile is no canvas.');
    return canvas.toDataURL();
  });
}

test('a picture of the camera is a face that the filters respond to', async ({ page, context }) => {
  const faces = await population({
    seed: 5,
    identities: 1,
    imagesPerIdentity: 1,
    size: 112,
    region: 'full',
    variation: 'lfw',
  });
  const raw = { width: 112, height: 112, channels: 3 } as const;
  const large = await sharp(faceAt(faces, 0), { raw }).resize(300).png().toBuffer();
  await context.grantPermissions(['camera']);
  const run = await Playground.finite(page, { ...TINY, backend: 'wasm' });
  await run.trainsToEnd();
  await page.getByTestId('wall-view').getByText('Responses').click();
  const tile = run.tiles('craft').first();
  const drawn = await pixelsOf(tile.locator('canvas'));
  const picker = page.getByTestId('face-picker');
  await showToCamera();
  await picker.getByText('Camera').click();
  await page.getByTestId('camera-take').click();
  const dialog = page.getByRole('dialog', { name: 'Camera' });
  await expect(dialog.getByRole('alert')).toContainText('No face was found in the picture.');
  await showToCamera(large);
  await dialog.getByRole('button', { name: 'Take another' }).click();
  await page.getByTestId('camera-take').click();
  await expect(picker.getByRole('option', { name: 'Camera picture 1' })).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => pixelsOf(tile.locator('canvas'))).not.toBe(drawn);
  await picker.getByText('Drawn').click();
  await expect.poll(() => pixelsOf(tile.locator('canvas'))).toBe(drawn);
  await picker.getByText('Camera', { exact: true }).click();
  await expect(picker.getByRole('option', { name: 'Camera picture 1' })).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
});
