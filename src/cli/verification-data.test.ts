import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ijbFolder, pairsBin, trainingSet } from '../faces/import/testing/data-files.ts';
import { pgmBytes } from '../faces/import/testing/dropped-files.ts';
import { verificationData } from './verification-data.ts';
import { modelReport } from './verify-model.ts';

const OPTIONS = { size: 32, region: 'tight', pairs: 20, seed: 1 } as const;
let folder: string;

const write = (files: Readonly<Record<string, Uint8Array>>, below = '') => {
  for (const [path, bytes] of Object.entries(files)) {
    const at = join(folder, below, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, bytes);
  }
};
const open = (path: string, set?: string) => verificationData(join(folder, path), { ...OPTIONS, set });

/** CFP with two people; without its second profile photo the protocol FP names an image that is not there. */
function cfp(profiles: number): Record<string, Uint8Array> {
  const images = (kind: string, count: number) =>
    ['001', '002'].flatMap((person) =>
      Array.from({ length: count }, (_, at) => `Data/Images/${person}/${kind}/0${at + 1}`),
    );
  const list = (kind: string) => images(kind, 2).map((path, at) => `${at + 1} ../${path}.jpg\n`);
  const texts = {
    'Protocol/Pair_list_F.txt': list('frontal').join(''),
    'Protocol/Pair_list_P.txt': list('profile').join(''),
    'Protocol/Split/FF/01/same.txt': '1,2\n',
    'Protocol/Split/FF/01/diff.txt': '1,3\n',
    'Protocol/Split/FP/01/same.txt': '1,2\n',
    'Protocol/Split/FP/01/diff.txt': '1,3\n',
  };
  const photos = [...images('frontal', 2), ...images('profile', profiles)];
  return {
    ...Object.fromEntries(photos.map((path) => [`${path}.pgm`, pgmBytes(112, 112, 9)])),
    ...Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  write({ 'bins/cfp_fp.bin': await pairsBin(12), 'bins/lfw.bin': await pairsBin(12) });
  write({ 'twice/a/lfw.bin': await pairsBin(12), 'twice/b/lfw.bin': await pairsBin(12) });
  write(cfp(2), 'cfp');
  write(cfp(1), 'broken-cfp');
  write(await trainingSet('insightface', 4, 4), 'webface');
  write(await ijbFolder('IJBB', 6));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('data that npm run verify opens', () => {
  it('a .bin, recognised by its content', async () => {
    const { source, found } = await open('bins/cfp_fp.bin');
    expect(found).toBe('CFP-FP: 12 pairs, 112 × 112');
    expect(source).toMatchObject({ kind: 'pairs', id: 'cfp-fp', size: 32, region: 'tight', imageCount: 24 });
    expect(await source.image(3)).toHaveLength(32 * 32 * 3);
  });

  it('an IJB folder, and a .rec with the files beside it, from which pairs are drawn', async () => {
    expect(await open('IJBB')).toMatchObject({
      found: expect.stringMatching(/12 images, 6 templates, 5 pairs$/),
      source: { kind: 'templates' },
    });
    const { source, found } = await open('webface/train.rec');
    expect(found).toBe('train.rec: 16 images of 4 people');
    expect(source.pairs.same).toHaveLength(20);
    expect(source.pairs.identities?.left).toHaveLength(20);
  });

  it('people with few photos, whose pairs are repeated', async () => {
    const photo = (value: number) => pgmBytes(40, 40, value);
    write({
      'few/ann/1.pgm': photo(1),
      'few/ann/2.pgm': photo(2),
      'few/bob/1.pgm': photo(3),
      'few/bob/2.pgm': photo(4),
    });
    const { source, found } = await open('few');
    expect([source.pairs.same.length, source.distinct]).toEqual([20, 6]);
    expect(found.split('\n')[1]).toBe(
      'These photos make no more than 6 different pairs, so that some of the 20 are repeated: the accuracy says little.',
    );
    expect((await open('webface/train.rec')).source.distinct).toBe(undefined);
  });

  it.each([
    ['synthetic:none', /^There is no "synthetic:none"\. Choose synthetic: and one of lfw, /],
    ['/nowhere/lfw.bin', /^There is no file \/nowhere\/lfw\.bin\.$/],
  ])('not %s', async (data, says) => {
    await expect(verificationData(data, OPTIONS)).rejects.toThrow(says);
  });

  it('not two sets together, but the one that is named', async () => {
    const both = /CFP-FP: 12 pairs, 112 × 112; LFW: 12 pairs, 112 × 112\.$/;
    await expect(open('bins')).rejects.toThrow(/bins holds 2 sets; name one with --set, as --set "CFP-FP"\. /);
    await expect(open('bins')).rejects.toThrow(both);
    await expect(verificationData(join(folder, 'bins'), { ...OPTIONS, choosesSets: false })).rejects.toThrow(
      /bins holds 2 sets; give a file or folder that holds one as --data\. /,
    );
    await expect(open('bins', 'CFP-FF')).rejects.toThrow(/holds no set called "CFP-FF"\. It holds /);
    const { source, found } = await open('bins', 'lfw');
    expect([source.id, found]).toEqual(['lfw', 'LFW: 12 pairs, 112 × 112']);
  });

  it('one of the two protocols of CFP, and names the fault of the other', async () => {
    await expect(open('cfp')).rejects.toThrow(/holds 2 sets; name one with --set, as --set "CFP-FF"/);
    const { source, found } = await open('cfp', 'CFP-FP');
    expect([source.id, found]).toEqual(['cfp-fp', expect.stringMatching(/^CFP-FP: 2 pairs of CFP-FP/)]);
    const { found: only } = await open('broken-cfp');
    expect(only.split('\n')).toEqual([
      expect.stringMatching(/^CFP-FF: 2 pairs/),
      expect.stringMatching(/^Not used: CFP-FP names 1 image that is not there/),
    ]);
  });

  it('a drawn benchmark, which is one set', async () => {
    await expect(verificationData('synthetic:lfw', { ...OPTIONS, set: 'LFW' })).rejects.toThrow('Leave it out.');
  });

  it('not two sets of one name', async () => {
    await expect(open('twice')).rejects.toThrow(/holds 2 sets; they have one name, so give the file or folder of one/);
  });
});

describe('its report', () => {
  const oneFold = Uint8Array.from({ length: 40 }, (_, pair) => (pair < 20 ? 1 : 0));
  const source = {
    kind: 'pairs',
    id: 'lfw',
    name: 'lfw.bin',
    origin: { kind: 'file', file: 'lfw.bin' },
    imageCount: 80,
    size: 32,
    region: 'tight',
    pairs: { left: new Int32Array(40), right: new Int32Array(40), same: oneFold },
    image: async () => new Uint8Array(0),
    async *chunks() {},
  } as const;
  const distances = (noise: number) =>
    Float64Array.from(oneFold, (same, pair) => (same ? 0.5 : 1.5) + noise * ((pair * 7) % 5));

  it('keeps the order of the file, as the reference does, unless --interleave is given', () => {
    const scored = new Map([['craft', distances(0)]]);
    const asGiven = modelReport(source, scored, false);
    expect(asGiven).toMatchObject({
      data: 'lfw.bin',
      origin: 'file',
      protocol: 'pairs',
      images: 80,
      balancedFolds: false,
    });
    expect(asGiven.comparison).toBeUndefined();
    const mixed = modelReport(source, scored, true);
    expect(mixed.balancedFolds).toBe(true);
    expect(mixed.arms.craft).toMatchObject({ pairs: 40, samePairs: 20, accuracy: 1, deviation: 0, auc: 1, eer: 0 });
  });

  it('compares two arms in a sentence', () => {
    const scored = new Map([
      ['standard', distances(0.2)],
      ['craft', distances(0.2)],
    ]);
    const { comparison } = modelReport(source, scored, true);
    expect(comparison).toMatchObject({ difference: 0, mcNemar: 1, resampled: 'pairs' });
    expect(comparison?.sentence).toMatch(/^No clear difference between these two networks: CRAFT − Standard/);
  });
});
