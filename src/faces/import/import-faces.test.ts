import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ImportError } from './import-error.ts';
import { type ImportRequest, importFaces } from './import-faces.ts';
import { unreadableNotes } from './import-notes.ts';
import { droppedFiles, imageBytes, pgmBytes, testDecoder } from './testing/dropped-files.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

const importing = (contents: Contents, more: Partial<ImportRequest> = {}) =>
  importFaces({ name: 'faces', files: droppedFiles(contents), decode: testDecoder, ...more });

const importingZip = (contents: Contents, more: Partial<ImportRequest> = {}) =>
  importing({ 'faces.zip': zipSync(contents) }, { name: 'faces.zip', ...more });

async function failureOf(imported: Promise<unknown>): Promise<ImportError> {
  const error = await imported.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ImportError) return error;
  throw new Error('Expected an ImportError.', { cause: error });
}

let jpeg: Uint8Array<ArrayBuffer>;
let png: Uint8Array<ArrayBuffer>;
let webp: Uint8Array<ArrayBuffer>;
let people: Contents;

beforeAll(async () => {
  jpeg = await imageBytes('jpeg', 96, 96);
  png = await imageBytes('png', 40, 60, 2);
  webp = await imageBytes('webp', 112, 112, 3);
  people = {
    'set/bob/2.png': png,
    'set/alice/1.jpg': jpeg,
    'set/bob/1.JPEG': jpeg,
    'set/carol/a.webp': webp,
    'set/carol/b.pgm': pgmBytes(92, 112, 9),
    'set/readme.txt': strToU8('hello'),
  };
});

