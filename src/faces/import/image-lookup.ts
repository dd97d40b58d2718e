import type { ListedImage } from '../../formats/face-list.ts';
import { isPart } from './person-level.ts';

const KIND = /\.[a-z]{3,4}$/i;
/** The spellings in which a listed path and a found one may be the same; the first of them comes first. */
const SPELLINGS = [plain, withoutKind, withoutCase, withoutZeros];

/** Finds listed images among those that are there. */
export interface ImageLookup {
  /** The place of an image; undefined for one that is not there, or by a name that two images have. */
  place(image: ListedImage): number | undefined;
  /** Two images of that name. */
  copies(image: ListedImage): readonly [number, number] | undefined;
  /**
   * Whether the folders of an image say that it is the listed one, be the others there or not. Otherwise only that all
   * were found says so: a folder may have another name than in the list.
   */
  isSure(image: ListedImage): boolean;
}

/** The place of each ending of a path, and two places of an ending that several images have. */
interface Places {
  readonly one: ReadonlyMap<string, number>;
  readonly several: ReadonlyMap<string, readonly [number, number]>;
}

/** A listed image, cut where its outer folders are left off. */
interface Cut {
  readonly key: string;
  readonly left: readonly string[];
  readonly ending: readonly string[];
}

/**
 * The image found for a listed one; `exact`: by all of its folders, `sure`: by those that not all of the list shares,
 * `spelling`: 0 for a name as it is spelt.
 */
interface Placed extends Cut {
  readonly place: number;
  readonly spelling: number;
  readonly folder: string;
  readonly exact: boolean;
  readonly sure: boolean;
  readonly above: readonly string[];
  /** How many of the folders that were left off have the names of those above, from the last one up. */
  readonly alike: number;
}

/**
 * Finds images by the paths that lists give them. Lists and folders rarely begin in the same folder: as many outer
 * folders are left off the listed paths as make most of `listed` found, the same number for all; but an image of `train`
 * is none of `test`, and two folders of the list are never one. Upper and lower case, and the kind of image (.jpg or
 * .png), may differ where that leaves one image and no other photo differs by them alone. A person and a number are LFW's
 * NAME/NAME_0001, or the same with fewer zeros.
 */
export function imageLookup(paths: readonly string[], listed: readonly ListedImage[]): ImageLookup {
  const distinct = [...new Map(listed.map((image) => [keyOf(image), partsOf(image)]))];
  const areSpeltApart = [paths.map(partsOf), distinct.map(([, parts]) => parts)].some(haveCaseTwins);
  const folded = (folder: string) => (areSpeltApart ? folder : folder.toLowerCase());
  const spellings = SPELLINGS.filter((spelt) => !areSpeltApart || spelt !== withoutCase);
  const known = spellings.map((spelt) => ({ spelt, places: placesOf(paths.map(spelt)) }));
  const numbered = new Set(listed.filter((image) => typeof image !== 'string').map(keyOf));
  const spellingsOf = (key: string) => known.filter(({ spelt }) => spelt !== withoutZeros || numbered.has(key));
  const shared = sharedFolders(distinct.map(([, parts]) => parts));
  const placedWithout = (outer: number) => {
    const cuts = distinct.map(([key, parts]): Cut => {
      const { left, ending } = cut(parts, outer);
      return { key, left: left.map(folded), ending };
    });
    const names = namesLeft(cuts);
    const [asSpelt, ofAnyKind] = known;
    const haveTwins = cuts.some(({ ending }) => {
      const path = ending.join('/');
      return asSpelt?.places.one.has(path) && ofAnyKind?.places.several.has(withoutKind(path));
    });
    return withoutShared(
      withoutStrangers(
        cuts.flatMap((image): Placed[] => {
          const ending = image.ending.join('/');
          for (const [spelling, { spelt, places }] of spellingsOf(image.key).entries()) {
            const place = places.one.get(spelt(ending));
            if (place === undefined) continue;
            const path = paths[place] ?? '';
            // A mask beside its photo is not the photo.
            if (haveTwins && kindOf(path) !== kindOf(ending)) return [];
            const above = partsOf(path).slice(0, -image.ending.length).map(folded);
            if (isElsewhere(image, above, names)) return [];
            const folder = [...above, ...image.ending.slice(0, -1)].join('/');
            const exact = endsWith(above, image.left);
            const sure = endsWith(above, image.left.slice(shared)) || isNamedAfterLeft(image, shared);
            const alike = countAlike(image, above);
            return [{ ...image, place, spelling, folder, exact, sure, above, alike }];
          }
          return [];
        }),
      ),
    );
  };
  const deepest = distinct.reduce((most, [, { length }]) => Math.max(most, length - 1), 0);
  let best = 0;
  let found = placedWithout(0);
  for (let outer = 1; outer <= deepest && found.size < distinct.length; outer++) {
    const more = placedWithout(outer);
    if (more.size > found.size) [best, found] = [outer, more];
  }
  return {
    place: (image) => found.get(keyOf(image))?.place,
    isSure: (image) => found.get(keyOf(image))?.sure === true,
    copies: (image) => {
      if (found.has(keyOf(image))) return undefined;
      const ending = cut(partsOf(image), best).ending.join('/');
      for (const { spelt, places } of spellingsOf(keyOf(image))) {
        if (places.one.has(spelt(ending))) return undefined;
        const copies = places.several.get(spelt(ending));
        if (copies !== undefined) return copies;
      }
      return undefined;
    },
  };
}

