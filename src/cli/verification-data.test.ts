import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ijbFolder, pairsBin, trainingSet } from '../faces/import/testing/data-files.ts';
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
const open = (path: string) => verificationData(join(folder, path), OPTIONS);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  write({ 'bins/cfp_fp.bin': await pairsBin(12), 'bins/lfw.bin': await pairsBin(12) });
  write(await trainingSet('insightface', 4, 4), 'webface');
  write(await ijbFolder('IJBB', 6));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('data that npm run verify opens', () => {
  it('a .bin, recognised by its content', async () => {
    const { source, found } = await open('bins/cfp_fp.bin');
    expect(found).toBe('CFP-FP: 12 pairs, 112×112');
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

  it.each([
    ['synthetic:none', /^There is no "synthetic:none"\. Choose synthetic: and one of lfw, /],
    ['/nowhere/lfw.bin', /^There is no file \/nowhere\/lfw\.bin\.$/],
  ])('not %s', async (data, says) => {
    await expect(verificationData(data, OPTIONS)).rejects.toThrow(says);
  });

  it('not two sets together', async () => {
    await expect(open('bins')).rejects.toThrow(
      /holds more than one set; name one\. .*pairs, 112×112; .*pairs, 112×112\.$/,
    );
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
