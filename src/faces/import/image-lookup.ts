import type { ListedImage } from '../../formats/face-list.ts';

/** The places of listed images among those that are there; undefined for one that is not. */
export type ImageLookup = (image: ListedImage) => number | undefined;

/**
 * Finds images by the paths that lists give them. Lists and folders rarely begin in the same folder: as many outer
 * folders are left off the listed paths as make most of `listed` found, the same number for all. Upper and lower case,
 * and the kind of image (.jpg or .png), may differ where that leaves one image. A person and a number are LFW's
 * NAME/NAME_0001.
 */
export function imageLookup(paths: readonly string[], listed: readonly ListedImage[]): ImageLookup {
  const exact = placesOf(paths, (path) => path);
  const alike = placesOf(paths, lowerCase);
  const placeWithout = (image: ListedImage, outer: number) => {
    const ending = endingWithout(image, outer);
    return exact.get(ending) ?? alike.get(lowerCase(ending));
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
  return (image) => placeWithout(image, best);
}

/** The place of each ending of a path; an ending that two images have names neither. */
function placesOf(paths: readonly string[], spelt: (path: string) => string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  paths.forEach((path, place) => {
    for (const ending of endingsOf(spelt(path))) {
      if (places.has(ending)) twice.add(ending);
      places.set(ending, place);
    }
  });
  for (const ending of twice) places.delete(ending);
  return places;
}

function lowerCase(path: string): string {
  return path.toLowerCase();
}

function endingsOf(path: string): readonly string[] {
  const parts = comparable(path).split('/');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

function endingWithout(image: ListedImage, outer: number): string {
  const parts = partsOf(image);
  return parts.slice(Math.min(outer, parts.length - 1)).join('/');
}

function partsOf(image: ListedImage): readonly string[] {
  if (typeof image !== 'string') {
    const stem = `${image.person}_${String(image.number).padStart(4, '0')}`;
    return comparable(`${image.person}/${stem}`).split('/');
  }
  return comparable(image)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
}

function comparable(path: string): string {
  return path
    .replaceAll('\\', '/')
    .normalize('NFC')
    .replace(/\.[a-z]{3,4}$/i, '');
}