/**
 * Where some folders have the names that were left off, images in folders of other names are others; where none have, so
 * are those in a folder beside images of the list.
 */
function withoutStrangers(placed: readonly Placed[]): readonly Placed[] {
  const most = placed.reduce((count, { alike }) => Math.max(count, alike), 0);
  if (most > 0) return placed.filter(({ left, alike }) => alike >= Math.min(most, left.length));
  const folders = groups(placed, ({ left }) => left.join('/'));
  return [...folders.values()].flatMap((images) => {
    const least = images.reduce((depth, { above }) => Math.min(depth, above.length), Number.POSITIVE_INFINITY);
    const outer = new Set(images.flatMap(({ above }) => (above.length === least ? [above.join('/')] : [])));
    return images.filter(({ above }) => above.length === least || !outer.has(above.slice(0, least).join('/')));
  });
}

function countAlike(image: Cut, above: readonly string[]): number {
  const { left } = image;
  const alike = (folders: readonly string[]) => {
    const differs = folders.toReversed().findIndex((part, at) => above.at(-1 - at) !== part);
    return differs < 0 ? folders.length : differs;
  };
  // A folder after which its images are named says nothing more.
  return Math.max(alike(left), isNamedAfterLeft(image, left.length - 1) ? 1 + alike(left.slice(0, -1)) : 0);
}

/** Whether two names of folders or images differ by upper and lower case alone. */
function haveCaseTwins(paths: readonly (readonly string[])[]): boolean {
  const names = new Set(paths.flat().map(withoutKind));
  return new Set(Array.from(names, (name) => name.toLowerCase())).size < names.size;
}

/** How many outer folders all paths have in common. */
function sharedFolders([first = [], ...others]: readonly (readonly string[])[]): number {
  const differs = first.findIndex((part, at) => at === first.length - 1 || others.some((parts) => parts[at] !== part));
  return Math.max(0, differs);
}

/** Whether the name of an image holds that of the one folder that was left off and is not shared. */
function isNamedAfterLeft({ left, ending }: Cut, shared: number): boolean {
  return left.length <= shared + 1 && ending.length === 1 && isNamedAfter(ending[0] ?? '', left.at(-1) ?? '');
}

/** The names of the folders that are left off, by their distance from the rest of the path. */
function namesLeft(cuts: readonly Cut[]): ReadonlyMap<number, ReadonlySet<string>> {
  const names = new Map<number, Set<string>>();
  for (const { left } of cuts) {
    left.forEach((part, at) => {
      const distance = left.length - at;
      names.set(distance, (names.get(distance) ?? new Set()).add(part));
    });
  }
  return names;
}

/** Whether the folders `above` an image are others than those that were left off: another part, or another of the list. */
function isElsewhere({ left, ending }: Cut, above: readonly string[], names: ReturnType<typeof namesLeft>): boolean {
  return left.some((part, at) => {
    const distance = left.length - at;
    const own = above.at(-distance);
    if (own === undefined || own === part) return false;
    if (distance === 1 && ending.length === 1 && isNamedAfter(ending[0] ?? '', part)) return false;
    return (isPart(part) && isPart(own)) || names.get(distance)?.has(own) === true;
  });
}

