import type { ListedImage } from '../../formats/face-list.ts';
import { isPart } from './person-level.ts';

/** Finds listed images among those that are there. */
export interface ImageLookup {
  /** The place of an image; undefined for one that is not there, or by a name that two images have. */
  place(image: ListedImage): number | undefined;
  /** Two images of that name. */
  copies(image: ListedImage): readonly [number, number] | undefined;
}

/** The place of each ending of a path, and two places of an ending that several images have. */
interface Places {
  readonly one: ReadonlyMap<string, number>;
  readonly several: ReadonlyMap<string, readonly [number, number]>;
}

/**
 * Finds images by the paths that lists give them. Lists and folders rarely begin in the same folder: as many outer
 * folders are left off the listed paths as make most of `listed` found, the same number for all; but an image of `train`
 * is none of `test`. Upper and lower case, and the kind of image (.jpg or .png), may differ where that leaves one image.
 * A person and a number are LFW's NAME/NAME_0001.
 */
export function imageLookup(paths: readonly string[], listed: readonly ListedImage[]): ImageLookup {
  const spellings = [plain, withoutKind, (path: string) => withoutKind(path).toLowerCase()];
  const known = spellings.map((spelt) => ({ spelt, places: placesOf(paths.map(spelt)) }));
  const find = <Found>(
    image: ListedImage,
    outer: number,
    pick: (places: Places, ending: string) => Found | undefined,
  ) => {
    const ending = endingWithout(image, outer);
    for (const { spelt, places } of known) {
      const found = pick(places, spelt(ending));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const placeWithout = (image: ListedImage, outer: number) => {
    const place = find(image, outer, ({ one }, ending) => one.get(ending));
    return place === undefined || isOfOtherPart(image, outer, paths[place] ?? '') ? undefined : place;
  };
  const deepest = Math.max(0, ...listed.map((image) => partsOf(image).length - 1));
  const foundWithout = (outer: number) =>
    listed.reduce((sum, image) => sum + (placeWithout(image, outer) === undefined ? 0 : 1), 0);
  let best = 0;
  let most = -1;
  for (let outer = 0; outer <= deepest && most < listed.length; outer++) {
    const found = foundWithout(outer);
    if (found > most) [best, most] = [outer, found];
  }
  return {
    place: (image) => placeWithout(image, best),
    copies: (image) =>
      placeWithout(image, best) === undefined
        ? find(image, best, ({ several }, ending) => several.get(ending))
        : undefined,
  };
}

/** Whether the folders of a list that are left off say another part of a set than those above the image. */
function isOfOtherPart(image: ListedImage, outer: number, path: string): boolean {
  const parts = partsOf(image);
  const above = partsOf(path).slice(0, -Math.max(1, parts.length - outer));
  const left = parts.slice(0, Math.min(outer, parts.length - 1));
  return left.some((part, at) => {
    const own = above[above.length - left.length + at];
    return own !== undefined && isPart(part) && isPart(own) && part.toLowerCase() !== own.toLowerCase();
  });
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

function endingWithout(image: ListedImage, outer: number): string {
  const parts = partsOf(image);
  return parts.slice(Math.min(outer, parts.length - 1)).join('/');
}

function partsOf(image: ListedImage): readonly string[] {
  if (typeof image !== 'string') {
    const stem = `${image.person}_${String(image.number).padStart(4, '0')}`;
    return plain(`${image.person}/${stem}`).split('/');
  }
  return plain(image)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
}

function plain(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC');
}

function withoutKind(path: string): string {
  return plain(path).replace(/\.[a-z]{3,4}$/i, '');
}
