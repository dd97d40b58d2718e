import { countText } from './limits.ts';
import {
  identityIn,
  isPart,
  type NestedFolder,
  type OtherFolders,
  type PersonLevel,
  personLevel,
  saysNoPerson,
  saysPart,
} from './person-level.ts';

/** One person: the folder of their images. */
export interface IdentityFolder<Item> {
  /** The folder's path below the folder that holds everything. */
  readonly name: string;
  /** Sorted by path. */
  readonly items: readonly Item[];
}

/** Folders above or below the people's. */
interface FolderRole {
  readonly others: OtherFolders;
  /** Their names, sorted. */
  readonly names: readonly string[];
  /** How many there are: the same name below two people is two. */
  readonly count: number;
}

/** An image; those of one `file` are one image, as a file and the links to it. */
interface FolderItem {
  readonly path: string;
  readonly file?: unknown;
}

export interface IdentityFolders<Item> {
  /** Sorted by name, as torchvision's ImageFolder numbers classes. */
  readonly people: readonly IdentityFolder<Item>[];
  /** Images beside the people's folders, which belong to nobody. */
  readonly outside: number;
  /** The roles of the folders above and below the people's; empty in most sets. */
  readonly roles: readonly FolderRole[];
  /** Doubts that a user should check before training, a sentence each. */
  readonly doubts: readonly string[];
}

/**
 * Sorts images by person. The folder of an image is its person, but where folders lie in folders one of them may be a
 * part of the set (`train/NAME` and `val/NAME` are one person), a kind of photo (`001/frontal`) or a video
 * (`NAME/VIDEO/frame.jpg`): see `personLevel`. Folders that all images share (`lfw/lfw-aligned/...`) are taken off the
 * names. The order in which files were listed does not matter.
 */
export function identityFolders<Item extends FolderItem>(items: readonly Item[]): IdentityFolders<Item> {
  const sorted = [...items].sort((a, b) => compare(a.path, b.path));
  const byFolder = new Map<string, Item[]>();
  for (const item of sorted) {
    const folder = parentOf(item.path);
    const there = byFolder.get(folder);
    if (there) there.push(item);
    else byFolder.set(folder, [item]);
  }
  // A lone folder is a person and keeps its own name.
  const [only = ''] = byFolder.keys();
  if (byFolder.size === 1)
    return { people: [{ name: baseName(only), items: sorted }], outside: 0, roles: [], doubts: [] };
  const roles: FolderRole[] = [];
  const doubts: string[] = [];
  let outside = 0;
  let folders: Folder<Item>[] = [...byFolder].map(([folder, items]) => ({ parts: folder.split('/'), items }));
  for (;;) {
    const shared = sharedDepth(folders);
    folders = folders.map(({ parts, items }) => ({ parts: parts.slice(shared), items }));
    const beside = folders.filter(({ parts }) => parts.length === 0 || parts[0] === '');
    if (beside.length > 0 && beside.length < folders.length) {
      outside += countOf(beside);
      folders = folders.filter((folder) => !beside.includes(folder));
      continue;
    }
    folders = withoutWrappers(folders);
    const nested = folders.filter(({ parts }) => parts.length > 1);
    if (nested.length === 0) break;
    const tops = new Set(nested.map(({ parts }) => parts[0] ?? ''));
    const direct = folders.filter(({ parts }) => parts.length === 1 && tops.has(parts[0] ?? ''));
    const alone = folders.filter((folder) => !nested.includes(folder) && !direct.includes(folder));
    const level = personLevel(
      nested.map(nestedFolder),
      direct.length > 0,
      alone.map(({ parts: [name = ''] }) => name),
    );
    // Below a kind of photo there may be the people of a session: s1/NIR/00001.
    const below = new Set(nested.flatMap(({ parts }) => parts[2] ?? []));
    const isDoubtful = level.guessed || level.apart || (level.others === 'kinds' && below.size > tops.size);
    if (isDoubtful) doubts.push(doubtAbout(level, nested[0]?.parts ?? []));
    if (level.person === 'outer') {
      roles.push(roleOf(level.others, nested, ({ parts }) => parts.slice(1).join('/'), nested.length));
      folders = folders.map(({ parts, items }) => ({ parts: parts.slice(0, 1), items }));
      break;
    }
    roles.push(roleOf(level.others, nested, ({ parts }) => parts[0] ?? '', tops.size));
    // Images that lie in a part or a group, and in no folder there, are nobody's.
    outside += countOf(direct);
    // So are those of a part without folders: train/NAME beside test.
    const unsorted = [...tops].every(isPart) && alone.length < nested.length ? alone : [];
    outside += countOf(unsorted);
    folders = [
      ...(unsorted.length > 0 ? [] : alone),
      ...nested.map(({ parts: [outer = '', inner = '', ...below], items }) => ({
        parts: [level.apart ? `${outer}/${inner}` : inner, ...below],
        items,
      })),
    ];
  }
  const people = joined(folders);
  const once = people.map(({ name, items }) => ({ name, items: withoutLinks(items) }));
  return {
    people: once,
    outside,
    roles: roles.filter(({ count }) => count > 1),
    doubts: [
      ...doubts,
      ...linksLeftOut(countOf(people) - countOf(once)),
      ...nobodysNames(people),
      ...alikeNames(people),
    ],
  };
}

