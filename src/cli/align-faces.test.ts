import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alignPhoto, isAligned } from '../alignment/align-photo.ts';
import { FaceFinder } from '../alignment/face-finder.ts';
import { errorOf, picture, quantile, turn } from '../alignment/testing/turned-faces.ts';
import { faceAt } from '../faces/face-set.ts';
import { warpSquare } from '../faces/import/align-face.ts';
import { TEMPLATE_POINTS } from '../faces/import/similarity.ts';
import { population } from '../faces/synthetic/population.ts';
import { netpbmToRgb, readNetpbm } from '../formats/netpbm.ts';
import { readPairsBin } from '../formats/pairs-bin.ts';
import { openEngine } from '../network/backend.ts';
import { alignFolder } from './align-faces.ts';
import { alignmentModels } from './alignment-models.ts';
import { writeWhole } from './files.ts';
import { decodeWithSharp } from './node-faces.ts';

let finder: FaceFinder;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'align-'));
  await openEngine({ preference: 'wasm' });
  finder = await FaceFinder.open(alignmentModels());
});
afterAll(() => {
  finder.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it('photos are not written over: the folder of the photos takes no aligned ones, nor does one in it', async () => {
  const photo = join(folder, 'originals', 'ann', '1.png');
  writeWhole(photo, 'a photo');
  const original = readFileSync(photo);
  const originals = join(folder, 'originals');
  await expect(alignFolder(originals, join(originals, '.'))).rejects.toThrow('is read; nothing is written there.');
  // Its pictures would be among the next time's photos.
  const inside = join(originals, 'aligned');
  await expect(alignFolder(originals, inside)).rejects.toThrow(`${inside} lies in ${originals}, which is read;`);
  expect(readFileSync(photo)).toEqual(original);
});

describe('faces that are drawn', () => {
  const drawing = population({
    seed: 5,
    identities: 3,
    imagesPerIdentity: 1,
    size: 112,
    region: 'full',
    variation: 'lfw',
  });

  it('are found where they are, turned and scaled', async () => {
    const faces = await drawing;
    const errors: (number | undefined)[] = [];
    for (const [at, degrees] of [-20, 0, 15].entries()) {
      errors.push(await errorOf(finder, picture(faceAt(faces, at), 112), degrees, 0.8 + 0.6 * at));
    }
    for (const error of errors) expect(error).toBeLessThan(8);
  });

  it('are distinguished from a picture without one, and left as they are where they are aligned', async () => {
    const faces = await drawing;
    expect(await finder.find(picture(new Uint8Array(64 * 64 * 3).fill(120), 64))).toEqual([]);
    const face = picture(faceAt(faces, 0), 112);
    expect(alignPhoto(face, TEMPLATE_POINTS)).toEqual({ pixels: faceAt(faces, 0), turned: 0, scaled: 1 });
    const { back, side } = turn(20, 1);
    const turned = picture(warpSquare(face, back, side), side);
    const [found] = await finder.find(turned);
    expect(found && isAligned(turned, found.points)).toBe(false);
    expect(found && alignPhoto(turned, found.points)?.turned).toBeCloseTo(20, -1);
  });

  it('--align: the largest of a photo, the others by name, and lists beside them', async () => {
    const faces = await drawing;
    const raw = { width: 112, height: 112, channels: 3 } as const;
    const png = (at: number) => sharp(faceAt(faces, at), { raw }).png().toBuffer();
    const large = await sharp(await png(0))
      .resize(200, 200)
      .png()
      .toBuffer();
    const plain = { create: { width: 480, height: 320, channels: 3, background: '#778' } } as const;
    const both = sharp(plain).composite([
      { input: await png(1), left: 20, top: 90 },
      { input: large, left: 240, top: 60 },
    ]);
    writeWhole(join(folder, 'in/Ann/two.png'), await both.png().toBuffer());
    writeWhole(join(folder, 'in/Ann/none.png'), await sharp(plain).png().toBuffer());
    writeWhole(join(folder, 'in/Ann/broken.png'), 'no image');
    writeWhole(join(folder, 'in/pairs.txt'), '1\n');
    const { report, unreadable } = await alignFolder(join(folder, 'in'), join(folder, 'out'));
    const { found, missing, points } = report;
    expect([found, missing, Object.keys(points)]).toEqual([1, ['Ann/broken.png', 'Ann/none.png'], ['Ann/two.png']]);
    // No face was looked for in it.
    expect(unreadable).toEqual([{ path: 'Ann/broken.png', reason: 'is not a readable image' }]);
    for (const [x] of points['Ann/two.png'] ?? []) expect(x).toBeGreaterThan(240);
    expect(readdirSync(join(folder, 'out'), { recursive: true }).sort()).toEqual(['Ann', 'Ann/two.png', 'pairs.txt']);
    expect(await sharp(join(folder, 'out/Ann/two.png')).metadata()).toMatchObject({ width: 112, height: 112 });
  });
});

const real = process.env.REAL_FACES_DIR ?? '';
describe.skipIf(real === '')(`photographs${real === '' ? ' (skipped: REAL_FACES_DIR is not set)' : ''}`, () => {
  it('LFW, turned by up to 20 degrees and scaled 0.8 to 2 times: found, 2.4 px median and 5.0 px at nine tenths', async () => {
    const { images } = readPairsBin(new Uint8Array(readFileSync(join(real, 'bin/lfw_fold10_py2.bin'))));
    const errors: (number | undefined)[] = [];
    for (let at = 0; at < 60; at++) {
      const face = await decodeWithSharp(Uint8Array.from(images[at * 20] ?? []));
      errors.push(await errorOf(finder, face, ((at * 17) % 41) - 20, 0.8 + 1.2 * (((at * 7) % 60) / 59)));
    }
    const found = errors.filter((error) => error !== undefined);
    expect(found.length).toBe(errors.length);
    expect(quantile(found, 0.5)).toBeLessThan(2.4);
    expect(quantile(found, 0.9)).toBeLessThan(5);
  });

  it('ORL, grey and filling the picture: 99 % found', async () => {
    const missing: string[] = [];
    for (let person = 1; person <= 40; person++) {
      const name = `s${String(person).padStart(2, '0')}/${String(1 + (person % 10)).padStart(2, '0')}.pgm`;
      const image = readNetpbm(new Uint8Array(readFileSync(join(real, 'orl', name))));
      const { width, height } = image;
      if ((await finder.find({ width, height, channels: 3, pixels: netpbmToRgb(image) })).length === 0)
        missing.push(name);
    }
    expect(missing).toEqual([]);
  });
});
