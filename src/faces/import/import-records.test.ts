import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { imagePayload, recordFile } from '../../formats/testing/records.ts';
import { type ImportRequest, importFaces } from './import-faces.ts';
import { faceSetOf } from './imported-faces.ts';
import { DEFAULT_IMPORT_LIMITS, foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { recordPeople } from './record-people.ts';
import { openRecordsFile } from './records-file.ts';
import { drawings, pairsBin, trainingSet } from './testing/data-files.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

const importing = (contents: Contents, more: Partial<ImportRequest> = {}) =>
  importFaces({ name: 'train.rec', files: droppedFiles(contents), decode: testDecoder, ...more });

describe.each(['insightface', 'im2rec'] as const)('a training set in the layout of %s', (layout) => {
  it('becomes faces with the labels of its records', async () => {
    const imported = await importing(await trainingSet(layout, 3, 4));
    expect(imported.identities).toEqual(['0', '1', '2']);
    expect(imported.images.map(({ identity }) => identity)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(new Set(imported.images.map(({ shows, size }) => `${shows} ${size}`))).toEqual(new Set(['full 112']));
    const whole = faceSetOf(imported, { size: 112, region: 'full' });
    const { pixels } = await testDecoder((await drawings(12))[11] ?? new Uint8Array(0));
    const rgb = Uint8Array.from(pixels.filter((_, at) => at % 4 !== 3));
    expect(whole.images.subarray(11 * rgb.length)).toEqual(rgb);
  });

  it('names the records, lists and images beside it that are not read', async () => {
    const set = await trainingSet(layout, 3, 4);
    const second = Object.fromEntries(Object.entries(set).map(([path, bytes]) => [`more/${path}`, bytes]));
    const { images, notes } = await importing({ ...set, ...second, 'photos/1.pgm': pgmBytes(8, 8, 7) });
    expect(images).toHaveLength(12);
    expect(notes.join(' ')).toContain('more/train.rec');
    expect(notes.join(' ')).toContain('1 image');
  });

  it('is taken in part where limits say so, evenly spaced', async () => {
    const limits = { maxIdentities: 2, maxImagesPerIdentity: 2 };
    const imported = await importing(await trainingSet(layout, 6, 4), { limits });
    expect(imported.identities).toEqual(['2', '5']);
    expect(imported.images).toHaveLength(4);
    expect(imported.notes.join(' ')).toMatch(/Of 6 people 2 were taken/);
  });

  it('loses damaged records, and names them', async () => {
    const files = await trainingSet(layout, 3, 4);
    const rec = files['train.rec'] ?? new Uint8Array(0);
    const [image] = await drawings(6).then((all) => all.slice(5));
    const at = Buffer.from(rec).indexOf(Buffer.from(image ?? []));
    rec.fill(0, at, at + 60);
    const imported = await importing({ ...files, 'train.rec': rec });
    expect(imported.unreadable.first).toEqual([
      { path: expect.stringMatching(/^train\.rec, record [56]$/), reason: 'is not a readable image' },
    ]);
    expect(imported.images).toHaveLength(11);
  });
});

describe('a training set that contradicts itself', () => {
  const list = (count: number, labelOf: (at: number) => number) =>
    strToU8(Array.from({ length: count }, (_, at) => `${at}\t${labelOf(at)}\tx/${at}.jpg\n`).join(''));

  it('loses the images that its list does not name, and counts them', async () => {
    const set = { ...(await trainingSet('im2rec', 6, 4)), 'train.lst': list(20, (at) => at >> 2) };
    const left = '4 images of train.rec are not in its .lst file and left out.';
    const { images, notes } = await importing(set);
    expect([images.length, notes[0], notes[1]]).toEqual([20, 'train.rec: 20 images of 5 people', left]);
    expect(notes.join(' ')).not.toContain('Of 24 images');
    const { found } = await recogniseFiles({ name: 'set', files: droppedFiles(set) });
    expect(found.map(foundInWords)).toEqual([`train.rec: 20 images of 5 people. ${left}`]);
  });

  it('is refused where its list gives other labels than its records', async () => {
    const set = await trainingSet('im2rec', 6, 4);
    await expect(importing({ ...set, 'train.lst': list(24, (at) => ((at >> 2) + 1) % 6) })).rejects.toMatchObject({
      code: 'file-inconsistent',
      message: 'train.lst gives record 0 of train.rec the label 1, but the record itself has 0.',
    });
    expect((await importing({ ...set, 'train.lst': list(24, (at) => at >> 2) })).images).toHaveLength(24);
  });

  it('is refused where two of its identities have one label', async () => {
    const image = pgmBytes(112, 112, 7);
    const range = (key: number, ...labels: number[]) => ({ key, payload: imagePayload(labels, new Uint8Array(0)) });
    const { rec, idx } = recordFile([
      range(0, 5, 7),
      ...[1, 2, 3, 4].map((key) => ({ key, payload: imagePayload([3, 1], image) })),
      range(5, 1, 3),
      range(6, 3, 5),
    ]);
    await expect(importing({ 'train.rec': rec, 'train.idx': idx })).rejects.toThrow(
      'train.rec: The images of several identities have the label 3. (record 6)',
    );
  });
});

describe('a large set without ranges', () => {
  /** More images than have their labels read one by one; 300 a person. */
  const COUNT = 200_100;
  const labels = (at: number) => Math.floor(at / 300);
  function records(labelOf: (at: number) => number) {
    // The index repeats a few records: only the requested ones are there.
    const payloads = [...new Set(Array.from({ length: COUNT }, (_, at) => labelOf(at)))];
    const image = pgmBytes(8, 8, 7);
    const { rec, idx } = recordFile(payloads.map((label, key) => ({ key, payload: imagePayload([label], image) })));
    const offsets = new TextDecoder()
      .decode(idx)
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1] ?? '');
    const placeOf = new Map(payloads.map((label, at) => [label, offsets[at] ?? '']));
    const lines = Array.from({ length: COUNT }, (_, at) => `${at}\t${placeOf.get(labelOf(at))}\n`);
    return { 'train.rec': rec, 'train.idx': strToU8(lines.join('')) };
  }
  const limits = { ...DEFAULT_IMPORT_LIMITS, maxIdentities: 5, maxImagesPerIdentity: 2 };
  const opening = async (contents: Contents) => {
    const [rec, idx, lst] = ['train.rec', 'train.idx', 'train.lst'].map((path) => {
      const bytes = contents[path];
      return bytes && { path, file: new Blob([bytes]) };
    });
    if (rec === undefined) throw new Error('train.rec is missing');
    return openRecordsFile({ rec, idx, lst, property: undefined });
  };

  it('is sampled by runs where people come one after the other', async () => {
    const file = await opening(records(labels));
    const asked = vi.spyOn(file.records, 'labels');
    const { people, allImages } = await recordPeople(file, limits);
    expect(allImages).toBe(COUNT);
    expect(people.map(({ name, items }) => [name, items.length])).toEqual([
      ['0', 2],
      ['134', 2],
      ['267', 2],
      ['401', 2],
      ['534', 2],
    ]);
    expect(asked.mock.calls.length).toBeLessThan(2000);
  });

  it('in no order needs its list, and is read by it', async () => {
    const mixed = records((at) => (at * 7919) % 50);
    await expect(recordPeople(await opening(mixed), limits)).rejects.toMatchObject({
      code: 'missing-part',
      message: 'train.rec has 200\u202f100 images in no order of people, and nothing beside it says whose each is.',
    });
    const lst = strToU8(Array.from({ length: COUNT }, (_, at) => `${at}\t${(at * 7919) % 50}\t${at}.jpg\n`).join(''));
    const { people, allPeople } = await recordPeople(await opening({ ...mixed, 'train.lst': lst }), limits);
    expect(allPeople).toBe(50);
    expect(people.map(({ name }) => name)).toEqual(['9', '19', '29', '39', '49']);
  });
});