/** Of a file and the links to it the first: a photo compared with itself is no pair. */
function withoutLinks<Item extends FolderItem>(items: readonly Item[]): readonly Item[] {
  const seen = new Set<unknown>();
  return items.filter(({ file }) => file === undefined || (!seen.has(file) && seen.add(file)));
}

function linksLeftOut(count: number): readonly string[] {
  if (count === 0) return [];
  return [`${countText(count, 'link')} to photos of the same person ${count === 1 ? 'was' : 'were'} left out.`];
}

/** A doubt about people who have a name of a part, a kind or a group, or images of several identities. */
function nobodysNames(people: readonly IdentityFolder<{ readonly path: string }>[]): readonly string[] {
  const taken = (sign: string) =>
    `was taken as a person, but ${sign}. If it shows several people, the accuracy would be wrong: put the photos into one folder per person.`;
  const all = people.every(({ name }) => saysNoPerson(name));
  const [nobody, ...more] = people.filter(({ name }) => all || saysPart(name));
  if (nobody !== undefined) {
    const like = more.length > 0 ? `, with ${countText(more.length, 'other')} like it,` : '';
    return [`"${nobody.name}"${like} ${taken('that is the name of a part of a set, a kind of photo or a group')}`];
  }
  for (const { name, items } of people) {
    const [first, second] = new Set(items.flatMap(({ path }) => identityIn(baseName(path)) ?? []));
    if (second !== undefined) return [`"${name}" ${taken(`names of its images begin with ${first} and ${second}`)}`];
  }
  return [];
}

/**
 * A doubt about people whose names differ by nothing but upper and lower case, accents, the marks between words or the
 * zeros before a number.
 */
export function alikeNames(people: readonly { readonly name: string }[]): readonly string[] {
  const isNumber = (name: string) => /^\d+$/.test(name);
  const plain = (name: string) =>
    isNumber(name)
      ? `number ${name.replace(/^0+(?=\d)/, '')}`
      : name
          .normalize('NFKD')
          .toLowerCase()
          .replace(/[\p{M}\s_.-]/gu, '');
  const firsts = new Map<string, string>();
  const pairs = people.flatMap(({ name }) => {
    const first = firsts.get(plain(name));
    if (first === undefined) firsts.set(plain(name), name);
    // A number with other signs is another number.
    return first === undefined || !(isNumber(name) || /\p{L}{2}/u.test(name)) ? [] : [`"${first}" and "${name}"`];
  });
  if (pairs.length === 0) return [];
  const more = pairs.length > 1 ? `, and ${countText(pairs.length - 1, 'more pair')} like them,` : '';
  return [
    `${pairs[0]}${more} were taken as different people. If one person has both names, join the folders: the accuracy would be wrong.`,
  ];
}

/** "8 people, 2 kinds: train, val": the tree that was understood, in words. */
export function treeInWords({ people, roles }: Pick<IdentityFolders<unknown>, 'people' | 'roles'>): string {
  const said = roles.map(({ others, names, count }) => {
    if (others === 'videos') return countText(count, 'video');
    if (others === 'kinds' && names.length > NAMED_FOLDERS) return countText(count, 'inner folder');
    const counted = countText(names.length, others === 'groups' ? 'group' : 'kind');
    return names.length > NAMED_FOLDERS ? counted : `${counted}: ${names.join(', ')}`;
  });
  return [countText(people.length, 'person', 'people'), ...said].join(', ');
}

/** The folders of an image below the path that all share, and the images in the innermost. */
interface Folder<Item> {
  readonly parts: readonly string[];
  readonly items: readonly Item[];
}

