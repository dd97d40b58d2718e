import { formatNumber } from '../../config/quantity.ts';
import type { RegionName } from '../face-set.ts';
import type { ImageFiles } from './image-files.ts';
import type { UnreadableImages } from './imported-faces.ts';

/** Steps of an import that the user may not expect. */
export interface ImportCounts {
  /** The assumed region of each kept image. */
  readonly shows: readonly RegionName[];
  /** The user's choice of the region that images show, or `auto`. */
  readonly asked: 'auto' | RegionName;
  readonly people: number;
  /** People of whom there are two images or more. */
  readonly repeated: number;
  /** People none of whose images could be read. */
  readonly emptied: number;
  /** Whether the images may be aligned faces; of others nothing is said of the template. */
  readonly aligned: boolean;
  /** Doubts to check before training, and photos that were there twice, in sentences. */
  readonly doubts: readonly string[];
  readonly copies: readonly string[];
  /** Images beside the people's folders. */
  readonly outside: number;
  readonly skipped: Skipped;
  /** People found, and those of them that were taken. */
  readonly allPeople: number;
  readonly chosenPeople: number;
  /** Images found in people's folders, and those of them that were taken. */
  readonly found: number;
  readonly taken: number;
}

/** Files that may have been meant and were not used. */
type Skipped = Pick<ImageFiles, 'foreign' | 'unopened'>;

/** The sentences that go with an import. */
export function importNotes(counts: ImportCounts): readonly string[] {
  const {
    shows,
    asked,
    people,
    repeated,
    emptied,
    aligned,
    doubts,
    copies,
    outside,
    skipped,
    found,
    taken,
    allPeople,
    chosenPeople,
  } = counts;
  const full = shows.filter((region) => region === 'full').length;
  const tight = shows.length - full;
  const notes: string[] = [];
  if (asked !== 'auto') notes.push(`All images were taken as ${SHOWN[asked]}, as you said.`);
  else if (!aligned) notes.push('Unless you align them, the square in the middle of each is used as it is.');
  else if (tight === 0) notes.push(`Images are square and 100 px or more, so they were taken as ${SHOWN.full}.`);
  else if (full === 0)
    notes.push(`Images are smaller than 100 px or not square, so they were taken as ${SHOWN.tight}.`);
  else
    notes.push(
      `${full} square images of 100 px or more were taken as ${SHOWN.full}, the other ${tight} as ${SHOWN.tight}.`,
    );
  notes.push(...doubts, ...copies);
  if (chosenPeople < allPeople) {
    notes.push(
      `Of ${formatNumber(allPeople)} people ${formatNumber(chosenPeople)} were taken, evenly spaced; "People at most" sets how many.`,
    );
  }
  if (taken < found) notes.push(`Of ${found} images ${taken} were taken, spread evenly over the people.`);
  notes.push(...outsideNotes(outside), ...skippedNotes(skipped));
  if (emptied > 0) notes.push(`${countOf(emptied, 'person has', 'people have')} no readable image.`);
  if (people < 4) notes.push('With fewer than 4 people nobody can be held out, so accuracy is not measured.');
  else if (repeated === 0)
    notes.push('There is one photo a person: nothing can be held out and verified, so accuracy is not measured.');
  return notes;
}

/** How many images lie beside the people's folders; nothing where there are none. */
export function outsideNotes(outside: number): readonly string[] {
  if (outside === 0) return [];
  return [
    `${countOf(outside, "image is in no person's folder and was", "images are in no person's folder and were")} skipped.`,
  ];
}

/** Which images are of a kind that is not read, and which archives were not opened. */
export function skippedNotes({ foreign, unopened }: Skipped): readonly string[] {
  const notes: string[] = [];
  if (foreign.length > 0) {
    const extensions = [...new Set(foreign)].sort().join(', ');
    notes.push(
      `${countOf(foreign.length, 'image is', 'images are')} of a kind not read here (${extensions}): convert to JPEG or PNG.`,
    );
  }
  if (unopened.length > 0) notes.push(`Not opened: ${fewOf(unopened)}. Unpack those that belong to the set.`);
  return notes;
}

/** Which images could not be read, with the reasons; nothing where all were, or nothing is known of them. */
export function unreadableNotes({ count, first }: UnreadableImages = { count: 0, first: [] }): readonly string[] {
  if (count === 0) return [];
  const reasons = first.slice(0, NAMED).map(({ path, reason }) => `${path} ${reason.replace(/\.$/, '')}`);
  const rest = count - reasons.length;
  const more = rest > 0 ? `; and ${formatNumber(rest)} more` : '';
  return [`${countOf(count, 'image', 'images')} could not be read: ${reasons.join('; ')}${more}.`];
}

/** How many files a sentence names. */
const NAMED = 3;

/** "a.7z, b.7z and 3 more" */
export function fewOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''}`;
}

const SHOWN = {
  full: 'whole aligned faces (the 112 × 112 template)',
  tight: 'inner faces, used as they are',
} as const satisfies Record<RegionName, string>;

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
