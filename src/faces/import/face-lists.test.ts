import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { peopleOn, readFaceLists } from './face-lists.ts';
import { importFaces } from './import-faces.ts';
import { foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { sourceOfData } from './source-of-data.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

const face = pgmBytes(112, 112, 9);
const faces = (...paths: readonly string[]): Contents => Object.fromEntries(paths.map((path) => [path, face]));
const recognise = (contents: Contents) => recogniseFiles({ name: 'set', files: droppedFiles(contents) });

/** CFP with two people, three frontal and two profile photos each, and two folds. */
const cfp = (() => {
  const images = ['001', '002'].flatMap((person) => [
    ...['01', '02', '03'].map((photo) => `cfp/Data/Images/${person}/frontal/${photo}.pgm`),
    ...['01', '02'].map((photo) => `cfp/Data/Images/${person}/profile/${photo}.pgm`),
  ]);
  const list = (kind: string) =>
    images
      .filter((path) => path.includes(kind))
      .map((path, at) => `${at + 1} ${path.replace('cfp', '..').replace('.pgm', '.jpg')}\n`)
      .join('');
  const texts = {
    'cfp/Protocol/Pair_list_F.txt': list('frontal'),
    'cfp/Protocol/Pair_list_P.txt': list('profile'),
    'cfp/Protocol/Split/FP/02/same.txt': '4,4\n',
    'cfp/Protocol/Split/FP/02/diff.txt': '5,1\n',
    'cfp/Protocol/Split/FP/01/same.txt': '1,2\n',
    'cfp/Protocol/Split/FP/01/diff.txt': '2,3\n',
    'cfp/Protocol/Split/FF/01/same.txt': '1,2\n4,6\n',
    'cfp/Protocol/Split/FF/01/diff.txt': '1,4\n',
    'cfp/list_names.txt': 'Ada\nBo\n',
  };
  return {
    ...faces(...images),
    ...Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, strToU8(text)])),
  };
})();

it('gives each person the images that a table names, by path in any order of listing', () => {
  const images = ['b.pgm', 'c.pgm', 'a.pgm'].map((path) => ({ path, size: face.length, read: async () => face }));
  const labels = { lists: ['people.csv'], people: ['Ada', 'Bo', 'Ada'], absent: 0, disputed: 0, doubts: [] };
  const { people } = peopleOn(images, { labels, pairs: [], problems: [], unused: [], tables: [] });
  expect(people.map(({ name, items }) => [name, ...items.map(({ path }) => path)])).toEqual([
    ['Ada', 'a.pgm', 'b.pgm'],
    ['Bo', 'c.pgm'],
  ]);
});

describe('lists of labels beside their images', () => {
  const text = 'image,label\n1.jpg,Zoë\n2.jpg,Bo\n3.jpg,Zoë\n4.jpg,Bo\n';
  const utf16 = Uint8Array.from([...`\uFEFF${text}`].flatMap((letter) => [letter.charCodeAt(0), 0]));
  utf16.set([0xff, 0xfe]);
  it.each([
    ['UTF-8', strToU8(text)],
    ['UTF-16', utf16],
    ['Windows-1252', Uint8Array.from(text, (letter) => letter.charCodeAt(0))],
  ])('in %s, with the images that are not there counted', async (_, bytes) => {
    const { found } = await recognise({ ...faces('1.pgm', '2.pgm', '3.pgm'), 'who.csv': bytes });
    expect(found.map(foundInWords)).toEqual([
      'set: 3 images of 2 people. who.csv says who is on 3 of 3 images. It names 1 image that is not there, or there twice.',
    ]);
    const images = ['1.pgm', '3.pgm'].map((path) => ({ path, size: 9, read: async () => face }));
    const list = [{ path: 'who.csv', size: bytes.length, read: async () => bytes }];
    expect((await readFaceLists(images, list)).labels?.people).toEqual(['Zoë', 'Zoë']);
  });
});

it('a table that does not agree with folders of people gets a doubt', async () => {
  const paths = ['Ada', 'Bo', 'Cy', 'Di'].flatMap((person) => [`${person}/1.pgm`, `${person}/2.pgm`]);
  const found = async (labelOf: (path: string) => string) => {
    const table = `file,label\n${paths.map((path) => `${path},${labelOf(path)}\n`).join('')}`;
    return (await recognise({ ...faces(...paths), 'table.csv': strToU8(table) })).found.map(foundInWords).join();
  };
  const doubt = 'table.csv and the folders do not agree';
  expect(await found((path) => path.slice(-5, -4))).toContain(doubt);
  expect(await found((path) => `person ${path.split('/')[0]}`)).not.toContain(doubt);
});

