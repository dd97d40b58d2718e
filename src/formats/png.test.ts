import sharp from 'sharp';
import { expect, test } from 'vitest';
import { greyPng } from './png.ts';

test('another reader finds the same grey bytes', async () => {
  const grey = Uint8Array.of(0, 64, 128, 255, 7, 9, 11, 13, 200);
  const { data, info } = await sharp(greyPng(grey, 3)).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([3, 3, 1]);
  expect([...data]).toEqual([...grey]);
});
