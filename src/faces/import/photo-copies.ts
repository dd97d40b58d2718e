import { fewOf } from './import-notes.ts';
import type { ImportedImage } from './imported-faces.ts';
import { countText } from './limits.ts';

/** A photo as it was read, and its path. */
interface ReadPhoto extends ImportedImage {
  readonly path: string;
}

/** Photos each of which is there once for its person, but for those of one folder. */
export interface DistinctPhotos<Photo> {
  readonly photos: readonly Photo[];
  /** Which were there twice, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Leaves out a photo that another folder of the same person has too, as `val/NAME/1.jpg` beside `train/NAME/1.jpg`: with
 * its copy it would pass for a pair of two photos. Copies in one folder are the set's own, as CFP has some, and copies of
 * two people are an error of the set: these stay and are named.
 */
export function distinctPhotos<Photo extends ReadPhoto>(all: readonly Photo[]): DistinctPhotos<Photo> {
  const alike = new Map<number, Photo[]>();
  const photos: Photo[] = [];
  const leftOut: string[] = [];
  const within: string[] = [];
  const disputed: string[] = [];
  for (const photo of all) {
    const key = keyOf(photo.pixels);
    const there = alike.get(key) ?? [];
    const earlier = there.filter((other) => isCopy(photo, other));
    const own = earlier.filter(({ identity }) => identity === photo.identity);
    const [first, beside] = [own[0], own.find(({ path }) => folderOf(path) === folderOf(photo.path))];
    if (first !== undefined && beside === undefined) {
      leftOut.push(`${photo.path} of ${first.path}`);
      continue;
    }
    if (beside !== undefined) within.push(`${photo.path} of ${beside.path}`);
    else if (earlier[0] !== undefined) disputed.push(`${earlier[0].path} and ${photo.path}`);
    alike.set(key, [...there, photo]);
    photos.push(photo);
  }
  return { photos, notes: notesOn(leftOut, within, disputed) };
}

function notesOn(
  leftOut: readonly string[],
  within: readonly string[],
  disputed: readonly string[],
): readonly string[] {
  const copies = (names: readonly string[]) => countText(names.length, 'copy', 'copies');
  const were = leftOut.length === 1 ? 'was' : 'were';
  const are = within.length === 1 ? 'is' : 'are';
  return [
    ...(leftOut.length > 0
      ? [`${copies(leftOut)} of a photo in another folder of the same person ${were} left out: ${fewOf(leftOut)}.`]
      : []),
    ...(within.length > 0
      ? [
          `${copies(within)} of a photo in the same folder ${are} used, and any network knows it again: ${fewOf(within)}.`,
        ]
      : []),
    ...(disputed.length > 0
      ? [
          `${countText(disputed.length, 'photo is', 'photos are')} there under two people, so that the accuracy may be wrong: ${fewOf(disputed)}.`,
        ]
      : []),
  ];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** FNV-1a of the pixels: other photos rarely have the same, copies always. */
function keyOf(pixels: Uint8Array): number {
  let key = 0x811c9dc5;
  for (let at = 0; at < pixels.length; at++) key = Math.imul(key ^ (pixels[at] ?? 0), 0x01000193);
  return key;
}

function isCopy(one: ImportedImage, other: ImportedImage): boolean {
  return (
    one.shows === other.shows && one.size === other.size && one.pixels.every((value, at) => value === other.pixels[at])
  );
}
