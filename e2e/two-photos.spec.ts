import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { faceAt } from '../src/faces/face-set.ts';
import { population } from '../src/faces/synthetic/population.ts';
import { expectAccessible } from './accessibility.ts';
import { file, savedRun, Verification } from './verification.ts';

test('two photos are aligned and compared; a photo of the camera without a face is refused by a sentence', async ({
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
  const photos = await Promise.all(
    [0, 1].map(async (at) =>
      sharp(faceAt(faces, at), { raw }).rotate(15, { background: '#567' }).resize(300).png().toBuffer(),
    ),
  );
  await context.grantPermissions(['camera']);
  const verification = await Verification.open(page);
  await verification.choose(file('mine.zip', savedRun()));
  await verification.fewPairs();
  await verification.runFirstRow();
  const two = page.getByTestId('two-photos');
  await two.getByTestId('camera').first().click();
  await page.getByTestId('camera-take').click();
  await expect(two.getByRole('alert')).toContainText('No face was found in camera.png');
  for (const [at, photo] of photos.entries()) {
    const drop = page.getByTestId(`photo-drop-${at + 1}`).locator('input[type=file]');
    await drop.setInputFiles({ name: `${at}.png`, mimeType: 'image/png', buffer: photo });
    await expect(two).toContainText(`Photo ${at + 1} ${at}.png, turned`);
  }
  await expect(two.getByTestId('similarity-standard')).toHaveText(/^−?[01]\.\d\d$/);
  await expect(two.getByTestId('similarity-craft')).toHaveText(/^−?[01]\.\d\d$/);
  await expect(two.getByTestId('photo-place')).toContainText('pairs of Drawn LFW, above');
  await expect(two.getByRole('heading', { level: 2 })).toHaveText(/^(Both networks say|The networks disagree)/);
  await expectAccessible(page);
});
