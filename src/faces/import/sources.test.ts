import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { python2PairsBin } from '../../formats/testing/pickles.ts';
import type { BenchmarkSource } from '../benchmark-source.ts';
import { ijbSource } from './ijb-source.ts';
import { openPairsFile } from './pairs-file.ts';
import { pairSource } from './pairs-source.ts';
import { recogniseFiles } from './recognise.ts';
import { sourceOfData } from './source-of-data.ts';
import { drawings, ijbFolder } from './testing/data-files.ts';
import { droppedFiles, testDecoder } from './testing/dropped-files.ts';

const FULL = { size: 112, region: 'full', decode: testDecoder } as const;
const TIGHT = { size: 40, region: 'tight', decode: testDecoder } as const;

async function allImages(source: BenchmarkSource): Promise<Uint8Array[]> {
  const images: Uint8Array[] = [];
  const bytes = source.size ** 2 * 3;
  for await (const { first, count, images: chunk } of source.chunks()) {
    expect(first).toBe(images.length);
    expect(chunk).toHaveLength(count * bytes);
    for (let row = 0; row < count; row++) images.push(chunk.subarray(row * bytes, (row + 1) * bytes));
  }
  expect(images).toHaveLength(source.imageCount);
  return images;
}

async function firstChunk(source: BenchmarkSource, signal: AbortSignal) {
  for await (const chunk of source.chunks(signal)) return chunk;
  return undefined;
}

let encoded: readonly Uint8Array<ArrayBuffer>[];
let pixels: readonly Uint8Array[];

beforeAll(async () => {
  encoded = await drawings(12);
  pixels = await Promise.all(
    encoded.map(async (image) => {
      const { pixels: rgba } = await testDecoder(image);
      return Uint8Array.from(rgba.filter((_, at) => at % 4 !== 3));
    }),
  );
});

async function open(images: readonly Uint8Array[], same: readonly boolean[]) {
  return openPairsFile('lfw.bin', new Blob([python2PairsBin(images, same)]));
}

