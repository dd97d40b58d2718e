import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { droppedFiles, pgmBytes } from './testing/dropped-files.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

const face = pgmBytes(112, 112, 9);
const faces = (...paths: readonly string[]): Contents => Object.fromEntries(paths.map((path) => [path, face]));
const recognise = (contents: Contents) => recogniseFiles({ name: 'set', files: droppedFiles(contents) });

describe('tables of parts of a set', () => {
  const table = (...rows: readonly string[]) => strToU8(`image,label\n${rows.join('\n')}\n`);
  const found = async (contents: Contents) => (await recognise(contents)).found.map(foundInWords);
  const four = faces('1.pgm', '2.pgm', '3.pgm', '4.pgm');

  it('are one table, in any order of listing', async () => {
    const train = table('3.jpg,Cy', '4.jpg,Ada');
    const test = table('1.jpg,Ada', '2.jpg,Bo', '9.jpg,Bo');
    for (const tables of [
      { 'train.csv': train, 'test.csv': test },
      { 'test.csv': test, 'train.csv': train },
    ]) {
      expect(await found({ ...four, ...tables })).toEqual([
        'set: 4 images of 3 people. test.csv, train.csv say who is on 4 of 4 images. They name 1 image that is not there, or there twice.',
      ]);
    }
  });

  it('name the images of the folder of their own name', async () => {
    const folders = faces('train/1.pgm', 'train/2.pgm', 'test/1.pgm', 'test/2.pgm');
    const tables = { 'train.csv': table('1.jpg,Ada', '2.jpg,Bo'), 'test.csv': table('1.jpg,Bo', '2.jpg,Cy') };
    expect(await found({ ...folders, ...tables })).toEqual([
      'set: 4 images of 3 people. test.csv, train.csv say who is on 4 of 4 images.',
    ]);
  });

  it('stay apart where both number their people from the start', async () => {
    const [one] = await found({ ...four, 'a.csv': table('1.jpg,0', '2.jpg,1'), 'b.csv': table('3.jpg,0', '4.jpg,1') });
    expect(one).toContain('a.csv says who is on 2 of 4 images. The others were left out. Not used: b.csv.');
    expect(one).toContain('b.csv has people of the same numbers as a.csv (0)');
    const apart = { 'a.csv': table('1.jpg,0', '2.jpg,1'), 'b.csv': table('3.jpg,2', '4.jpg,3') };
    expect(await found({ ...four, ...apart })).toEqual([expect.stringContaining('4 images of 4 people.')]);
    const same = { 'a.csv': table('1.jpg,0', '2.jpg,1'), 'b.csv': table('2.jpg,1', '3.jpg,0', '4.jpg,1') };
    expect(await found({ ...four, ...same })).toEqual([expect.stringContaining('4 images of 2 people.')]);
  });

  it('leave a doubt where their two people may be answers about the photos', async () => {
    const doubt = '"0" and "1". If these are answers about the photos and not people';
    expect(await found({ ...four, 'label.txt': table('1.jpg,0', '2.jpg,1', '3.jpg,1', '4.jpg,0') })).toEqual([
      expect.stringContaining(doubt),
    ]);
    const three = table('1.jpg,0', '2.jpg,1', '3.jpg,2', '4.jpg,0');
    expect(await found({ ...four, 'label.txt': three })).toEqual([expect.not.stringContaining(doubt)]);
  });

  it('leave no doubt where they name a part of the images and agree with the folders, as in RFW', async () => {
    const photos = ['African', 'Asian', 'Indian'].flatMap((race) =>
      ['a', 'b'].flatMap((person) => [1, 2].map((photo) => `data/${race}/m.0${race[1]}${person}/${photo}.pgm`)),
    );
    const tableOf = (race: string, swap = false) =>
      table(
        ...photos
          .filter((path) => path.includes(race))
          .map((path, at) => `${path.replace('data/', '').replace('.pgm', '.jpg')},${swap ? at % 2 : at >> 1}`),
      );
    const all = Object.fromEntries(photos.map((path) => [path, face]));
    const doubt = 'looks like a table of people';
    const african = { ...all, 'txts/African_images.txt': tableOf('African') };
    expect(await found(african)).toEqual([
      expect.stringMatching(/12 images of 6 people.*Not used: txts\/African_images\.txt\./),
    ]);
    expect(await found(african)).toEqual([expect.not.stringContaining(doubt)]);
    const swapped = { ...all, 'txts/African_images.txt': tableOf('African', true) };
    expect(await found(swapped)).toEqual([expect.stringContaining(doubt)]);
  });

  it('that name one image differently are not joined; the first that names half is used', async () => {
    const tables = { 'a.csv': table('1.jpg,Ada', '2.jpg,Bo'), 'b.csv': table('2.jpg,Cy', '3.jpg,Cy', '4.jpg,Di') };
    expect(await found({ ...four, ...tables })).toEqual([
      expect.stringContaining('a.csv says who is on 2 of 4 images. The others were left out. Not used: b.csv.'),
    ]);
  });
});