describe('importing a folder', () => {
  it('reads one person a folder, sorted, in any order of the files', async () => {
    const imported = await importing(people);
    expect(imported.identities).toEqual(['alice', 'bob', 'carol']);
    expect(imported.images.map(({ identity }) => identity)).toEqual([0, 1, 1, 2, 2]);
    expect(imported.images.map(({ size }) => size)).toEqual([96, 96, 40, 112, 92]);
    expect(imported).toMatchObject({ unreadable: { count: 0 }, ignored: 1 });
    const backwards = Object.fromEntries(Object.entries(people).reverse());
    expect(await importing(backwards)).toEqual(imported);
  });

  it('names doubts among its notes: a person who is called as a part of a set', async () => {
    const image = pgmBytes(92, 112, 9);
    const { notes, doubts } = await importing({
      'set/bob/1.pgm': image,
      'set/al/1.pgm': image,
      'set/holdout/1.pgm': image,
    });
    expect(doubts).toEqual([expect.stringMatching(/^"holdout" was taken as a person, but/)]);
    expect(notes).toEqual(expect.arrayContaining([...doubts]));
    expect((await importing(people)).doubts).toEqual([]);
  });

  it('takes the same images from a .zip, also one packed without compression', async () => {
    const imported = await importing(people);
    expect({ ...(await importingZip(people)), name: 'faces' }).toEqual(imported);
    const stored = { 'faces.zip': zipSync(people, { level: 0 }) };
    expect(await importing(stored)).toEqual(imported);
  });

  it('counts and names unreadable files, and keeps the rest', async () => {
    const imported = await importing({
      ...people,
      'set/bob/broken.jpg': jpeg.slice(0, 60),
      'set/bob/text.png': strToU8('this is no image, but long enough to look into'),
      'set/bob/short.pgm': pgmBytes(9, 9, 1).slice(0, 20),
      'set/dave/only.png': png.slice(0, 40),
      'set/bob/dot.png': await imageBytes('png', 3, 300),
      'set/bob/IMG_1.TGA': strToU8('a Targa'),
    });
    expect(imported.images.length).toBe(5);
    expect(imported.identities).toEqual(['alice', 'bob', 'carol']);
    expect(imported.unreadable.first).toEqual([
      { path: 'set/bob/broken.jpg', reason: expect.stringMatching(/^(is not a readable image|cannot be decoded)/) },
      { path: 'set/bob/dot.png', reason: 'is only 3 × 300 pixels' },
      { path: 'set/bob/short.pgm', reason: expect.stringContaining('The file ends before') },
      { path: 'set/bob/text.png', reason: 'is not a readable image' },
      { path: 'set/dave/only.png', reason: 'cannot be decoded' },
    ]);
    expect(imported.notes).toContain('1 person has no readable image.');
    expect(unreadableNotes(imported.unreadable)).toEqual([
      expect.stringMatching(/^5 images could not be read: set\/bob\/broken\.jpg .*; and 2 more\.$/),
    ]);
    expect(imported.notes).toContain('1 image is of a kind not read here (.tga): convert to JPEG or PNG.');
  });

  it('takes images and archives by their content, under any name', async () => {
    const imported = await importing({ 'a/1.dat': jpeg, 'a/2.txt': png, 'b/1': webp });
    expect([imported.identities, imported.images.length]).toEqual([['a', 'b'], 3]);
    expect((await importing({ 'faces.backup': zipSync(people) })).images.length).toBe(5);
  });

  it('reads AVIF, and names a HEIC that the decoder cannot read, with the remedy', async () => {
    const avif = await imageBytes('avif', 64, 64);
    // The same file with the names of HEVC, of which Node's decoder has none.
    const names = Buffer.from(avif).toString('latin1').replaceAll('avif', 'heic').replaceAll('av01', 'hvc1');
    const heic = Uint8Array.from(Buffer.from(names, 'latin1'));
    const { images, unreadable } = await importing({
      'a/1.avif': avif,
      'a/2': avif,
      'b/1.png': await imageBytes('png', 64, 64),
      'b/2.heic': heic,
    });
    expect(unreadable.first).toEqual([
      { path: 'b/2.heic', reason: 'cannot be decoded: HEIC is not read everywhere, convert it to JPEG' },
    ]);
    const [first, second, third] = images.map(({ pixels }) => pixels);
    expect(second).toEqual(first);
    const apart = Array.from(first ?? [], (value, at) => Math.abs(value - (third?.[at] ?? 0)));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(12);
  });

  it('takes as many people and images of each as asked, evenly spaced, and says so', async () => {
    const many: Contents = {};
    for (let person = 0; person < 9; person++) {
      for (let photo = 0; photo < 6; photo++) many[`${person}/${photo}.pgm`] = pgmBytes(8, 8, 10 * person + photo);
    }
    const imported = await importing(many, { limits: { maxIdentities: 3, maxImagesPerIdentity: 2 } });
    expect(imported.identities).toEqual(['2', '5', '8']);
    expect(imported.images.map(({ pixels }) => pixels[0])).toEqual([22, 25, 52, 55, 82, 85]);
    expect(imported.notes.join(' ')).toMatch(/Of 9 people 3 were taken.*Of 54 images 6 were taken/);
  });

  it("skips the files that file managers leave behind, and images in nobody's folder", async () => {
    const imported = await importing({
      ...people,
      'set/__MACOSX/alice/._1.jpg': jpeg,
      'set/alice/.hidden.jpg': jpeg,
      'set/.thumbs/1.jpg': jpeg,
      'set/alice/Thumbs.db': jpeg,
      'set/overview.jpg': jpeg,
    });
    expect(imported.images.length).toBe(5);
    expect(imported.ignored).toBe(1);
    expect(imported.notes.join()).toContain("1 image is in no person's folder");
  });

  it('keeps a photo within limits of size and pixels, and says which one did not', async () => {
    const huge = pgmBytes(300, 300, 1);
    const imported = await importing({ ...people, 'set/bob/huge.pgm': huge }, { limits: { maxPixels: 50_000 } });
    expect(imported.unreadable.first).toEqual([
      { path: 'set/bob/huge.pgm', reason: 'is 300 × 300 pixels, up to 50000 are read' },
    ]);
    const heavy = await importing({ ...people, 'set/bob/huge.pgm': huge }, { limits: { maxImageBytes: 80_000 } });
    expect(heavy.unreadable.first).toEqual([{ path: 'set/bob/huge.pgm', reason: 'is 88 KB, up to 79 KB are read' }]);
  });

  it('does not show a decoder a picture that its header calls too large', async () => {
    const decode = vi.fn(testDecoder);
    const vast = await imageBytes('png', 400, 400);
    await importing({ ...people, 'set/bob/vast.png': vast }, { decode, limits: { maxPixels: 50_000 } });
    expect(decode.mock.calls.some(([bytes]) => bytes.length === vast.length)).toBe(false);
  });

  it('takes the same number of everybody when there are too many images', async () => {
    const many: Contents = {};
    for (let photo = 0; photo < 30; photo++) {
      many[`a/${String(photo).padStart(2, '0')}.pgm`] = pgmBytes(8, 8, photo);
      if (photo < 10) many[`b/${photo}.pgm`] = pgmBytes(8, 8, 100 + photo);
      if (photo < 4) many[`c/${photo}.pgm`] = pgmBytes(8, 8, 200 + photo);
    }
    const imported = await importing(many, { limits: { maxImages: 16 } });
    const of = (identity: number) => imported.images.filter((image) => image.identity === identity);
    expect([of(0).length, of(1).length, of(2).length]).toEqual([6, 6, 4]);
    expect(of(0).map(({ pixels }) => pixels[0])).toEqual([4, 9, 14, 19, 24, 29]);
    expect(imported.notes).toContain('Of 44 images 16 were taken, spread evenly over the people.');
  });

  it('reports progress to the end', async () => {
    const progress = vi.fn();
    await importing(people, { progress });
    expect(progress.mock.calls.at(-1)).toEqual([5, 5]);
    expect(progress.mock.calls.map(([done]) => done)).toEqual([1, 2, 3, 4, 5]);
  });

  it('stops on request, and reports nothing after that', async () => {
    const stop = new AbortController();
    const progress = vi.fn(() => stop.abort(new Error('enough')));
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const decode = async () => {
      await gate;
      return { width: 8, height: 8, channels: 3, pixels: new Uint8Array(192) } as const;
    };
    const contents = Object.fromEntries(['a/1', 'a/2', 'b/1', 'b/2'].map((path) => [`${path}.jpg`, jpeg]));
    const imported = importing(contents, { signal: stop.signal, progress, decode });
    open();
    await expect(imported).rejects.toThrow('enough');
    await new Promise((resolve) => setImmediate(resolve));
    expect(progress).toHaveBeenCalledOnce();
  });

  it('decodes large photos one after the other, also after one that fails', async () => {
    const large = new Uint8Array(
      await sharp({ create: { width: 2100, height: 2000, channels: 3, background: '#123' } })
        .png()
        .toBuffer(),
    );
    let [running, most, calls] = [0, 0, 0];
    const decode = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (++calls === 2) throw new Error('broken');
      return { width: 2100, height: 2000, channels: 3, pixels: new Uint8Array(2100 * 2000 * 3) } as const;
    };
    const contents = Object.fromEntries(['a/1', 'a/2', 'a/3', 'b/1'].map((path) => [`${path}.png`, large]));
    const imported = await importing(contents, { decode });
    expect([most, imported.images.length, imported.unreadable.count]).toEqual([1, 3, 1]);
    expect(imported.images[0]?.size).toBe(112);
  });

  it('does not believe a decoder that makes more of a picture than its header says', async () => {
    const decode = async () => ({ width: 1e5, height: 1e5, channels: 3, pixels: new Uint8Array(0) }) as const;
    const imported = await importing({ ...people, 'set/alice/2.pgm': pgmBytes(9, 9, 9) }, { decode });
    expect(imported.unreadable.count).toBe(4);
    expect(imported.unreadable.first[0]?.reason).toBe('is 100000 × 100000 pixels, up to 50 million are read');
  });

  it('knows one name in both spellings of its accents', async () => {
    const accented = 'Zo\u00eb';
    const imported = await importing({
      [`s/${accented.normalize('NFC')}/1.jpg`]: jpeg,
      [`s/${accented.normalize('NFD')}/2.jpg`]: jpeg,
      's/b/1.jpg': jpeg,
    });
    expect(imported.identities).toEqual([accented, 'b']);
  });

  it('lets a mistake of this program through instead of calling the image broken', async () => {
    const progress = () => {
      throw new TypeError('a bug');
    };
    await expect(importing(people, { progress })).rejects.toThrow(TypeError);
  });

  it('calls a file that vanished after it was dropped unreadable', async () => {
    const files = droppedFiles(people);
    const gone = {
      size: 999,
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }),
    };
    const imported = await importing({}, { files: [...files, { path: 'set/bob/gone.jpg', file: gone }] });
    expect(imported.unreadable.first).toEqual([
      { path: 'set/bob/gone.jpg', reason: 'cannot be read from the disk any more' },
    ]);
  });
});

