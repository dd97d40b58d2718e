import { describe, expect, it } from 'vitest';
import { imageLookup } from './image-lookup.ts';

/** The found image of each listed one. */
const found = (paths: readonly string[], listed: readonly string[]) => {
  const { place } = imageLookup(paths, listed);
  return listed.map((image) => paths[place(image) ?? -1]);
};

describe('a listed image that is absent is not replaced by another', () => {
  it.each([
    ['of the same name', ['VIS/1.jpg', 'VIS/2.jpg'], ['NIR/1.jpg', 'VIS/1.jpg', 'VIS/2.jpg', 'NIR/2.jpg']],
    ['whose number differs', ['VIS/1_0.jpg', 'VIS/1_1.jpg'], ['NIR/1_0.jpg', 'VIS/1_1.jpg']],
    ['in a folder of another name', ['visible/1_0.jpg', 'visible/1_1.jpg'], ['NIR/1_0.jpg', 'VIS/1_1.jpg']],
    ['above the folders of people', ['VIS/Ada/1.jpg', 'VIS/Bo/2.jpg'], ['NIR/Ada/1.jpg', 'VIS/Bo/2.jpg']],
    ['named after its person', ['all/Ada_1.jpg', 'all/Ada_2.jpg'], ['NIR/Ada/Ada_1.jpg', 'VIS/Ada/Ada_2.jpg']],
    ['of another kind', ['a/1.png'], ['a/1.jpg', 'a/1.png']],
    ['of another folder where the list has one', ['VIS/Ada/1.jpg', 'NIR/Bo/2.jpg'], ['VIS/Ada/1.jpg', 'VIS/Bo/2.jpg']],
    [
      'of another folder, named after its person',
      ['VIS/Ada/Ada_1.jpg', 'NIR/Bo/Bo_2.jpg'],
      ['VIS/Ada/Ada_1.jpg', 'VIS/Bo/Bo_2.jpg'],
    ],
    ['of a name in another case, where case tells people apart', ['ann/1.jpg'], ['Ann/1.jpg', 'ann/2.jpg']],
    ['whose mask is there', ['a/1.jpg', 'a/1.png', 'a/2.png'], ['a/1.jpg', 'a/2.jpg']],
    ['of another case', ['a/Ada.jpg'], ['a/ada.jpg', 'a/Ada.jpg']],
    ['of a folder whose number begins its name', ['all/10.jpg', 'all/20.jpg'], ['1/10.jpg', '2/20.jpg']],
  ])('%s', (_, paths, listed) => {
    expect(found(paths, listed)).toEqual(listed.map((image) => paths.find((path) => path === image)));
  });
});

it('finds the images of a list of 150,000', () => {
  const listed = Array.from({ length: 150_000 }, (_, at) => `img/${at}.jpg`);
  const { place } = imageLookup(['img_align/7.jpg', 'img_align/9.jpg'], listed);
  expect(['img/7.jpg', 'img/8.jpg', 'img/9.jpg'].map(place)).toEqual([0, undefined, 1]);
});

it('images in a folder beside those of the list are others', () => {
  expect(found(['x/1.jpg', 'x/NIR/2.jpg'], ['VIS/1.jpg', 'VIS/2.jpg'])).toEqual(['x/1.jpg', undefined]);
});

it.each([
  ['parts into which the folder of the list was cut', ['part1/1.jpg', 'part2/2.jpg'], ['all/1.jpg', 'all/2.jpg']],
  ['a folder that all listed images share', ['faces/1.jpg', 'faces/2.jpg'], ['data/img/1.jpg', 'data/img/2.jpg']],
  ['shards that became one folder of people', ['all/a/1.jpg', 'all/b/1.jpg'], ['part1/a/1.jpg', 'part2/b/1.jpg']],
  ['photos that are named after their person', ['all/Ada_1.jpg', 'all/Bo_1.jpg'], ['Ada/Ada_1.jpg', 'Bo/Bo_1.jpg']],
  [
    'folders after which one photo is named',
    ['img/0/0.jpg', 'img/0/1.jpg'],
    ['/data/img/0/0.jpg', '/data/img/0/1.jpg'],
  ],
  ['folders that the list does not know', ['x/NIR/1.jpg', 'x/VIS/1.jpg'], ['../NIR/1.jpg', '../VIS/1.jpg']],
])('finds images below %s', (_, paths, listed) => {
  expect(found(paths, listed)).toEqual(paths);
});
