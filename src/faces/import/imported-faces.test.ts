import { beforeAll, describe, expect, it } from 'vitest';
import { faceAt } from '../face-set.ts';
import { type ImportRequest, importFaces } from './import-faces.ts';
import { faceSetOf, summaryOf } from './imported-faces.ts';
import { droppedFiles, imageBytes, pgmBytes, testDecoder } from './testing/dropped-files.ts';

const importing = (contents: Record<string, Uint8Array<ArrayBuffer>>, more: Partial<ImportRequest> = {}) =>
  importFaces({ name: 'faces', files: droppedFiles(contents), decode: testDecoder, ...more });

let jpeg: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  jpeg = await imageBytes('jpeg', 96, 96);
});

describe('the assumed region of images', () => {
  /** 112 × 112: black, with the inner face (16, 32)-(96, 112) white. */
  const template = () => {
    const bytes = pgmBytes(112, 112, 0);
    const start = bytes.length - 112 * 112;
    for (let y = 32; y < 112; y++) bytes.fill(255, start + y * 112 + 16, start + y * 112 + 96);
    return bytes;
  };

  it('cuts the inner face out of the whole template, at any size of run', async () => {
    const imported = await importing({ 'a/1.pgm': template(), 'b/1.pgm': template() });
    expect(imported.images.map(({ shows }) => shows)).toEqual(['full', 'full']);
    for (const size of [16, 32, 80, 112]) {
      const tight = faceSetOf(imported, { size, region: 'tight' });
      expect(tight).toMatchObject({ size, region: 'tight', labels: Int32Array.of(0, 1) });
      expect(new Set(faceAt(tight, 1))).toEqual(new Set([255]));
    }
    const full = faceSetOf(imported, { size: 112, region: 'full' });
    expect([...faceAt(full, 0)]).toEqual([...template().slice(-112 * 112)].flatMap((value) => [value, value, value]));
  });

  it('uses smaller and longer images as they are, and says so', async () => {
    const imported = await importing({ 'a/1.jpg': jpeg, 'b/1.pgm': pgmBytes(92, 112, 7) });
    expect(imported.images.map(({ shows }) => shows)).toEqual(['tight', 'tight']);
    expect(imported.notes[0]).toBe(
      'Images are smaller than 100 px or not square, so they were taken as inner faces, used as they are.',
    );
  });

  it('shows one geometry: where some image has the inner face only, all are cut to it', async () => {
    const imported = await importing({ 'a/1.pgm': template(), 'b/1.pgm': pgmBytes(64, 64, 255) });
    const set = faceSetOf(imported, { size: 16, region: 'full' });
    expect(set.region).toBe('tight');
    expect(new Set(set.images)).toEqual(new Set([255]));
    expect(imported.notes[0]).toContain('1 square images');
  });

  it('does as the user says instead', async () => {
    const contents = { 'a/1.pgm': template(), 'b/1.pgm': template() };
    const tight = await importing(contents, { imagesShow: 'tight' });
    expect(faceSetOf(tight, { size: 112, region: 'tight' }).images[0]).toBe(0);
    const full = await importing({ 'a/1.jpg': jpeg, 'b/1.jpg': jpeg }, { imagesShow: 'full' });
    expect(faceSetOf(full, { size: 32, region: 'full' }).region).toBe('full');
  });
});

describe('the summary', () => {
  it('counts, names and shows a face of different people', async () => {
    const imported = await importing({
      'set/a/1.jpg': jpeg,
      'set/b/1.jpg': jpeg,
      'set/b/2.jpg': jpeg,
      'set/b/bad.jpg': jpeg.slice(0, 9),
      'set/c/1.jpg': jpeg,
    });
    const summary = summaryOf(imported);
    expect(summary).toMatchObject({ name: 'faces', identities: 3, images: 4 });
    expect(summary.unreadable).toEqual({
      count: 1,
      first: [{ path: 'set/b/bad.jpg', reason: 'is not a readable image' }],
    });
    expect(summary.samples.images.length).toBe(3 * summary.samples.size ** 2 * 3);
  });
});