/**
 * Places by listed image. Where several folders of the list fell on one, or several images, only those that were named
 * in full keep their place: the others would be replaced by images of the same name.
 */
function withoutShared(placed: readonly Placed[]): ReadonlyMap<string, Placed> {
  const inFolder = groups(placed, ({ folder }) => folder);
  const apart = [...inFolder.values()].flatMap((images) =>
    [listedFolder, ownFolder].every((folderOf) => new Set(images.map(folderOf)).size > 1)
      ? images.filter(({ exact }) => exact)
      : images,
  );
  const onImage = groups(apart, ({ place }) => place);
  const kept = [...onImage.values()].flatMap((images) =>
    images.length > 1 ? images.filter(({ exact, spelling }) => exact && spelling === 0) : images,
  );
  return new Map(kept.map((one) => [one.key, one]));
}

function listedFolder({ left, ending }: Cut): string {
  return [...left, ...ending.slice(0, -1)].join('/');
}

/** The folder of a listed image; one after which the image is named (`Ada/Ada_0001.jpg`) says nothing more. */
function ownFolder({ left, ending }: Cut): string {
  const folders = [...left, ...ending.slice(0, -1)];
  const named = isNamedAfter(ending.at(-1) ?? '', folders.at(-1) ?? '');
  return (named ? folders.slice(0, -1) : folders).join('/');
}

/** `10.jpg` is not named after a folder `1`, nor `Adam.jpg` after `Ada`. */
function isNamedAfter(image: string, folder: string): boolean {
  if (folder === '' || !image.toLowerCase().startsWith(folder.toLowerCase())) return false;
  const seam = image.slice(folder.length - 1, folder.length + 1);
  return !/^(?:\p{L}{2}|\p{N}{2})$/u.test(seam);
}

function endsWith(folders: readonly string[], last: readonly string[]): boolean {
  return last.every((part, at) => folders.at(at - last.length) === part);
}

function groups<Key>(placed: readonly Placed[], keyOf: (one: Placed) => Key): ReadonlyMap<Key, readonly Placed[]> {
  const found = new Map<Key, Placed[]>();
  for (const one of placed) {
    const there = found.get(keyOf(one));
    if (there) there.push(one);
    else found.set(keyOf(one), [one]);
  }
  return found;
}

/** `paths` as they are spelt. */
function placesOf(paths: readonly string[]): Places {
  const one = new Map<string, number>();
  const several = new Map<string, [number, number]>();
  paths.forEach((path, place) => {
    for (const ending of endingsOf(path)) {
      const first = one.get(ending);
      if (first !== undefined && !several.has(ending)) several.set(ending, [first, place]);
      one.set(ending, place);
    }
  });
  for (const ending of several.keys()) one.delete(ending);
  return { one, several };
}

function endingsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

function cut(parts: readonly string[], outer: number): Omit<Cut, 'key'> {
  const at = Math.max(0, Math.min(outer, parts.length - 1));
  return { left: parts.slice(0, at), ending: parts.slice(at) };
}

function keyOf(image: ListedImage): string {
  return partsOf(image).join('/');
}

/** LFW's name of a photo, without its ending: `Ada_0001`. */
export function fileStem({ person, number }: Exclude<ListedImage, string>): string {
  return `${person}_${String(number).padStart(4, '0')}`;
}

function partsOf(image: ListedImage): readonly string[] {
  if (typeof image !== 'string') return plain(`${image.person}/${fileStem(image)}`).split('/');
  return plain(image)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
}

function plain(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC');
}

function withoutKind(path: string): string {
  return plain(path).replace(KIND, '');
}

function withoutCase(path: string): string {
  return withoutKind(path).toLowerCase();
}

/** `Ada_1` for `Ada_0001.jpg` */
function withoutZeros(path: string): string {
  return withoutKind(path).replace(/_0+(?=\d+$)/, '_');
}

function kindOf(path: string): string {
  return KIND.exec(path)?.[0].toLowerCase() ?? '';
}
