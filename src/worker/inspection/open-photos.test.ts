import { expect, test } from 'vitest';
import { pairsBin } from '../../faces/import/testing/data-files.ts';
import { droppedFiles, imageBytes, testDecoder } from '../../faces/import/testing/dropped-files.ts';
import { openPhotos } from './open-photos.ts';

const options = { size: 8, decode: testDecoder };

test('photos are spread over all files, and files that are no images left out', async () => {
  const images = await Promise.all(Array.from({ length: 9 }, (_, seed) => imageBytes('png', 12, 12, seed)));
  const folder = Object.fromEntries(images.map((bytes, at) => [`${at}.png`, bytes]));
  const text = new TextEncoder().encode('a text');
  const given = droppedFiles({ 'notes.txt': text, ...folder });
  const all = await openPhotos(given, options);
  expect(all?.images.length).toBe(9 * 8 * 8 * 3);
  const three = await openPhotos(given, { ...options, most: 3 });
  // Of ten files the second, sixth and ninth.
  const own = [1, 5, 8].map((file) => all?.images.slice((file - 1) * 192, file * 192));
  expect(three?.images).toEqual(new Uint8Array(own.flatMap((image) => [...(image ?? [])])));
  expect(await openPhotos(droppedFiles({ 'notes.txt': text }), options)).toBeUndefined();
});

test('the images of a .bin of pairs are photos', async () => {
  const given = droppedFiles({ 'lfw.bin': await pairsBin(5) });
  expect((await openPhotos(given, options))?.images.length).toBe(10 * 192);
  expect((await openPhotos(given, { ...options, most: 4 }))?.images.length).toBe(4 * 192);
});