describe('a .bin as a benchmark', () => {
  it('gives its images in order, whole or cut to the inner face, and says where they came from', async () => {
    const file = await open(encoded, [true, false, true, false, true, false]);
    const source = pairSource(file, FULL);
    expect(source).toMatchObject({
      kind: 'pairs',
      id: 'lfw',
      origin: { kind: 'file', file: 'lfw.bin' },
      imageCount: 12,
    });
    expect([...source.pairs.left]).toEqual([0, 2, 4, 6, 8, 10]);
    expect([...source.pairs.right]).toEqual([1, 3, 5, 7, 9, 11]);
    expect([...source.pairs.same]).toEqual([1, 0, 1, 0, 1, 0]);
    expect(await allImages(source)).toEqual(pixels);
    const tight = pairSource(file, TIGHT);
    const found = await allImages(tight);
    expect(await tight.image(7)).toEqual(found[7]);
    // The inner face is (16, 32) + 80, here at half its size: pixel (0, 0) is the mean of four.
    const mean = [0, 1, 112, 113].reduce((sum, at) => sum + (pixels[7]?.[(32 * 112 + 16 + at) * 3] ?? 0) / 4, 0);
    expect(Math.abs((found[7]?.[0] ?? 0) - mean)).toBeLessThanOrEqual(0.5);
  });

  it('whose pairs are all of one kind is refused before anything is scored', async () => {
    const answers = (answer: boolean) => Array.from({ length: 6 }, () => answer);
    await expect(open(encoded, answers(true))).rejects.toThrow('All 6 pairs of lfw.bin are of one person.');
    await expect(open(encoded, answers(false))).rejects.toThrow('All 6 pairs of lfw.bin are of different people.');
    const folder = await ijbFolder('IJBC', 6);
    const [list = ''] = Object.keys(folder).filter((path) => path.includes('template_pair_label'));
    const lines = strToU8('1 2 0\n1 3 0\n');
    const { found, problems } = await recogniseFiles({
      name: 'IJBC',
      files: droppedFiles({ ...folder, [list]: lines }),
    });
    expect([found, problems.map(({ message }) => message)]).toEqual([
      [],
      ['All 2 pairs of IJBC/…_template_pair_label.txt are of different people.'],
    ]);
  });

  it('of more images than a chunk holds comes in chunks', async () => {
    const [first, second] = encoded;
    const many = Array.from({ length: 600 }, (_, at) => (at % 2 === 0 ? first : second) ?? new Uint8Array(0));
    const source = pairSource(
      await open(
        many,
        many.slice(300).map((_, pair) => pair % 2 === 0),
      ),
      TIGHT,
    );
    const counts: number[] = [];
    for await (const { count } of source.chunks()) counts.push(count);
    expect(counts).toEqual([256, 256, 88]);
  });

  it('with an image that only looks like one ends with its number, and where it is cancelled with the reason', async () => {
    const broken = encoded.map((image, at) => (at === 5 ? image.slice(0, 60) : image));
    const source = pairSource(await open(broken, [true, false, true, false, true, false]), FULL);
    await expect(allImages(source)).rejects.toMatchObject({
      code: 'image-undecodable',
      message: 'Image 5 of lfw.bin, of pair 2, cannot be decoded.',
    });
    await expect(firstChunk(source, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

describe('an IJB folder as a benchmark', () => {
  it('gives every image aligned: landmarks on the template change nothing', async () => {
    const files = droppedFiles(await ijbFolder('IJBC', 6));
    const { found } = await recogniseFiles({ name: 'IJBC', files });
    const [folder] = found;
    if (folder?.kind !== 'ijb') throw new Error('an IJB folder was expected');
    const source = ijbSource(folder, FULL);
    expect(source).toMatchObject({ kind: 'templates', id: 'ijb-c', origin: { kind: 'file', file: 'IJBC' } });
    expect([...source.templates]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect([...source.pairs.right]).toEqual([2, 3, 4, 5, 6]);
    // Landmarks are kept with 32 bits: a pixel may round the other way.
    const images = await allImages(source);
    for (const [index, image] of images.entries()) {
      const apart = image.map((value, at) => Math.abs(value - (pixels[index]?.[at] ?? 999)));
      expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    }
  });
});

describe('images of one name in two folders of IJB', () => {
  const folderOf = async (named: (name: string, at: number) => string) => {
    const contents = Object.entries(await ijbFolder('IJBC', 6)).map(([path, bytes]): [string, typeof bytes] => {
      if (path.includes('loose_crop')) {
        return [path.replace(/(\d+)\.jpg$/, (_, number) => named(number, Number(number) - 1)), bytes];
      }
      const text = new TextDecoder().decode(bytes);
      return [path, strToU8(text.replace(/^(\d+)\.jpg/gm, (_, number) => named(number, Number(number) - 1)))];
    });
    return Object.fromEntries(contents);
  };

  it('are told apart by their folders, and refused where a bare name has two', async () => {
    // Twelve images of six names.
    const contents = await folderOf((_, at) => `${at < 6 ? 'img' : 'frames'}/${(at % 6) + 1}.jpg`);
    const [folder] = (await recogniseFiles({ name: 'IJBC', files: droppedFiles(contents) })).found;
    if (folder?.kind !== 'ijb') throw new Error('an IJB folder was expected');
    const source = ijbSource(folder, FULL);
    const images = await allImages(source);
    for (const [index, image] of images.entries()) {
      expect(Math.max(...image.map((value, at) => Math.abs(value - (pixels[index]?.[at] ?? 999))))).toBeLessThan(2);
    }
    // A bare name is that of the image in loose_crop itself.
    const bare = await ijbFolder('IJBC', 6);
    const copied: typeof bare = { ...bare, 'IJBC/loose_crop/copy/3.jpg': encoded[0] ?? new Uint8Array(0) };
    const open = async (files: typeof bare) => recogniseFiles({ name: 'IJBC', files: droppedFiles(files) });
    const [whole] = (await open(copied)).found;
    expect(whole?.kind === 'ijb' && (await whole.read(2))).toEqual(encoded[2]);
    const { 'IJBC/loose_crop/3.jpg': third = new Uint8Array(0), ...others } = copied;
    const { found, problems } = await open({ ...others, 'IJBC/loose_crop/other/3.jpg': third });
    expect([found, problems.map(({ message }) => message)]).toEqual([
      [],
      ['The lists of IJBC name 1 image of which there are several, the first is 3.jpg.'],
    ]);
  });
});

describe('a folder of people as a benchmark', () => {
  const options = { ...TIGHT, pairs: 20, seed: 1 };
  const openPeople = async (contents: Record<string, Uint8Array<ArrayBuffer>>) => {
    const [people] = (await recogniseFiles({ name: 'set', files: droppedFiles(contents) })).found;
    if (people === undefined) throw new Error('a folder of people was expected');
    return sourceOfData(people, options);
  };
  const torn = strToU8('no picture');
  const image = (at: number) => encoded[at] ?? torn;

  it('names the images that could not be read, of which no pair is drawn', async () => {
    const source = await openPeople({
      'a/1.png': image(0),
      'a/2.png': image(1),
      'b/1.png': image(2),
      'b/torn.png': torn,
    });
    const unreadable = { count: 1, first: [{ path: 'b/torn.png', reason: 'is not a readable image' }] };
    expect(source).toMatchObject({ imageCount: 3, unreadable });
  });

  it('says which images are the reason where no pair is left', async () => {
    await expect(openPeople({ 'a/1.png': image(0), 'a/torn.png': torn, 'b/1.png': image(1) })).rejects.toThrow(
      'nobody has two images that can be read, or there are fewer than two people. 1 image could not be read: a/torn.png is not a readable image.',
    );
  });
});

const faces = process.env.REAL_FACES_DIR;

describe.skipIf(faces === undefined)(
  `real files${faces === undefined ? ' (skipped: REAL_FACES_DIR is not set)' : ''}`,
  () => {
    it.each([
      ['lfw_fold10_py2.bin', '600 pairs, 112 × 112', 'lfw', 300],
      ['cfp_fp_fold10_py3.bin', '700 pairs, 112 × 112', 'cfp-fp', 350],
    ])('%s', async (name, says, id, same) => {
      const file = new Blob([new Uint8Array(readFileSync(join(faces ?? '', 'bin', name)))]);
      const { found, problems } = await recogniseFiles({ name, files: [{ path: name, file }] });
      expect(problems).toEqual([]);
      expect(found).toMatchObject([{ kind: 'pairs', found: says, id }]);
      const [pairs] = found;
      if (pairs?.kind !== 'pairs') throw new Error('pairs were expected');
      expect(pairs.same.reduce((sum, answer) => sum + answer, 0)).toBe(same);
      expect(await pairSource(pairs, FULL).image(0)).toHaveLength(112 * 112 * 3);
    });
  },
);
