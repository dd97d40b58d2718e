import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faceAt, faceCount } from '../faces/face-set.ts';
import { heldOutPairs, splitIdentities } from '../faces/held-out.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf } from '../faces/import/imported-faces.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faces-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c86432' } });

describe('files of a folder on disk', () => {
  it('are imported as a dropped folder is, links to files too, circles of links not', async () => {
    const root = join(folder, 'set');
    for (const person of ['a', 'b']) {
      await mkdir(join(root, person), { recursive: true });
      await flat(40, 40)
        .png()
        .toFile(join(root, person, '1.png'));
    }
    await symlink(join(root, 'a', '1.png'), join(root, 'b', '2.png'));
    await symlink(root, join(root, 'b', 'circle'));
    await symlink(join(root, 'nowhere.png'), join(root, 'b', '3.png'));
    const files = await filesOf(root);
    expect(files.map(({ path }) => path.replaceAll('\\', '/')).toSorted()).toEqual(['a/1.png', 'b/1.png', 'b/2.png']);
    const imported = await importFaces({ name: 'set', files, decode: decodeWithSharp });
    expect(imported.identities).toEqual(['a', 'b']);
    expect(imported.images.length).toBe(3);
  });

  it('lie behind links to other folders too, each folder once and none above the set', async () => {
    const root = join(folder, 'linked');
    await mkdir(join(root, 'own'), { recursive: true });
    await mkdir(join(folder, 'elsewhere', 'Ada'), { recursive: true });
    await writeFile(join(root, 'own', '1.png'), '');
    await writeFile(join(folder, 'elsewhere', 'Ada', '1.png'), '');
    await symlink(join(folder, 'elsewhere', 'Ada'), join(root, 'Ada'));
    await symlink(join(folder, 'elsewhere', 'Ada'), join(root, 'own', 'again'));
    await symlink(join(root, 'own'), join(root, 'alias'));
    await symlink(folder, join(root, 'up'));
    const paths = (await filesOf(root)).map(({ path }) => path.replaceAll('\\', '/'));
    expect(paths).toHaveLength(2);
    expect(paths).toContain('own/1.png');
    expect(paths.filter((path) => /^(?:Ada|own\/again)\/1\.png$/.test(path))).toHaveLength(1);
  });

  it('are one file where the path is a .zip', async () => {
    const png = new Uint8Array(await flat(20, 20).png().toBuffer());
    const path = join(folder, 'set.zip');
    await writeFile(path, zipSync({ 'a/1.png': png, 'b/1.png': png }));
    const imported = await importFaces({ name: 'set.zip', files: await filesOf(path), decode: decodeWithSharp });
    expect(imported.images.length).toBe(2);
  });

  it('that do not exist are an error of the file system', async () => {
    await expect(filesOf(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('decoding with sharp', () => {
  it.each([
    ['grey JPEG', () => flat(9, 8).greyscale().jpeg(), [123, 123, 123, 255]],
    ['16-bit PNG', () => flat(9, 8).toColourspace('rgb16').png(), [200, 100, 50, 255]],
    ['palette PNG', () => flat(9, 8).png({ palette: true }), [200, 100, 50, 255]],
    ['CMYK JPEG', () => flat(9, 8).toColourspace('cmyk').jpeg({ quality: 100 }), undefined],
  ])('gives RGBA of 8 bit from a %s', async (_, make, first) => {
    const picture = await decodeWithSharp(new Uint8Array(await make().toBuffer()));
    expect([picture.width, picture.height, picture.channels, picture.pixels.length]).toEqual([9, 8, 4, 9 * 8 * 4]);
    if (first)
      for (const [at, value] of first.entries()) expect(Math.abs((picture.pixels[at] ?? 0) - value)).toBeLessThan(6);
  });

  it('turns a photo as its EXIF says', async () => {
    const bytes = new Uint8Array(await flat(30, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer());
    expect(await decodeWithSharp(bytes)).toMatchObject({ width: 20, height: 30 });
  });

  it('rejects a file that is no image', async () => {
    await expect(decodeWithSharp(new Uint8Array(100))).rejects.toThrow();
  });
});

const real = process.env.REAL_FACES_DIR;

describe.skipIf(!real)('real faces (set REAL_FACES_DIR)', () => {
  const importing = async (path: string, people = /./) => {
    const files = (await filesOf(path)).filter(({ path: below }) => people.test(below));
    return importFaces({ name: 'real', files, decode: decodeWithSharp });
  };

  it('ORL: 40 people with 10 grey images of 92 × 112 each', async () => {
    const imported = await importing(join(real ?? '', 'orl'));
    expect(imported.identities.length).toBe(40);
    expect(imported.images.length).toBe(400);
    expect(imported.unreadable.count).toBe(0);
    expect(new Set(imported.images.map(({ size, shows }) => `${size} ${shows}`))).toEqual(new Set(['92 tight']));
    expect(imported.identities[0]).toBe('s01');
  });

  it('CFP: 14 images of each person, here of 99; a .zip of some gives the same bytes', async () => {
    const root = join(real ?? '', 'cfp96');
    const imported = await importing(root, /^0/);
    expect([imported.identities.length, imported.images.length, imported.unreadable.count]).toEqual([99, 1386, 0]);
    const faces = faceSetOf(imported, { size: 32, region: 'tight' });
    expect(faceCount(faces)).toBe(1386);

    const names = ['001/f_01.jpg', '001/p_01.jpg', '002/f_01.jpg'];
    const contents = await Promise.all(
      names.map(async (name) => [`cfp/${name}`, new Uint8Array(await readFile(join(root, name)))]),
    );
    const path = join(folder, 'cfp.zip');
    await writeFile(path, zipSync(Object.fromEntries(contents), { level: 0 }));
    const zipped = faceSetOf(await importing(path), { size: 32, region: 'tight' });
    const at = (identity: string) => faces.labels.indexOf(faces.identities.indexOf(identity));
    expect([...faceAt(zipped, 0)]).toEqual([...faceAt(faces, at('001'))]);
    expect([...faceAt(zipped, 2)]).toEqual([...faceAt(faces, at('002'))]);

    const split = splitIdentities(faces, 0.2, 1);
    expect(split.heldOut.identities).toBe(20);
    // 20 people with 91 pairs of their 14 images each.
    const pairs = heldOutPairs(faces, split.heldOut.indices, 6000, 1);
    expect(pairs.distinct).toBe(2 * 1820);
  });
});
