/** One person: the folder of their images. */
export interface IdentityFolder<Item> {
  /** The folder's path below the folder that holds everything. */
  readonly name: string;
  /** Sorted by path. */
  readonly items: readonly Item[];
}

export interface IdentityFolders<Item> {
  /** Sorted by name, as torchvision's ImageFolder numbers classes. */
  readonly people: readonly IdentityFolder<Item>[];
  /** Images beside the people's folders, which belong to nobody. */
  readonly outside: number;
  /** Folder names that were taken for kinds of photos, as `frontal` and `profile`; empty in most sets. */
  readonly kinds: readonly string[];
}

/**
 * Sorts images by person: the folder of an image is its person. Folders that all images share
 * (`lfw/lfw-aligned/...`) are taken off the names. Where the same few folders are in most people's (`001/frontal`,
 * `001/profile`, as in CFP), the folder above is the person. The order in which files were listed does not matter.
 */
export function identityFolders<Item extends { readonly path: string }>(items: readonly Item[]): IdentityFolders<Item> {
  const sorted = [...items].sort((a, b) => compare(a.path, b.path));
  const byFolder = new Map<string, Item[]>();
  for (const item of sorted) {
    const folder = parentOf(item.path);
    const there = byFolder.get(folder);
    if (there) there.push(item);
    else byFolder.set(folder, [item]);
  }

  const root = commonFolder([...byFolder.keys()]);
  // A lone folder is a person and keeps its own name.
  if (byFolder.size === 1)
    return { people: [{ name: root.split('/').at(-1) ?? '', items: sorted }], outside: 0, kinds: [] };
  const outside = byFolder.get(root)?.length ?? 0;
  byFolder.delete(root);
  const folders = [...byFolder].map(([folder, items]) => ({
    name: root === '' ? folder : folder.slice(root.length + 1),
    items,
  }));
  const kinds = kindsOfPhotos(folders.map(({ name }) => name));
  const people = kinds.length === 0 ? folders : joinedByParent(folders);
  return { people: people.sort((a, b) => compare(a.name, b.name)), outside, kinds };
}

/** Last folder names, few, each of which most of many parents have: no people, who would be many in few folders. */
function kindsOfPhotos(names: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const name of names) {
    const last = name.slice(name.lastIndexOf('/') + 1);
    times.set(last, (times.get(last) ?? 0) + 1);
  }
  const parents = new Set(names.map(parentOf));
  const alike = !parents.has('') && times.size >= 2 && parents.size >= 4 * times.size;
  return alike && [...times.values()].every((count) => count > parents.size / 2) ? [...times.keys()].sort() : [];
}

function joinedByParent<Item>(folders: readonly IdentityFolder<Item>[]): IdentityFolder<Item>[] {
  const joined = new Map<string, Item[]>();
  for (const { name, items } of folders) joined.set(parentOf(name), [...(joined.get(parentOf(name)) ?? []), ...items]);
  return [...joined].map(([name, items]) => ({ name, items }));
}

/** Empty for a folder that is in no other. */
function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

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

function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let parts = first.split('/');
  for (const folder of others) {
    const there = folder.split('/');
    const differs = parts.findIndex((part, at) => part !== there[at]);
    if (differs >= 0) parts = parts.slice(0, differs);
  }
  return parts.join('/');
}

/** By code unit: the same everywhere, which a locale's order is not. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