describe('an import that cannot be', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['no-images', 'There are no images in faces.', () => importing({ 'a.txt': strToU8('a') })],
    ['no-images', 'There are no images in faces.', () => importing({})],
    ['no-images', 'faces has images of other kinds only: .tga.', () => importing({ 'a/1.tga': strToU8('a Targa') })],
    [
      'archive-unsupported',
      'There are no images in faces.zip but in inner/in.zip, which is not opened here.',
      () => importingZip({ 'inner.zip': zipSync({ 'in.zip': zipSync(people) }) }),
    ],
    ['one-person', 'Only 1 person found.', () => importing({ 'set/1.jpg': jpeg, 'set/2.jpg': jpeg })],
    ['one-person', 'Only 1 person found.', () => importing({ '1.jpg': jpeg, '2.jpg': jpeg })],
    [
      'one-person',
      'Only 1 person found, and who.csv does not say who is on most of the images.',
      () => importing({ '1.jpg': jpeg, '2.jpg': jpeg, 'who.csv': strToU8('id,label\n8,Ada\n9,Bo\n') }),
    ],
    [
      'one-person',
      'Only 1 of 2 people has images that can be read; b/1.jpg is not a readable image.',
      () => importing({ 'a/1.jpg': jpeg, 'b/1.jpg': strToU8('no') }),
    ],
    [
      'no-readable-images',
      'None of the 2 images in faces can be read; a/1.jpg is not a readable image.',
      () => importing({ 'a/1.jpg': strToU8('no'), 'b/1.jpg': strToU8('no') }),
    ],
    ['too-many-files', 'faces holds 6 files; up to 3 are read.', () => importing(people, { limits: { maxFiles: 3 } })],
    [
      'too-many-files',
      'faces.zip lists 6 files; up to 3 are read.',
      () => importingZip(people, { limits: { maxFiles: 3 } }),
    ],
  ])('fails with %s: %s', async (code, message, start) => {
    const failure = await failureOf(start());
    expect(failure).toMatchObject({ code, message });
    expect(failure.hint).toMatch(/\w{4,}.*\.$/);
  });

  it('refuses 4 GB by its size, without reading a byte', async () => {
    const slice = vi.fn();
    const files = [{ path: 'big.zip', file: { size: 2 ** 32, slice } }];
    const failure = await failureOf(importing({}, { files, name: 'big.zip' }));
    expect(failure).toMatchObject({
      code: 'file-too-large',
      message: 'big.zip is 4.0 GB; a .zip of up to 2.0 GB is read.',
    });
    expect(slice).not.toHaveBeenCalled();
  });
});
