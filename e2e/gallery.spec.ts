import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessibleInBothThemes } from './accessibility.ts';
import { numberFaults } from './layout.ts';
import { asOnPhone, expectFitsPhone } from './phone.ts';
import { Playground, TINY } from './playground.ts';

const LINK = { ...TINY, imageSize: 24, identities: 40, imagesPerIdentity: 24, backend: 'wasm' };

/** The pixels of a canvas, as text to compare. */
const pixels = (canvas: Locator) => canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());

async function openGallery(page: Page, playground: Playground): Promise<void> {
  await playground.openFaces();
  await page.getByTestId('open-gallery').click();
  await expect(page.getByTestId('gallery-photo')).toHaveAttribute('data-drawn');
}

test('choose a person, move a slider, see the picture change, and go back', async ({ page }) => {
  const playground = await Playground.open(page, LINK);
  await openGallery(page, playground);
  const photo = page.getByTestId('gallery-photo');
  const networkView = page.getByTestId('gallery-network-view');

  const first = await pixels(photo);
  await page.getByTestId('gallery-person').nth(3).click();
  await expect(page.getByRole('heading', { name: 'Person 3', exact: true })).toBeVisible();
  await expect.poll(() => pixels(photo)).not.toBe(first);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'Person 9', exact: true })).toBeVisible();
  await expect(networkView).toHaveAttribute('width', '24');

  for (const key of ['noseWidth', 'pose']) {
    const before = [await pixels(photo), await pixels(networkView)];
    const thumb = page.locator(`[data-testid=gallery-slider][data-parameter=${key}]`).getByRole('slider');
    await expect(thumb).not.toHaveAttribute('aria-valuetext', '');
    await thumb.press('End');
    await expect.poll(() => pixels(photo)).not.toBe(before[0]);
    await expect.poll(() => pixels(networkView)).not.toBe(before[1]);
  }

  await page.keyboard.press('Escape');
  await expect(page.getByTestId('faces-gallery')).toHaveCount(0);
  await expect(playground.toggle).toBeVisible();
});

test('an example sets the sliders of the photo', async ({ page }) => {
  const playground = await Playground.open(page, LINK);
  await openGallery(page, playground);
  const pose = page.locator('[data-testid=gallery-slider][data-parameter=pose]');
  await page.getByRole('button', { name: 'Pose: 35° right' }).click();
  await expect(pose).toContainText('35° right');
  await page.getByRole('button', { name: 'Reset sliders' }).click();
  await expect(pose).toContainText('straight');
  await asOnPhone(page);
  await expectFitsPhone(page, 'gallery');
});

test('new people become those of the next run only when they are used', async ({ page }) => {
  const playground = await Playground.open(page, LINK);
  await openGallery(page, playground);
  const before = new URL(page.url()).hash;
  await page.getByTestId('gallery-new-people').click();
  await page.getByTestId('gallery-identities').fill('12');
  await page.getByTestId('gallery-identities').press('Enter');
  await expect(page.getByRole('heading', { name: '12 synthetic people' })).toBeVisible();
  expect(new URL(page.url()).hash).toBe(before);
  const seed = (await page.getByTestId('gallery-seed').inputValue()).replace(/\s/g, '');
  await page.getByTestId('gallery-identities').fill('1200');
  await page.getByTestId('gallery-back').focus();
  await expect(page.getByTestId('gallery-identities')).toHaveValue('1\u202f200');
  expect(await numberFaults(page)).toEqual([]);
  await page.getByTestId('gallery-identities').fill('12');
  await page.getByTestId('gallery-identities').press('Enter');
  await expect(page.getByRole('heading', { name: '12 synthetic people' })).toBeVisible();
  await page.getByTestId('gallery-use').click();
  await expect(page.getByTestId('faces-gallery')).toHaveCount(0);
  await expect.poll(() => new URL(page.url()).hash).toContain(`facesSeed=${seed}`);
  expect(new URL(page.url()).hash).toContain('identities=12');
});

test('arrow keys count from the number that was typed, and seeds of ten digits by one', async ({ page }) => {
  const playground = await Playground.open(page, LINK);
  await openGallery(page, playground);
  const seed = page.getByTestId('gallery-seed');
  await seed.fill('1234567890');
  await seed.press('ArrowUp');
  await expect(seed).toHaveValue('1\u202f234\u202f567\u202f891');
  await seed.press('ArrowDown');
  await expect(seed).toHaveValue('1\u202f234\u202f567\u202f890');
});

test('has no accessibility faults in both themes', async ({ page }) => {
  const playground = await Playground.open(page, LINK);
  await openGallery(page, playground);
  await expect(page.getByTestId('gallery-example')).toHaveCount(21);
  await expectAccessibleInBothThemes(page);
});

test('a second visit takes the faces from the cache', async ({ page }) => {
  const loss = async () => {
    const run = await Playground.finite(page, { ...TINY, backend: 'wasm' });
    await run.stepTo(1);
    return page.getByTestId('loss-standard').innerText();
  };
  const drawn = await loss();
  await expect.poll(() => page.evaluate(keptFaces, { blacken: false })).toBe(1);
  await page.goto('about:blank');
  expect(await loss()).toBe(drawn);
  // Faces that are all black train to another loss, which is that of the next visit only if it takes them.
  expect(await page.evaluate(keptFaces, { blacken: true })).toBe(1);
  await page.goto('about:blank');
  expect(await loss()).not.toBe(drawn);
});

/** Runs in the page: counts the sets of faces that the browser keeps, and makes all their images black if asked to. */
async function keptFaces({ blacken }: { readonly blacken: boolean }): Promise<number> {
  const answer = <Result>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await answer(indexedDB.open('craft-faces'));
  try {
    const sets = database.transaction('sets', 'readwrite').objectStore('sets');
    const keys = await answer(sets.getAllKeys());
    for (const key of blacken ? keys : []) {
      const faces = await answer(sets.get(key));
      faces.images.fill(0);
      await answer(sets.put(faces, key));
    }
    return keys.length;
  } finally {
    database.close();
  }
}