/** Names of folders that hold all of a set and say nothing of it. */
const WRAPPER =
  /^(?:data(?:set)?s?|sets?|images?|imgs?|pics?|pictures?|photos?|faces?|people|persons?|identit(?:y|ies)|subjects?|aligned|cropped|crops?|raw|files?|jpe?gs?|pngs?)$/i;

/**
 * Folders without those that are alone in theirs, hold nothing but folders, and distinguish nobody: the `images` of
 * `FR/images/NAME` and `DE/images/NAME`, or the second `lfw` of `lfw/lfw/NAME`.
 */
function withoutWrappers<Item>(folders: readonly Folder<Item>[]): Folder<Item>[] {
  const children = new Map<string, Set<string>>();
  for (const { parts } of folders) {
    const [top = '', child = ''] = parts;
    // A folder with images is no wrapper: it has no name here that a folder can have.
    children.set(top, (children.get(top) ?? new Set()).add(parts.length > 2 ? child : '/'));
  }
  const onlyChild = (top: string) => {
    const [child = '/', ...others] = children.get(top) ?? [];
    return others.length === 0 && child !== '/' ? child : undefined;
  };
  const [first, ...others] = [...children.keys()].map(onlyChild);
  const alike = others.length > 0 && others.every((child) => child === first);
  const wraps = (top: string) => {
    const child = onlyChild(top);
    return child !== undefined && (alike || WRAPPER.test(child) || child.toLowerCase() === top.toLowerCase());
  };
  if (![...children.keys()].some(wraps)) return [...folders];
  return withoutWrappers(
    folders.map(({ parts, items }) => ({
      parts: wraps(parts[0] ?? '') ? [parts[0] ?? '', ...parts.slice(2)] : parts,
      items,
    })),
  );
}

/** How many names of kinds or groups a sentence lists. */
const NAMED_FOLDERS = 6;
/** Names of images that are looked at in each folder. */
const LOOKED_AT = 4;

function nestedFolder({ parts: [outer = '', inner = ''], items }: Folder<{ readonly path: string }>): NestedFolder {
  return { outer, inner, images: items.slice(0, LOOKED_AT).map(({ path }) => baseName(path)) };
}

function roleOf<Item>(
  others: OtherFolders,
  folders: readonly Folder<Item>[],
  nameOf: (folder: Folder<Item>) => string,
  count: number,
): FolderRole {
  return { others, names: [...new Set(folders.map(nameOf))].sort(compare), count };
}

function doubtAbout({ person, others, apart }: PersonLevel, [outer = '', inner = '']: readonly string[]): string {
  if (apart) {
    return `The same numbers come in several groups: "${inner}" of ${outer} and "${inner}" of another group were taken as two people. If they are one, the accuracy would be wrong: put the photos into one folder per person.`;
  }
  const [name, taken] = person === 'outer' ? [outer, inner] : [inner, outer];
  const role = { parts: 'a part of the set', groups: 'a group of people', kinds: 'a kind of photo', videos: 'a video' };
  return `Folders lie in folders, and nothing but their names says which are people: of ${outer}/${inner}, "${name}" was taken as the person and "${taken}" as ${role[others]}. If it is the other way round, the accuracy would be wrong: put the photos into one folder per person.`;
}

/** People of one name are one person, sorted by name. */
function joined<Item extends { readonly path: string }>(folders: readonly Folder<Item>[]): IdentityFolder<Item>[] {
  const people = new Map<string, Item[]>();
  for (const { parts, items } of folders) {
    const name = parts.join('/');
    people.set(name, [...(people.get(name) ?? []), ...items]);
  }
  return [...people]
    .map(([name, items]) => ({ name, items: items.sort((a, b) => compare(a.path, b.path)) }))
    .sort((a, b) => compare(a.name, b.name));
}

function countOf(folders: readonly { readonly items: readonly unknown[] }[]): number {
  return folders.reduce((sum, { items }) => sum + items.length, 0);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Empty for a folder that is in no other. */
function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** How many outer folders all have in common; a folder that is the same for all keeps its own name. */
function sharedDepth(folders: readonly Folder<unknown>[]): number {
  const [first, ...others] = folders.map(({ parts }) => parts);
  if (first === undefined || others.length === 0) return 0;
  const depth = others.reduce((shared, parts) => {
    const differs = first.findIndex((part, at) => at >= shared || part !== parts[at]);
    return differs < 0 ? shared : differs;
  }, first.length);
  return others.every(({ length }) => length === depth) ? Math.min(depth, first.length - 1) : depth;
}

/** By code unit: the same everywhere, which a locale's order is not. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
