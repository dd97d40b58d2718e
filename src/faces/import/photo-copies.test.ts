import { describe, expect, it } from 'vitest';
import { importFaces } from './import-faces.ts';
import { recogniseFiles } from './recognise.ts';
import { sourceOfData } from './source-of-data.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';

/** Photos of one colour each, by their paths. */
const photos = (shades: Readonly<Record<string, number>>) =>
  droppedFiles(Object.fromEntries(Object.entries(shades).map(([path, shade]) => [path, pgmBytes(112, 112, shade)])));
const importing = (shades: Readonly<Record<string, number>>) =>
  importFaces({ name: 'set', files: photos(shades), decode: testDecoder });

describe('copies of one photo', () => {
  it('in two folders of a person count once, with a sentence', async () => {
    const { identities, images, notes } = await importing({
      'train/Ada/1.pgm': 1,
      'train/Ada/2.pgm': 2,
      'val/Ada/1.pgm': 1,
      'val/Ada/3.pgm': 3,
      'train/Bo/1.pgm': 4,
      'val/Bo/2.pgm': 5,
      'val/Bo/copy.pgm': 4,
    });
    expect(identities).toEqual(['Ada', 'Bo']);
    expect(images.map(({ identity, pixels }) => [identity, pixels[0]])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 4],
      [1, 5],
    ]);
    expect(notes).toContain(
      '2 copies of a photo in another folder of the same person were left out: val/Ada/1.pgm of train/Ada/1.pgm, val/Bo/copy.pgm of train/Bo/1.pgm.',
    );
  });

  it('in one folder stay, as those of CFP do, and are named', async () => {
    const { images, notes } = await importing({ 'Ada/1.pgm': 1, 'Ada/2.pgm': 1, 'Bo/1.pgm': 2, 'Bo/2.pgm': 3 });
    expect(images.length).toBe(4);
    expect(notes).toContain(
      '1 copy of a photo in the same folder is used, and any network knows it again: Ada/2.pgm of Ada/1.pgm.',
    );
  });

  it('of two people stay, and are named', async () => {
    const { images, notes } = await importing({ 'Ada/1.pgm': 1, 'Ada/2.pgm': 2, 'Bo/1.pgm': 1, 'Bo/2.pgm': 3 });
    expect(images.length).toBe(4);
    expect(notes).toContain(
      '1 photo is there under two people, so that the accuracy may be wrong: Ada/1.pgm and Bo/1.pgm.',
    );
  });

  it('are said of people from whom pairs are drawn, and make none', async () => {
    const files = photos({ 'train/Ada/1.pgm': 1, 'val/Ada/2.pgm': 1, 'train/Bo/1.pgm': 2, 'val/Bo/2.pgm': 3 });
    const [data] = (await recogniseFiles({ name: 'set', files })).found;
    if (data === undefined) throw new Error('people were expected');
    const source = await sourceOfData(data, { size: 16, region: 'full', decode: testDecoder, pairs: 20, seed: 1 });
    expect([source.imageCount, source.copies]).toEqual([
      3,
      ['1 copy of a photo in another folder of the same person was left out: val/Ada/2.pgm of train/Ada/1.pgm.'],
    ]);
  });

  it('are none where there are none', async () => {
    expect((await importing({ 'Ada/1.pgm': 1, 'Ada/2.pgm': 2, 'Bo/1.pgm': 3 })).copies).toEqual([]);
  });
});
