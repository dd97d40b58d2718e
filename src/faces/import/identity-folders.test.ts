import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityFolders, treeInWords } from './identity-folders.ts';

const named = (...paths: readonly string[]) =>
  identityFolders(paths.map((path) => ({ path }))).people.map(({ name }) => name);

describe('people from folders', () => {
  it.each<[string, string[], string[]]>([
    ['the folder an image is in', ['b/1.jpg', 'a/1.jpg'], ['a', 'b']],
    ['without the folders all share', ['lfw/aligned/b/1.jpg', 'lfw/aligned/a/1.jpg'], ['a', 'b']],
    ['at different depths', ['a/1.jpg', 'b/c/1.jpg'], ['a', 'c']],
    ['not confused by names that begin alike', ['s/ann/1.jpg', 's/anna/1.jpg'], ['ann', 'anna']],
    ['alone, under its own name', ['s/a/1.jpg', 's/a/2.jpg'], ['a']],
    ['one for two parts, also where it is the only one', ['train/a/1.jpg', 'val/a/2.jpg'], ['a']],
  ])('%s', (_, paths, people) => {
    expect(named(...paths)).toEqual(people);
  });

  it('leave a doubt where two names or numbers are nearly one', () => {
    const { people, doubts } = identityFolders(
      ['train/Ada_Example', 'val/ada example', 'train/Bo', 'val/Bó', 'train/7', 'val/07'].map((folder) => ({
        path: `${folder}/1.jpg`,
      })),
    );
    expect([people.length, doubts]).toEqual([
      6,
      [expect.stringContaining('"07" and "7", and 2 more pairs like them, were taken as different')],
    ]);
  });

  it("leaves images beside the people's folders out", () => {
    const { people, outside } = identityFolders([{ path: 's/1.jpg' }, { path: 's/a/1.jpg' }, { path: 's/b/1.jpg' }]);
    expect([people.map(({ name }) => name), outside]).toEqual([['a', 'b'], 1]);
  });
});

/** `count` folders of two images each: `path(at)` of each. */
const folders = (count: number, path: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => [{ path: `${path(at)}/1.jpg` }, { path: `${path(at)}/2.jpg` }]).flat();

const PEOPLE = ['Ada_Example', 'Bo_Example', 'Cy_Example', 'Di_Example', 'Ed_Example', 'Fy_Example', 'Gus', 'Hal'];
const person = (at: number) => PEOPLE[at % PEOPLE.length] ?? '';
const hash = (at: number) => `${String.fromCharCode(65 + at)}xY7_k${String.fromCharCode(97 + at)}Zq-0`;

