import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFaces } from '../faces/import/import-faces.ts';
import { foundInWords } from '../faces/import/limits.ts';
import { recogniseFiles } from '../faces/import/recognise.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

const cases = process.env.FIELD_CASES_DIR ?? '';

describe.skipIf(cases === '')(
  `faces of the field${cases === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : ''}`,
  () => {
    const imported = async (path: string) =>
      importFaces({ name: basename(path), files: await filesOf(join(cases, path)), decode: decodeWithSharp });

    const recognised = async (path: string) =>
      recogniseFiles({ name: basename(path), files: await filesOf(join(cases, path)) });

    it('44: eight people in train and val are eight people', async () => {
      const { identities, images, tree } = await imported('44-train-and-val');
      expect([identities.length, images.length, tree]).toEqual([8, 32, '8 people, 2 kinds: train, val']);
    });

    it("41: LFW's pairs.txt gives its pairs, in its folds", async () => {
      const { found, problems } = await recognised('41-lfw-folder-with-pairs/lfw');
      expect(problems).toEqual([]);
      const [data] = found;
      if (data?.kind !== 'listed') throw new Error(`Found ${data?.kind}.`);
      expect(foundInWords(data)).toBe(
        'LFW: 60 pairs of pairs.txt, in its 10 folds, 24 images. The photos do not look aligned: at 250 × 250 pixels they may be whole photographs, not faces cut to the 112 × 112 template. Align them first: give them to Train as your own faces, or use npm run faces -- --align FOLDER --out DIR.',
      );
      expect([...data.pairs.same.slice(0, 12)]).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
      expect(data.images[data.pairs.left[0] ?? -1]?.path).toBe('Bo_Example/Bo_Example_0001.jpg');
      expect(data.images[data.pairs.right[0] ?? -1]?.path).toBe('Bo_Example/Bo_Example_0002.jpg');
    });

    it("42: CFP's list that has no splits is named as not used", async () => {
      const { found } = await recognised('42-cfp-layout');
      expect(found.map(foundInWords)).toEqual([
        '42-cfp-layout: 32 images of 8 people, 2 kinds: frontal, profile. Not used: Protocol/Pair_list_F.txt. No list of pairs is used: pairs are drawn from all photos.',
      ]);
    });

    it('43: a table says who is on the images', async () => {
      const { identities, images, notes } = await imported('43-csv-labels');
      expect([identities, images.length]).toEqual([expect.arrayContaining(['Ada Example', 'Hal Example']), 24]);
      expect([identities.length, notes[0]]).toEqual([8, 'Dataset.csv says who is on 24 of 24 images.']);
      expect((await recognised('43-csv-labels')).found.map(foundInWords)).toEqual([
        '43-csv-labels: 24 images of 8 people. Dataset.csv says who is on 24 of 24 images.',
      ]);
    });

    it.each(['lfw.tgz', 'zip-in-zip.zip', 'cp437.zip'])('46: %s is read', async (name) => {
      const { identities, unreadable } = await imported(`46-zips/${name}`);
      expect([identities.length > 1, unreadable.count]).toEqual([true, 0]);
      expect(identities.join()).not.toMatch(/\p{Cc}/u);
    });

    it('46: LZMA is refused in a sentence', async () => {
      await expect(imported('46-zips/lzma.zip')).rejects.toThrow('packed with a method that is not read here');
    });

    const ofFolders = async (folder: string) =>
      (await filesOf(join(cases, '40-image-kinds', folder))).map(({ path, file }) => ({
        path: `${path.split('.')[0]}/${path}`,
        file,
      }));

    it('40: an image is read by its content, and one that is none is named', async () => {
      const files = await ofFolders('i-lying-names');
      const { images, unreadable } = await importFaces({ name: 'kinds', files, decode: decodeWithSharp });
      expect(images.map(({ pixels }) => [...pixels.slice(0, 3)])).toEqual(Array(3).fill([200, 40, 40]));
      expect(unreadable.first.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
        'empty/empty.jpg is not a readable image',
        'html/html.jpg is not a readable image',
      ]);
    });

    it('40: where cut images leave one person, one of them is named', async () => {
      const files = await ofFolders('j-truncated');
      await expect(importFaces({ name: 'kinds', files, decode: decodeWithSharp })).rejects.toThrow(
        /^Only 1 of 3 people has images that can be read; (cut|leading)\//,
      );
    });

    it('40: BMP, TIFF and GIF have the colours of the PNG', async () => {
      const folder = join(cases, '40-image-kinds', 'k-bmp-tiff-gif');
      const files = (await filesOf(folder)).map(({ path, file }) => ({ path: `${path.split('.')[0]}/${path}`, file }));
      const { images, notes } = await importFaces({ name: 'kinds', files, decode: decodeWithSharp });
      expect([images.length, notes.filter((note) => /under two people|same folder/.test(note)).length]).toEqual([4, 2]);
      const [first] = images;
      for (const { pixels } of images) expect(pixels).toEqual(first?.pixels);
    });

    it('47: one photo a person is said to give nothing to verify', async () => {
      const { notes } = await imported('47-one-photo-a-person');
      expect(notes).toContainEqual(expect.stringContaining('There is one photo a person: nothing can be held out'));
    });
  },
);