describe('files of no training set', () => {
  it('a verification set is sent to where it belongs', async () => {
    await expect(importing({ 'cfp_fp.bin': await pairsBin(3) })).rejects.toMatchObject({
      code: 'not-for-training',
      message: 'CFP-FP: 3 pairs, 112 × 112. That is for verifying, not for training.',
    });
  });

  it('one person, and nothing', async () => {
    await expect(importing(await trainingSet('im2rec', 1, 4))).rejects.toMatchObject({ code: 'one-person' });
    await expect(importing({ 'train.rec': new Uint8Array(0) })).rejects.toMatchObject({ code: 'file-empty' });
  });
});

const real = process.env.REAL_FACES_DIR;

describe.skipIf(real === undefined)(
  `real files${real === undefined ? ' (skipped: REAL_FACES_DIR is not set)' : ''}`,
  () => {
    const folder = (name: string, without = '') => {
      const path = join(real ?? '', 'recordio', name);
      const names = readdirSync(path).filter((file) => file !== without && !file.endsWith('.jpg'));
      return Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(path, file)))]));
    };

    it.each(['', 'train.lst'])(
      'im2rec: eight images of two people with the labels of the list (without %j)',
      async (without) => {
        const imported = await importing(folder('webface_sample_112', without));
        expect(imported.identities).toEqual(['0', '1']);
        expect(imported.images.map(({ identity }) => identity)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
        // Every image is the one of the list's name, decoded.
        const list = readFileSync(join(real ?? '', 'recordio/webface_sample_112/train.lst'), 'utf8')
          .trim()
          .split('\n');
        for (const identity of [0, 1]) {
          const paths = list.map((line) => line.split('\t')).filter(([, label]) => label === `${identity}`);
          const bytes = paths.map(([, , path = '']) =>
            readFileSync(join(real ?? '', 'recordio/webface_sample_112', path.split('/')[1] ?? '')),
          );
          const decoded = await Promise.all(bytes.map(async (image) => testDecoder(new Uint8Array(image))));
          const shown = decoded.map(({ pixels }) => [...pixels].filter((_, at) => at % 4 !== 3).join());
          const found = imported.images
            .filter((image) => image.identity === identity)
            .map(({ pixels }) => pixels.join());
          expect(found.toSorted()).toEqual(shown.toSorted());
        }
      },
    );

    it("InsightFace's layout: 140 images of 10 people", async () => {
      const imported = await importing(folder('cfp10_insightface_layout'));
      expect(imported.identities).toHaveLength(10);
      expect(imported.images).toHaveLength(140);
      expect(imported.notes[0]).toBe('train.rec: 140 images of 10 people');
    });
  },
);
