import { describe, expect, it } from 'vitest';
import { identityFolders, treeInWords } from './identity-folders.ts';

/** Folders of two images each. */
const tree = (...folders: readonly string[]) =>
  identityFolders(folders.flatMap((folder) => [{ path: `set/${folder}/1.jpg` }, { path: `set/${folder}/2.jpg` }]));
const times = <Value>(count: number, make: (at: number) => Value) => Array.from({ length: count }, (_, at) => make(at));

describe('people in folders of folders', () => {
  it.each([5, 2])('in %d shards that state the numbers of their people, as in DigiFace-1M', (shards) => {
    const folders = times(3 * shards, (at) => {
      const first = 2000 * (at % shards);
      return `subjects_${first}-${first + 1999}_72_imgs/${first + Math.floor(at / shards)}`;
    });
    const { people, doubts, roles } = tree(...folders);
    expect([people.length, doubts, roles[0]?.others]).toEqual([3 * shards, [], 'groups']);
  });

  it('a range in the name of a person makes no shard of it', () => {
    const videos = times(4, (at) => [`Ada_${at}_1990-2000/12`, `Ada_${at}_1990-2000/13`]).flat();
    expect(treeInWords(tree(...videos))).toBe('4 people, 8 videos');
  });

  it('with numbers of eleven signs, as in WebFace260M, which are no addresses at YouTube', () => {
    expect(tree(...times(15, (at) => `${at % 5}/${at % 5}_0_000000${Math.floor(at / 5)}`)).people.length).toBe(15);
    const videos = times(8, (at) => `p${at % 4}/dQw4w9WgX${at}Q`);
    expect(treeInWords(tree(...videos))).toBe('4 people, 8 videos');
  });

  it.each([
    ['races', ['African', 'Asian', 'Caucasian', 'Indian']],
    ['genders', ['female', 'male']],
    ['both', ['asian_females', 'asian_males', 'white_males']],
  ])('of the same numbers in groups by %s are different people, with a doubt', (_, groups) => {
    const { people, doubts, roles } = tree(...groups.flatMap((group) => times(4, (at) => `${group}/${at}`)));
    expect([people.length, people[0]?.name]).toEqual([4 * groups.length, `${groups[0]}/0`]);
    expect(roles).toEqual([{ others: 'groups', names: groups, count: groups.length }]);
    expect(doubts).toEqual([
      expect.stringContaining(`"0" of ${groups[0]} and "0" of another group were taken as two people`),
    ]);
  });

  it('of the same names in two groups by gender are one person', () => {
    const folders = ['female', 'male'].flatMap((group) => times(4, (at) => `${group}/Person_${'ABCD'[at]}`));
    expect(tree(...folders).people.length).toBe(4);
  });

  it('leave a doubt where more folders than people lie below the kinds of photos, as in CASIA NIR-VIS 2.0', () => {
    const folders = times(2, (session) =>
      ['NIR', 'VIS'].flatMap((kind) => times(3, (person) => `s${session + 1}/${kind}/0000${person}`)),
    ).flat();
    expect(tree(...folders).doubts).toEqual([expect.stringContaining('"s1" was taken as the person and "NIR"')]);
    const sessions = times(4, (at) => ['frontal', 'profile'].map((kind) => `Ada_${at}/${kind}/${at % 2}`)).flat();
    expect(tree(...sessions).doubts).toEqual([]);
  });

  it('leave a doubt where folders are the cameras and views of SCface', () => {
    expect(tree('mugshot_rotation_all', 'mugshot_frontal_cropped_all', 'surveillance_cameras_all').doubts).toEqual([
      expect.stringContaining('"mugshot_frontal_cropped_all", with 2 others like it, was taken as a person'),
    ]);
  });
});
