import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { FaceSet } from '../../faces/face-set.ts';
import { imagePayload, recordFile } from '../../formats/testing/records.ts';
import { exportFaces } from '../export/face-arrays.ts';
import { testImages } from './trained.ts';

/** Three 4 × 4 images of two people. */
export const SMALL_FACES = [0, 0, 1].map((label, index) => ({
  label,
  pixels: Uint8Array.from({ length: 48 }, (_, i) => (37 * i + 91 * index) % 256),
}));

/** One colour of an image as the network takes it. */
export function plane(pixels: Uint8Array, channel: number): number[] {
  return Array.from({ length: 16 }, (_, i) => (pixels[3 * i + channel] ?? 0) / 127.5 - 1);
}

/** The small faces as a folder, as InsightFace's .rec with .idx, and as .npz. */
export async function writeSmallFaces(folder: string): Promise<void> {
  const files = await Promise.all(
    SMALL_FACES.map(({ pixels }) =>
      sharp(pixels, { raw: { width: 4, height: 4, channels: 3 } })
        .png()
        .toBuffer(),
    ),
  );
  for (const [index, file] of files.entries()) {
    const person = join(folder, 'people', `person ${SMALL_FACES[index]?.label}`);
    mkdirSync(person, { recursive: true });
    writeFileSync(join(person, `${index}.png`), file);
  }
  const header = { key: 0, payload: imagePayload([4, 6], new Uint8Array(0)) };
  const images = files.map((file, index) => ({
    key: index + 1,
    // InsightFace numbers people as it likes.
    payload: imagePayload([10 + 7 * (SMALL_FACES[index]?.label ?? 0)], file),
  }));
  const { rec, idx } = recordFile([header, ...images]);
  writeFileSync(join(folder, 'train.rec'), rec);
  writeFileSync(join(folder, 'train.idx'), idx);
  const pixels = Uint8Array.from(SMALL_FACES.flatMap((face) => [...face.pixels]));
  const labels = Int32Array.from(SMALL_FACES, ({ label }) => label);
  const set = { ...noiseFaces(4, 2), images: pixels, labels };
  writeFileSync(join(folder, 'faces.npz'), exportFaces(set, Int32Array.of(0, 1, 2), labels));
}

/** Noise, three images of each person, one after the other. */
export function noiseFaces(size: number, people: number): FaceSet {
  const count = 3 * people;
  return {
    images: Uint8Array.from(testImages(count, size), (value) => 127.5 * (value + 1)),
    labels: Int32Array.from({ length: count }, (_, index) => index % people),
    identities: Array.from({ length: people }, (_, index) => `person ${index}`),
    size,
    region: 'tight',
    source: { kind: 'own', name: 'noise' },
  };
}
