import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenShare, identityFolders } from './identity-folders.ts';

const named = (...paths: readonly string[]) =>
  identityFolders(paths.map((path) => ({ path }))).people.map(({ name }) => name);

describe('people from folders', () => {
  it.each<[string, string[], string[]]>([
    ['the folder an image is in', ['b/1.jpg', 'a/1.jpg'], ['a', 'b']],
    ['without the folders all share', ['lfw/aligned/b/1.jpg', 'lfw/aligned/a/1.jpg'], ['a', 'b']],
    ['with the folders that differ', ['s/train/a/1.jpg', 's/val/a/1.jpg'], ['train/a', 'val/a']],
    ['at different depths', ['a/1.jpg', 'b/c/1.jpg'], ['a', 'b/c']],
    ['not confused by names that begin alike', ['s/ann/1.jpg', 's/anna/1.jpg'], ['ann', 'anna']],
    ['alone, under its own name', ['s/a/1.jpg', 's/a/2.jpg'], ['a']],
  ])('%s', (_, paths, people) => {
    expect(named(...paths)).toEqual(people);
  });

  it("leaves images beside the people's folders out", () => {
    const { people, outside } = identityFolders([{ path: 's/1.jpg' }, { path: 's/a/1.jpg' }, { path: 's/b/1.jpg' }]);
    expect([people.map(({ name }) => name), outside]).toEqual([['a', 'b'], 1]);
  });
});

describe('folders of kinds of photos', () => {
  const paths = (people: number, kinds: readonly string[]) =>
    Array.from({ length: people }, (_, at) => kinds.map((kind) => ({ path: `cfp/${at}/${kind}/1.jpg` }))).flat();

  it('are not people: the folder above is, as in CFP', () => {
    const { people, kinds } = identityFolders(paths(9, ['profile', 'frontal']));
    expect(kinds).toEqual(['frontal', 'profile']);
    expect(people.length).toBe(9);
    expect(people[3]).toEqual({ name: '3', items: [{ path: 'cfp/3/frontal/1.jpg' }, { path: 'cfp/3/profile/1.jpg' }] });
  });

  it('are people where the folders above are few, or do not all have them', () => {
    expect(identityFolders(paths(2, ['anna', 'ben', 'cleo'])).people.length).toBe(6);
    const halves = Array.from({ length: 20 }, (_, at) => ({ path: `set/${at}/${at % 2 ? 'anna' : 'ben'}/1.jpg` }));
    expect(identityFolders(halves)).toMatchObject({ kinds: [], people: { length: 20 } });
  });
});

describe('an even share', () => {
  it('is never above the limit, takes the same of everybody who has as many, and keeps all when they fit', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 8, max: 300 }), (counts, most) => {
        const people = counts.map((count, at) => ({
          name: `${at}`,
          items: Array.from({ length: count }, (_, item) => item),
        }));
        const kept = evenShare(people, most);
        const all = counts.reduce((sum, count) => sum + count, 0);
        const taken = kept.map(({ items }) => items.length);
        expect(taken.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(Math.max(most, 0));
        if (all <= most) expect(kept).toEqual(people);
        const each = Math.max(...taken);
        for (const { name, items } of kept) {
          expect(items.length).toBe(Math.min(each, counts[Number(name)] ?? 0));
          expect(new Set(items).size).toBe(items.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes fewer people rather than fewer than four images of each', () => {
    const people = Array.from({ length: 100 }, (_, at) => ({ name: `${at}`, items: [1, 2, 3, 4, 5, 6] }));
    const kept = evenShare(people, 40);
    expect(kept.length).toBe(10);
    expect(kept.every(({ items }) => items.length === 4)).toBe(true);
  });
});
