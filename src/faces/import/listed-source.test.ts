import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { foundInWords } from './limits.ts';
import { recogniseFiles } from './recognise.ts';
import { sourceOfData } from './source-of-data.ts';
import { droppedFiles, pgmBytes, testDecoder } from './testing/dropped-files.ts';

const PEOPLE = Array.from({ length: 20 }, (_, at) => `P${String(at).padStart(2, '0')}`);
const photoOf = (person: string, number: number) => `lfw/${person}/${person}_000${number}.png`;
/** LFW in small: ten folds of two people, whose two same pairs and two different ones are theirs alone. */
const LIST = [
  '10\t2',
  ...Array.from({ length: 10 }, (_, fold) => {
    const [one = '', other = ''] = PEOPLE.slice(2 * fold, 2 * fold + 2);
    return [`${one}\t1\t2`, `${other}\t1\t2`, `${one}\t1\t${other}\t1`, `${one}\t2\t${other}\t2`];
  }).flat(),
].join('\n');

/** The photos of the list without those of these paths, and the list. */
function lfw(absent: readonly string[] = [], list = LIST) {
  const paths = PEOPLE.flatMap((person) => [1, 2].map((number) => photoOf(person, number)));
  const there = paths.filter((path) => !absent.includes(path));
  const photos = there.map((path) => [path, pgmBytes(112, 112, paths.indexOf(path))] as const);
  return recogniseFiles({
    name: 'lfw',
    files: droppedFiles({ ...Object.fromEntries(photos), 'lfw/pairs.txt': strToU8(list) }),
  });
}

describe('a list of which some photos are not there, as where no face was found in them', () => {
  it('is used without their pairs, which it counts and names', async () => {
    const { found, problems } = await lfw([photoOf('P03', 2), photoOf('P19', 1)]);
    expect(problems).toEqual([]);
    expect(found.map(foundInWords)).toEqual([
      "LFW: 36 of 40 pairs of lfw/pairs.txt, dealt into 10 folds, in the order of the list's, since pairs are left out, 38 images. 4 pairs are left out, since 2 photos are not there: photo 2 of P03 (P03_0002.jpg), photo 1 of P19 (P19_0001.jpg). An accuracy without them is not comparable with one on the whole list.",
    ]);
  });

  it('is not the benchmark, and says in its name how many pairs it has', async () => {
    const [data] = (await lfw([photoOf('P03', 2)])).found;
    if (data?.kind !== 'listed') throw new Error('a list was expected');
    expect([data.title, data.id]).toEqual(['LFW', undefined]);
    const source = await sourceOfData(data, { size: 16, region: 'full', decode: testDecoder, pairs: 20, seed: 1 });
    expect([source.id, source.name, source.pairs.same.length]).toEqual([undefined, 'LFW (38 of 40 pairs)', 38]);
    const [whole] = (await lfw()).found;
    expect(whole).toMatchObject({ id: 'lfw', title: 'LFW', share: undefined });
  });

  it('keeps the pairs that are there, each with its answer, in the order of the folds', async () => {
    const [data] = (await lfw([photoOf('P00', 1)])).found;
    if (data?.kind !== 'listed') throw new Error('a list was expected');
    const { images, pairs } = data;
    const person = (at = -1) => images[at]?.path.slice(4, 7);
    const sides = Array.from(pairs.left, (left, pair) => [person(left), person(pairs.right[pair]), pairs.same[pair]]);
    expect(sides.length).toBe(38);
    for (const [left, right, same] of sides) expect(left === right).toBe(same === 1);
    const same = sides.filter(([, , answer]) => answer === 1).map(([left]) => left);
    expect(same).toEqual(PEOPLE.slice(1));
  });

  it.each([
    ['most are not there', PEOPLE.slice(4).map((person) => photoOf(person, 1)), /names 16 images that are not there/],
    ['all same pairs are left out', PEOPLE.map((person) => photoOf(person, 2)), /names 20 images that are not there/],
  ])('is refused where %s', async (_, absent, message) => {
    const { found, problems } = await lfw(absent);
    expect([found, problems.map((problem) => problem.message)]).toEqual([[], [expect.stringMatching(message)]]);
  });

  it.each([
    ['Ada_0001.png', 'Ada_0002.JPG'],
    ['Ada_1.jpg', 'Ada_2.jpg'],
    ['Ada_001.JPG', 'Ada_002.jpg'],
  ])('finds %s by its number', async (first, second) => {
    const files = droppedFiles({
      [`Ada/${first}`]: pgmBytes(112, 112, 1),
      [`Ada/${second}`]: pgmBytes(112, 112, 2),
      'Bo/Bo_0001.jpg': pgmBytes(112, 112, 3),
      'pairs.txt': strToU8('1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n'),
    });
    const { found } = await recogniseFiles({ name: 'set', files });
    expect(found.map(({ kind }) => kind)).toEqual(['listed']);
  });
});

it.each([
  ['in folders of other names', ['y/1.jpg', 'y/2.jpg', 'z/7.jpg'], ['a/1.jpg', 'a/2.jpg', 'b/7.jpg', 'b/8.jpg']],
  ['in no folders', ['1.jpg', '2.jpg', '7.jpg'], ['a/1.jpg', 'a/2.jpg', 'b/7.jpg', 'b/8.jpg']],
])('where photos are %s, none may be absent: they might be others', async (_, paths, [one, two, three, four]) => {
  const photos = Object.fromEntries(paths.map((path, at) => [path, pgmBytes(112, 112, at)]));
  const pairs = `l,r,same\n${one},${two},1\n${one},${three},0\n${two},${three},0\n${three},${four},1\n${two},${one},1\n`;
  const { found, problems } = await recogniseFiles({
    name: 'set',
    files: droppedFiles({ ...photos, 'pairs.csv': strToU8(pairs) }),
  });
  expect([found, problems.map(({ code }) => code)]).toEqual([[], ['missing-part']]);
});