it.each([
  ['groups of people', (path: string) => (path < 'C' ? 'x' : 'y'), 'the table has 2 people, the folders have 4'],
  ['marks of photos', (path: string) => path, 'the table has 8 people, the folders have 4'],
] as const)('so does one with %s', async (_, labelOf, doubt) => {
  const paths = ['Ada', 'Bo', 'Cy', 'Di'].flatMap((person) => [`${person}/1.pgm`, `${person}/2.pgm`]);
  const extra = ['Ada/3.pgm', 'Bo/3.pgm'];
  const table = `file,label\n${paths.map((path) => `${path},${labelOf(path)}\n`).join('')}`;
  const { found } = await recognise({ ...faces(...paths, ...extra), 'table.csv': strToU8(table) });
  expect(found.map(foundInWords).join()).toContain(doubt);
});

it('folders that were taken as people beside tables that name too few images get a doubt', async () => {
  const table = (...names: readonly string[]) => strToU8(`image,label\n${names.map((name) => `${name},P\n`).join('')}`);
  const found = async (contents: Contents) => (await recognise(contents)).found.map(foundInWords).join();
  const halves = faces('train/1.pgm', 'train/2.pgm', 'test/1.pgm', 'test/2.pgm');
  const names = ['1.jpg', '2.jpg'];
  const both = { 'one.csv': table(...names), 'two.csv': table(...names) };
  const doubt = 'one.csv, two.csv look like tables of people, but none of them names half of the images';
  expect(await found({ ...halves, ...both })).toContain(doubt);
  const imported = await importFaces({
    name: 'set',
    files: droppedFiles({ ...halves, ...both }),
    decode: testDecoder,
  });
  expect([imported.identities, imported.notes.join()]).toEqual([['test', 'train'], expect.stringContaining(doubt)]);
  expect(await found({ ...halves, 'one.csv': table(...names) })).toContain(
    'one.csv looks like a table of people, but does not name half',
  );
  expect(await found(halves)).not.toContain('of people, but');
  expect(await found({ ...halves, 'all.csv': table('train/1.jpg', 'test/1.jpg', 'test/2.jpg') })).not.toContain(
    'of people, but',
  );
});

it('an image of two people in a table is left out, and counted', async () => {
  const text = 'image,label\n1.jpg,Ada\n2.jpg,Bo\n3.jpg,Cy\n3.jpg,Di\n3.jpg,Cy\n4.jpg,Di\n';
  const { found } = await recognise({ ...faces('1.pgm', '2.pgm', '3.pgm', '4.pgm'), 'who.csv': strToU8(text) });
  expect(found.map(foundInWords)).toEqual([
    'set: 3 images of 3 people. who.csv says who is on 3 of 4 images. The others were left out. It gives 1 image to two people.',
  ]);
});

it('images of one part are not those of another, and of a mask beside its photo not the photo', async () => {
  const label = (paths: readonly string[]) =>
    strToU8(`file,label\n${paths.map((path, at) => `${path},P${at % 2}\n`).join('')}`);
  const other = await recognise({
    ...faces('test/0.pgm', 'test/1.pgm', 'test/2.pgm', 'test/3.pgm'),
    'train.csv': label(['train/0.pgm', 'train/1.pgm', 'train/2.pgm', 'train/3.pgm']),
  });
  expect([other.found, other.problems.map(({ message }) => message)]).toEqual([
    [],
    ['Only 1 person found, and train.csv does not say who is on most of the images.'],
  ]);
  const masks = await recognise({
    ...faces('0.pgm', '1.pgm', '0.ppm', '1.ppm'),
    'who.csv': label(['0.pgm', '1.pgm']),
  });
  expect(masks.found.map(foundInWords)).toEqual([expect.stringContaining('who.csv says who is on 2 of 4 images.')]);
});

it('training names a list of pairs that contradicts itself', async () => {
  const files = droppedFiles({
    ...faces('Ada/Ada_0001.pgm', 'Ada/Ada_0002.pgm', 'Bo/Bo_0001.pgm', 'Bo/Bo_0002.pgm'),
    'pairs.txt': strToU8('10\t300\nAda\t1\t2\nAda\t1\tBo\t1\n'),
  });
  const { notes } = await importFaces({ name: 'set', files, decode: testDecoder });
  expect(notes.join(' ')).toContain('pairs.txt looks like a list of pairs, but its first line says 10 folds');
});