describe('folders in folders', () => {
  it.each<[string, { path: string }[], string]>([
    [
      'train and val',
      folders(16, (at) => `${at < 8 ? 'train' : 'val'}/${person(at)}`),
      '8 people, 2 kinds: train, val',
    ],
    [
      'parts with a wrapper around them, and other people in each',
      folders(16, (at) => `set/vggface2_${at < 8 ? 'train' : 'test'}/n${100000 + at}`),
      '16 people, 2 kinds: vggface2_test, vggface2_train',
    ],
    [
      'parts of any name',
      folders(16, (at) => `${at < 8 ? 'mine' : 'more'}/${person(at)}`),
      '8 people, 2 kinds: mine, more',
    ],
    [
      'parts that share a few people',
      folders(13, (at) => `${at < 8 ? 'train' : 'val'}/${at < 8 ? person(at) : `Other_${at === 12 ? 8 : at}`}`),
      '12 people, 2 kinds: train, val',
    ],
    [
      'kinds of photos of each, as in CFP',
      folders(18, (at) => `cfp/${at >> 1}/${at % 2 ? 'frontal' : 'profile'}`),
      '9 people, 2 kinds: frontal, profile',
    ],
    ['videos, as in YouTube Faces', folders(24, (at) => `${person(at)}/${at >> 3}`), '8 people, 24 videos'],
    [
      'parts within each person',
      folders(4, (at) => `${PEOPLE[at % 2]}/${at < 2 ? 'train' : 'val'}`),
      '2 people, 2 kinds: train, val',
    ],
    [
      'parts by other words',
      folders(4, (at) => `${at < 2 ? 'Training Data' : 'Testing Data'}/${person(at % 2)}`),
      '2 people, 2 kinds: Testing Data, Training Data',
    ],
    ['videos, as in VoxCeleb', folders(16, (at) => `dev/id1000${at >> 1}/${hash(at)}`), '8 people, 16 videos'],
    [
      'videos of two sources, as in VoxCeleb with names',
      folders(16, (at) => `unzippedFaces/${person(at >> 1)}/1.6/${hash(at)}`),
      '8 people, 16 videos',
    ],
    [
      'videos within train and val',
      folders(32, (at) => `${at < 16 ? 'train' : 'val'}/${person(at)}/${at >> 3}`),
      '8 people, 2 kinds: train, val, 32 videos',
    ],
    [
      'groups of people',
      folders(
        12,
        (at) => `${['A', 'B', 'C'][at % 3]}/${['Ann', 'Ben', 'Cleo', 'Dan'][Math.floor(at / 3)]}_${'xyz'[at % 3]}`,
      ),
      '12 people, 3 groups: A, B, C',
    ],
    [
      'groups with a folder of images in each',
      folders(20, (at) => `${['FR', 'DE', 'IT', 'ES'][at % 4]}/images/Person ${String.fromCharCode(65 + at)}`),
      '20 people, 4 groups: DE, ES, FR, IT',
    ],
    [
      'two sets, one of kinds of photos',
      folders(16, (at) =>
        at < 8 ? `lfw/${person(at)}` : `cfp/Data/Images/00${at >> 1}/${at % 2 ? 'frontal' : 'profile'}`,
      ),
      '12 people, 2 groups: cfp, lfw, 2 kinds: frontal, profile',
    ],
    [
      'parts in folders of their own name',
      folders(16, (at) => (at < 8 ? `train/train/${person(at)}` : `val/val/${person(at)}`)),
      '8 people, 2 kinds: train, val',
    ],
    [
      'kinds of photos above the people',
      folders(16, (at) => `${['frontal', 'profile', 'left', 'right'][at >> 2]}/00${at % 4}`),
      '4 people, 4 kinds: frontal, left, profile, right',
    ],
    [
      'cameras above the people',
      folders(8, (at) => `cam${at % 2}/${person(at >> 1)}`),
      '4 people, 2 kinds: cam0, cam1',
    ],
    [
      'years above the people',
      folders(8, (at) => `${2019 + (at % 4)}/${person(at >> 1)}`),
      '4 people, 4 kinds: 2019, 2020, 2021, 2022',
    ],
    ['dates below the people', folders(8, (at) => `${person(at >> 1)}/2020-0${1 + at}-11`), '4 people, 8 videos'],
  ])('%s', (_, items, words) => {
    const tree = identityFolders(items);
    expect([treeInWords(tree), tree.doubts]).toEqual([words, []]);
    expect(tree.people.reduce((sum, { items: images }) => sum + images.length, 0)).toBe(items.length);
  });

  it('give the images of both parts to one person, sorted', () => {
    const { people } = identityFolders(folders(16, (at) => `${at < 8 ? 'val' : 'train'}/${person(at)}`));
    expect(people[0]).toEqual({
      name: 'Ada_Example',
      items: [
        'train/Ada_Example/1.jpg',
        'train/Ada_Example/2.jpg',
        'val/Ada_Example/1.jpg',
        'val/Ada_Example/2.jpg',
      ].map((path) => ({ path })),
    });
  });

  it('are recognised by the names of the images', () => {
    const images = Array.from({ length: 12 }, (_, at) => {
      const name = person(at % 4);
      return { path: `${name}/take ${hash(at)}/${name}_000${at}.jpg` };
    });
    expect(treeInWords(identityFolders(images))).toBe('4 people, 12 videos');
  });

  it('leave a doubt where only numbers could decide, as person 7 of two groups', () => {
    const { people, doubts } = identityFolders(folders(40, (at) => `${at % 2 ? 'adults' : 'kids'}/${at >> 1}`));
    expect(people.length).toBe(20);
    expect(doubts).toEqual([expect.stringContaining('"0" was taken as the person and "adults" as a part of the set')]);
  });

  it.each<[string, { path: string }[], string, string]>([
    [
      'more numbered videos than people',
      folders(15, (at) => `${PEOPLE[at % 3]}/${Math.floor(at / 3)}`),
      '3 people, 15 videos',
      'Ada_Example',
    ],
    [
      'the same numbered people in two kinds of light',
      folders(16, (at) => `${at % 2 ? 'visible_light' : 'near_infrared'}/00${at >> 1}`),
      '8 people, 2 kinds: near_infrared, visible_light',
      '000',
    ],
    [
      'the same numbered people before four cameras',
      folders(32, (at) => `${['high_res', 'low_res', 'web_cam', 'id_card'][at % 4]}/s${at >> 2}`),
      '8 people, 4 kinds: high_res, id_card, low_res, web_cam',
      's0',
    ],
    [
      'people before the cameras of portals, as in ChokePoint',
      folders(16, (at) => `P1E_S${at % 2}/P1E_S${at % 2}_C1/000${at >> 1}`),
      '8 people, 2 groups: P1E_S0, P1E_S1, 2 kinds: P1E_S0_C1, P1E_S1_C1',
      '0000',
    ],
    [
      'parts of two words with capitals',
      folders(16, (at) => `${at % 2 ? 'Training' : 'Test'}_Daten/00${at >> 1}`),
      '8 people, 2 kinds: Test_Daten, Training_Daten',
      '000',
    ],
  ])('leave a doubt about numbers below names of two words: %s', (_, items, words, taken) => {
    const tree = identityFolders(items);
    expect([treeInWords(tree), tree.doubts]).toEqual([
      words,
      [expect.stringContaining(`"${taken}" was taken as the person`)],
    ]);
  });

  it.each([
    ['train', 'val', 'test'],
    ['part1', 'part2', 'part3'],
    ['gallery', 'probe'],
    ['with_mask', 'without_mask'],
    ['male', 'female'],
    ['father-dau', 'mother-son'],
    ['cam_1', 'cam_2', 'mugshot_frontal_original_all'],
  ])('leave a doubt where every name says a part, a kind or a group: %s, %s', (...names) => {
    const { people, doubts } = identityFolders(folders(names.length, (at) => names[at] ?? ''));
    const [first] = [...names].sort();
    expect([people.length, doubts]).toEqual([names.length, [expect.stringContaining(`"${first}", with `)]]);
  });

  it('leave a doubt about a part among people, and none about a name that is a word too', () => {
    const doubtsOn = (...names: string[]) => identityFolders(folders(names.length, (at) => names[at] ?? '')).doubts;
    expect(doubtsOn('1', '2', '3', 'Probe', 'Gallery_Match')).toEqual([
      expect.stringMatching(/^"Gallery_Match", with 1 other like it, was taken as a person/),
    ]);
    expect(doubtsOn('Ada_Example', 'Di_Probe', 'Val', 'Dev', 'Neil_Young')).toEqual([]);
  });

  it('leave a doubt where one folder has the images of several identities, as in IMDb', () => {
    const on = (...paths: string[]) => identityFolders(paths.map((path) => ({ path }))).doubts;
    expect(on('00/nm0000100_rm1.jpg', '00/nm0000200_rm1.jpg', '01/nm0000101_rm1.jpg')).toEqual([
      expect.stringContaining('names of its images begin with nm0000100 and nm0000200'),
    ]);
    expect(on('00/nm0000100_rm1.jpg', '00/nm0000100_rm2.jpg', '01/nm0000101_rm1.jpg')).toEqual([]);
  });

  it('leave images out that lie in a part and in nobody\u2019s folder', () => {
    const items = [...folders(16, (at) => `${at < 8 ? 'train' : 'val'}/${person(at)}`), { path: 'train/sheet.jpg' }];
    expect(identityFolders(items)).toMatchObject({ outside: 1, people: { length: 8 } });
  });

  it('leave out a part that is not sorted into people', () => {
    const items = [...folders(8, (at) => `train/${person(at)}`), ...folders(1, () => 'test')];
    expect(identityFolders(items)).toMatchObject({ outside: 2, people: { length: 8 } });
  });

  it('belong to the person where photos lie beside them', () => {
    const items = [...folders(8, person), ...folders(2, (at) => `${person(at)}/holiday ${at}`)];
    expect(identityFolders(items)).toMatchObject({ outside: 0, people: { length: 8 } });
  });

  it('of one person among others belong to that person', () => {
    const others = folders(8, person);
    const tree = (...paths: string[]) => identityFolders([...others, ...paths.map((path) => ({ path }))]);
    const album = tree('Zoe/1.jpg', 'Zoe/2.jpg', 'Zoe/holiday/3.jpg');
    expect([album.outside, album.doubts, album.people.length, album.people.at(-1)]).toEqual([
      0,
      [],
      9,
      { name: 'Zoe', items: ['Zoe/1.jpg', 'Zoe/2.jpg', 'Zoe/holiday/3.jpg'].map((path) => ({ path })) },
    ]);
    const kinds = tree('Zoe/frontal/1.jpg', 'Zoe/profile/2.jpg');
    expect([treeInWords(kinds), kinds.doubts]).toEqual(['9 people, 2 kinds: frontal, profile', []]);
    const albums = tree('Zoe/attic/1.jpg', 'Zoe/beach/2.jpg');
    expect([albums.people.length, albums.doubts]).toEqual([
      10,
      [expect.stringContaining('of Zoe/attic, "attic" was taken as the person and "Zoe" as a group of people')],
    ]);
    // A folder within one of two parts.
    const part = identityFolders(folders(16, (at) => (at < 8 ? `train/set/${person(at)}` : `val/${person(at)}`)));
    expect([part.people.length, part.doubts]).toEqual([8, []]);
    // All people in one folder, with something beside them.
    const wrapped = folders(16, (at) => `lfw/${person(at)}`);
    const set = identityFolders([...wrapped, { path: 'lfw/sheet.jpg' }, { path: 'masks/1.jpg' }]);
    expect([set.people.length, set.outside, set.doubts]).toEqual([9, 1, []]);
  });
});

const cases = process.env.FIELD_CASES_DIR ?? '';
describe.skipIf(cases === '')(
  `folders of the field${cases === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : ''}`,
  () => {
    it.each([
      ['44-train-and-val', '8 people, 2 kinds: train, val'],
      ['42-cfp-layout', '8 people, 2 kinds: frontal, profile'],
      ['41-lfw-folder-with-pairs', '8 people'],
    ])('%s: %s', (folder, words) => {
      const paths = readdirSync(join(cases, folder), { recursive: true, encoding: 'utf8' });
      const images = paths.filter((path) => path.endsWith('.jpg')).map((path) => ({ path }));
      expect(treeInWords(identityFolders(images))).toBe(words);
    });
  },
);
