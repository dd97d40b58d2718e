import type { IdentityFolder } from './identity-folders.ts';

/**
 * At most `most` of all images, the same number of every person and evenly spaced among theirs. Where that would leave
 * fewer than four a person, there are fewer people, evenly spaced too.
 */
export function evenShare<Item>(
  people: readonly IdentityFolder<Item>[],
  most: number,
): readonly IdentityFolder<Item>[] {
  const all = people.reduce((sum, { items }) => sum + items.length, 0);
  if (all <= most) return people;
  const kept = spaced(people, Math.max(2, Math.floor(most / 4)));
  let each = 1;
  const total = (limit: number) => kept.reduce((sum, { items }) => sum + Math.min(limit, items.length), 0);
  const largest = Math.max(...kept.map(({ items }) => items.length));
  while (each < largest && total(each + 1) <= most) each++;
  return kept.map(({ name, items }) => ({ name, items: spaced(items, each) }));
}

/** At most `most` of the items, evenly spaced among them. */
export function spaced<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const places = new Set(spacedPlaces(items.length, most));
  return items.filter((_, at) => places.has(at));
}

/** The places of at most `most` of `count` items, evenly spaced; nothing is made of the others. */
export function spacedPlaces(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.ceil(((at + 1) * count) / most) - 1);
}