describe('lists of pairs beside their images', () => {
  it('a name that two images have is said to be there twice', async () => {
    const photos = ['lfw', 'lfw-deepfunneled'].flatMap((set) =>
      ['Ada/Ada_0001', 'Ada/Ada_0002', 'Bo/Bo_0001'].map((photo) => `${set}/${photo}.pgm`),
    );
    const pairs = strToU8('1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n');
    const { problems } = await recognise({ ...faces(...photos), 'pairs.txt': pairs });
    expect(problems.map(({ message }) => message)).toEqual([
      'pairs.txt names 3 images of which two have the name, the first are lfw/Ada/Ada_0001.pgm and lfw-deepfunneled/Ada/Ada_0001.pgm.',
    ]);
  });

  it('a list without an ending is read, and one that is none is named', async () => {
    const photos = faces('lfw/Ada/Ada_0001.pgm', 'lfw/Ada/Ada_0002.pgm', 'lfw/Bo/Bo_0001.pgm');
    const found = async (pairs: string) =>
      (await recognise({ ...photos, pairs: strToU8(pairs) })).found.map(foundInWords).join();
    expect(await found('1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n')).toContain('2 pairs of pairs, ');
    expect(await found('to be done')).toContain('Not used: pairs.');
  });

  it('one list in two places is used once', async () => {
    const pairs = strToU8('1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n');
    const photos = faces('lfw/Ada/Ada_0001.pgm', 'lfw/Ada/Ada_0002.pgm', 'lfw/Bo/Bo_0001.pgm');
    const { found } = await recognise({ ...photos, 'lfw/pairs.txt': pairs, 'pairs.txt': pairs });
    expect(found.map(foundInWords)).toEqual([
      'LFW: 2 pairs of lfw/pairs.txt, dealt into 10 folds, since the list has 1, 3 images. Not used: pairs.txt (the same list as lfw/pairs.txt).',
    ]);
  });

  it('pairs of a photo with itself, and of one person and of two, are counted', async () => {
    const pairs =
      'l,r,same\na/1.jpg,a/1.jpg,1\nb/1.jpg,b/1.jpg,1\na/1.jpg,a/2.jpg,1\na/2.jpg,a/1.jpg,0\na/1.jpg,b/1.jpg,0\n';
    const { found } = await recognise({ ...faces('a/1.pgm', 'a/2.pgm', 'b/1.pgm'), 'p.csv': strToU8(pairs) });
    expect(found.map(foundInWords)).toEqual([
      expect.stringMatching(
        /3 images\. 2 pairs have one photo on both sides\. 1 pair is listed as one person and as two\.$/,
      ),
    ]);
  });

  it("pairs images as CFP's protocols do, frontal with frontal and with profile", async () => {
    const { found, problems } = await recognise(cfp);
    expect(problems).toEqual([]);
    expect(found.map(foundInWords)).toEqual([
      'CFP-FF: 3 pairs of CFP-FF, dealt into 10 folds, since the list has 1, 4 images. Not used: cfp/list_names.txt.',
      'CFP-FP: 4 pairs of CFP-FP, dealt into 10 folds, since the list has 2, 8 images. Not used: cfp/list_names.txt.',
    ]);
    const pairs = found.map((data) => {
      if (data.kind !== 'listed') throw new Error(`Found ${data.kind}.`);
      const path = (at: number) => data.images[at]?.path.replace('cfp/Data/Images/', '').replace('.pgm', '');
      return Array.from(data.pairs.same, (same, at) => [
        path(data.pairs.left[at] ?? -1),
        path(data.pairs.right[at] ?? -1),
        same,
      ]);
    });
    expect(pairs[1]).toEqual(
      expect.arrayContaining([
        ['001/frontal/01', '001/profile/02', 1],
        ['001/frontal/02', '002/profile/01', 0],
        ['002/frontal/01', '002/profile/02', 1],
        ['002/frontal/02', '001/profile/01', 0],
      ]),
    );
  });

  it('finds images in a .zip, in a flat folder and below folders that the list does not know', async () => {
    const list = strToU8('1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n');
    for (const folder of ['', 'lfw/', 'lfw/aligned/Ada/']) {
      const contents = {
        ...faces(...['Ada_0001.pgm', 'Ada_0002.pgm', 'Bo_0001.pgm'].map((name) => folder + name)),
        'pairs.txt': list,
      };
      const { found, problems } = await recognise({ 'set.zip': zipSync(contents) });
      expect([found.map(({ kind }) => kind), problems]).toEqual([['listed'], []]);
    }
  });

  it('give LFW its name to pairs.txt, and to the lists beside it their own', async () => {
    const pairs = (count: number) => 'Ada\t1\t2\n'.repeat(count) + 'Ada\t1\tBo\t1\n'.repeat(count);
    const { found } = await recognise({
      ...faces('lfw/Ada/Ada_0001.pgm', 'lfw/Ada/Ada_0002.pgm', 'lfw/Bo/Bo_0001.pgm'),
      'lfw/pairs.txt': strToU8(`10\t1\n${pairs(1).repeat(10)}`),
      'lfw/pairsDevTest.txt': strToU8(`3\n${pairs(3)}`),
      'lfw/pairsDevTrain.txt': strToU8(`2\n${pairs(2)}`),
    });
    expect(found.map((data) => [data.title, 'id' in data ? data.id : undefined])).toEqual([
      ['LFW', 'lfw'],
      ['LFW (pairsDevTest.txt)', undefined],
      ['LFW (pairsDevTrain.txt)', undefined],
    ]);
  });

  it('tells people apart whose names differ by case alone', async () => {
    const { found } = await recognise({
      ...faces('Ann/1.pgm', 'Ann/2.pgm', 'ann/1.pgm'),
      'p.csv': strToU8('l,r,same\nAnn/1.jpg,Ann/2.jpg,1\nAnn/1.jpg,ann/1.jpg,0\n'),
    });
    expect(found.map((data) => data.kind === 'listed' && data.images.map(({ path }) => path).sort())).toEqual([
      ['Ann/1.pgm', 'Ann/2.pgm', 'ann/1.pgm'],
    ]);
  });

  it('scores the images in the order of the list', async () => {
    const [data] = (
      await recognise({
        ...faces('a/1.pgm', 'a/2.pgm', 'b/1.pgm'),
        'p.csv': strToU8('l,r,same\na/2.pgm,b/1.pgm,0\na/1.pgm,a/2.pgm,1\n'),
      })
    ).found;
    if (data === undefined) throw new Error('Nothing was found.');
    const source = await sourceOfData(data, { size: 16, region: 'full', decode: testDecoder, pairs: 20, seed: 1 });
    expect([source.imageCount, [...source.pairs.same].sort()]).toEqual([3, [0, 1]]);
    expect(await source.image(0)).toHaveLength(16 * 16 * 3);
  });

  it('joins a list of same pairs and one of different pairs', async () => {
    const contents = {
      ...faces('Ada/Ada_0001.pgm', 'Ada/Ada_0002.pgm', 'Bo/Bo_0001.pgm'),
      'matchpairsDevTest.csv': strToU8('name,imagenum1,imagenum2\nAda,1,2\n'),
      'mismatchpairsDevTest.csv': strToU8('name,imagenum1,name,imagenum2\nAda,1,Bo,1\n'),
    };
    const { found } = await recognise(contents);
    expect(found.map(foundInWords)).toEqual([
      expect.stringContaining('2 pairs of matchpairsDevTest.csv and mismatchpairsDevTest.csv'),
    ]);
  });

  it.each([
    [
      'images are missing',
      '1\t1\nAda\t1\t9\nAda\t1\tBo\t7\n',
      'pairs.txt names 2 images that are not there, the first is photo 9 of Ada (Ada_0009.jpg).',
    ],
    [
      'the counts are wrong',
      '1\t5\nAda\t1\t2\nAda\t1\tBo\t1\n',
      'its first line says 1 folds of 5 + 5 pairs, and 2 follow',
    ],
    ['all pairs are of one kind', '1\nAda\t1\t2\nAda\t2\t1\n', 'All 2 pairs of pairs.txt are of one person.'],
  ])('draws no pairs of its own where %s', async (_, text, message) => {
    const contents = { ...faces('Ada/Ada_0001.pgm', 'Ada/Ada_0002.pgm', 'Bo/Bo_0001.pgm'), 'pairs.txt': strToU8(text) };
    const { found, problems } = await recognise(contents);
    expect(found).toEqual([]);
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });
});
