import { expect, it } from 'vitest';
import { readFaceList } from './face-list.ts';

const image = (person: string, number: number) => `${person}/${person}_000${number}.jpg`;
/** Ten folds of one same pair and one different pair. */
const LINES = Array.from({ length: 10 }, (_, fold) => {
  const [one, other] = [`Ada_${fold}`, `Bo_${fold}`];
  return [image(one, 1), image(one, 2), image(one, 1), image(other, 3)];
}).flat();

it('reads the list of SLLFW: an image a line, whose folders say whether two are one person, in ten folds', () => {
  const list = readFaceList('lfw/pair_SLLFW.txt', `${LINES.join('\n')}\n`);
  if (list?.kind !== 'pairs') throw new Error('pairs were expected');
  expect(list.pairs.length).toBe(20);
  expect(list.pairs.slice(2, 4)).toEqual([
    { left: 'Ada_1/Ada_1_0001.jpg', right: 'Ada_1/Ada_1_0002.jpg', same: true, fold: 2 },
    { left: 'Ada_1/Ada_1_0001.jpg', right: 'Bo_1/Bo_1_0003.jpg', same: false, fold: 2 },
  ]);
});

it.each([
  ['whose name does not speak of pairs', 'images.txt', LINES],
  ['of an odd number of images', 'pairs.txt', LINES.slice(1)],
  ['of images that are not named after a person', 'pairs.txt', LINES.map((_, at) => `a/${at}.jpg`)],
  ['of one person after another', 'pairs.txt', LINES.map((_, at) => image(`P${at >> 2}`, at % 4))],
])('takes no pairs from a list %s', (_, name, lines) => {
  expect(readFaceList(name, lines.join('\n'))).toBeUndefined();
});
