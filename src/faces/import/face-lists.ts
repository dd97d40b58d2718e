import { type FaceList, type ListedPair, readFaceList } from '../../formats/face-list.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { extensionOf } from './file-names.ts';
import { alikeNames, compare, type IdentityFolders, identityFolders } from './identity-folders.ts';
import type { ImageFile } from './image-files.ts';
import { ImportError } from './import-error.ts';
import { fewOf } from './import-notes.ts';
import { countText } from './limits.ts';
import { chosenTables, type ListedPeople, peopleNote } from './listed-people.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** Pairs of images that a list names. */
export interface ListedPairs {
  /** The list, or the folder of lists. */
  readonly list: string;
  readonly pairs: readonly ListedPair[];
}

/** The information on images in the texts beside them. */
export interface FaceLists {
  readonly labels: ListedPeople | undefined;
  readonly pairs: readonly ListedPairs[];
  /** Lists of pairs that contradict themselves. */
  readonly problems: readonly ImportError[];
  /** Paths of texts that say nothing that is used. */
  readonly unused: readonly string[];
  /** Those of them that look like tables of people, and of other people than the folders. */
  readonly tables: readonly string[];
}

type Read = FaceList & { readonly list: string };

/** Lists of 500,000 images have some 30 MB. */
const LARGEST_LIST = 64 * 2 ** 20;
/** Endings; of names without one those are given that speak of lists. */
const READ = new Set(['', 'txt', 'csv', 'tsv', 'lst', 'list', 'tab']);
/** The words that distinguish two halves of a list. */
const SAME_ONLY = /(?:mis)?match|same|diff(?:erent)?|genuine|impost[eo]r|pos(?:itive)?|neg(?:ative)?/gi;

/** Reads the texts among given files and takes the information on the images from them. */
export async function readFaceLists(images: readonly ImageFile[], texts: readonly ImageFile[]): Promise<FaceLists> {
  const read: Read[] = [];
  const unused: string[] = [];
  const stems = new Set(texts.length === 0 ? [] : images.map(({ path }) => stemOf(path)));
  // Of lists that are alike the first is used: the order in which files were listed does not matter.
  for (const text of [...texts].sort((a, b) => compare(a.path, b.path))) {
    const list = await readText(text, stems);
    if (list === undefined) unused.push(text.path);
    else read.push({ ...list, list: text.path });
  }
  const problems: ImportError[] = [];
  const pairs: ListedPairs[] = [];
  for (const list of read) {
    if (list.kind === 'pairs') {
      const twin = pairs.find((other) => isSameList(other, list));
      if (twin === undefined) pairs.push(list);
      else unused.push(`${list.list} (the same list as ${twin.list})`);
    }
    if (list.kind === 'contradiction') problems.push(contradiction(list));
  }
  const paths = images.map(({ path }) => path);
  const { labels, tables, others } = chosenTables(
    paths,
    read.flatMap((list) => (list.kind === 'labels' ? [list] : [])),
  );
  const cfp = cfpPairs(read);
  unused.push(...cfp.unused, ...tables);
  return { labels, pairs: [...joinHalves(pairs), ...cfp.pairs], problems, unused: unused.sort(), tables: others };
}

function isSameList(one: ListedPairs, other: ListedPairs): boolean {
  const alike = (pair: ListedPair, at: number) => JSON.stringify(pair) === JSON.stringify(other.pairs[at]);
  return one.pairs.length === other.pairs.length && one.pairs.every(alike);
}

/** A file's name in lower case, without its ending. */
function stemOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
}

async function readText({ path, size, read }: ImageFile, stems: ReadonlySet<string>): Promise<FaceList | undefined> {
  if (size > LARGEST_LIST || !READ.has(extensionOf(path))) return undefined;
  try {
    return readFaceList(path, decodeText(await read()), undefined, stems);
  } catch (error) {
    // A text that cannot be read is one that is not used.
    if (error instanceof UnreadableImageError || error instanceof FormatProblem) return undefined;
    throw error;
  }
}

/** UTF-8, or as spreadsheets write text: UTF-16 with its mark, or Windows' Western letters. */
function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** CFP's protocols: Pair_list_F.txt and Pair_list_P.txt number the images, Split/FF and Split/FP pair the numbers. */
function cfpPairs(read: readonly Read[]): {
  readonly pairs: readonly ListedPairs[];
  readonly unused: readonly string[];
} {
  const images = (letter: string) =>
    read.find((list) => list.kind === 'numbered-images' && new RegExp(`list_${letter}\\.`, 'i').test(list.list));
  const [frontal, profile] = [images('F'), images('P')];
  const used = new Set<Read>();
  const pairs = (['FF', 'FP'] as const).flatMap((protocol): ListedPairs[] => {
    const [left, right] = [frontal, protocol === 'FF' ? frontal : profile];
    if (left?.kind !== 'numbered-images' || right?.kind !== 'numbered-images') return [];
    const splits = read.flatMap((list) => {
      const found = new RegExp(`(?:^|/)${protocol}/(\\d+)/(same|diff)\\.`, 'i').exec(list.list);
      return found && list.kind === 'numbered-pairs'
        ? [{ list, fold: Number(found[1]), same: /same/i.test(found[2] ?? '') }]
        : [];
    });
    if (splits.length === 0) return [];
    for (const one of [left, right, ...splits.map(({ list }) => list)]) used.add(one);
    splits.sort((a, b) => a.fold - b.fold || Number(b.same) - Number(a.same));
    const listed = splits.flatMap(({ list, same, fold }) =>
      list.pairs.map(([a, b]) => ({
        left: left.images.get(a) ?? `${a}`,
        right: right.images.get(b) ?? `${b}`,
        same,
        fold,
      })),
    );
    return [{ list: `CFP-${protocol}`, pairs: listed }];
  });
  const numbered = read.filter(({ kind }) => kind === 'numbered-images' || kind === 'numbered-pairs');
  return { pairs, unused: numbered.filter((list) => !used.has(list)).map(({ list }) => list) };
}

/** Two lists, one with all same pairs and one with all different pairs, are the halves of one. */
function joinHalves(lists: readonly ListedPairs[]): readonly ListedPairs[] {
  const stem = ({ list }: ListedPairs) => list.replace(SAME_ONLY, '');
  const isSame = ({ pairs }: ListedPairs) => pairs.every(({ same }) => same);
  const isDifferent = ({ pairs }: ListedPairs) => pairs.every(({ same }) => !same);
  const halves = lists.filter(isSame).flatMap((same) => {
    const different = lists.find((other) => isDifferent(other) && stem(other) === stem(same));
    return different === undefined ? [] : [{ same, different }];
  });
  const joined = new Set(halves.flatMap(({ same, different }) => [same, different]));
  return [
    ...lists.filter((list) => !joined.has(list)),
    ...halves.map(({ same, different }) => ({
      list: `${same.list} and ${different.list}`,
      pairs: [...same.pairs, ...different.pairs],
    })),
  ];
}

function contradiction({ list, problem }: Extract<Read, { kind: 'contradiction' }>): ImportError {
  return new ImportError(
    'file-inconsistent',
    `${list} looks like a list of pairs, but ${problem}.`,
    'Copy the list again. To have pairs drawn instead, leave it out.',
  );
}

/** Images by person: as a list of labels says, where there is one, else by their folders. */
export function peopleOn(images: readonly ImageFile[], { labels, tables }: FaceLists): IdentityFolders<ImageFile> {
  if (labels === undefined) {
    const tree = identityFolders(images);
    return tables.length === 0 ? tree : { ...tree, doubts: [...tree.doubts, foldersTaken(tables)] };
  }
  const people = new Map<string, ImageFile[]>();
  images.forEach((image, at) => {
    const person = labels.people[at];
    if (person === undefined) return;
    const there = people.get(person);
    if (there) there.push(image);
    else people.set(person, [image]);
  });
  // As with folders, the order in which files were listed does not matter.
  const named = [...people]
    .map(([name, items]) => ({ name, items: items.sort((a, b) => compare(a.path, b.path)) }))
    .sort((a, b) => compare(a.name, b.name));
  return {
    people: named,
    outside: 0,
    roles: [],
    doubts: [...alikeNames(named), ...foldersDiffer(images, labels), ...yesAndNo(named, labels), ...labels.doubts],
  };
}

/** A doubt where folders were taken for want of a table that names enough images: they may be parts of the set. */
function foldersTaken(tables: readonly string[]): string {
  const look =
    tables.length === 1
      ? 'looks like a table of people, but does not name half'
      : 'look like tables of people, but none of them names half';
  return `${fewOf(tables)} ${look} of the images (a name that two images share names neither), so the folders were taken as the people. If the folders are parts of the set, the accuracy would be wrong: give one table with its images alone.`;
}

const YES_OR_NO = /^(?:[01]|-1|yes|no|true|false|m|f|male|female|with|without)$/i;

/** A doubt where two people have names that may be answers about a photo, such as whether it shows glasses. */
function yesAndNo(
  [one, other, more]: readonly { readonly name: string }[],
  { lists }: ListedPeople,
): readonly string[] {
  if (one === undefined || other === undefined || more !== undefined) return [];
  if (![one, other].every(({ name }) => YES_OR_NO.test(name))) return [];
  return [
    `${fewOf(lists)} knows two people alone, "${one.name}" and "${other.name}". If these are answers about the photos and not people, the accuracy would be wrong: leave the table out.`,
  ];
}

/** Fewer folders may be parts of a set, which say nothing of people. */
const LEAST_FOLDERS = 4;

/** A doubt where a table and folders of people hardly mean the same people. */
function foldersDiffer(images: readonly ImageFile[], { lists, people }: ListedPeople): readonly string[] {
  const personOf = new Map(images.map(({ path }, at) => [path, people[at]]));
  const items = identityFolders(images).people.map((folder) =>
    folder.items.flatMap(({ path }) => personOf.get(path) ?? []),
  );
  const folders = items.map((named) => new Set(named)).filter(({ size }) => size > 0);
  const foldersOf = new Map<string, number>();
  for (const person of folders.flatMap((folder) => [...folder])) {
    foldersOf.set(person, (foldersOf.get(person) ?? 0) + 1);
  }
  if (folders.length < LEAST_FOLDERS) return [];
  const mixed = folders.filter(({ size }) => size > 1).length;
  const spread = [...foldersOf.values()].filter((count) => count > 1).length;
  const named = items.reduce((sum, { length }) => sum + length, 0);
  const doubt = (how: string) => [
    `${fewOf(lists)} and the folders do not agree: ${how}. The table was used; if the folders are the people, leave it out.`,
  ];
  if (2 * mixed > folders.length && 2 * spread > foldersOf.size) {
    return doubt('most folders hold photos of several people of the table, most of whom are in several folders');
  }
  // Race or gender; a mark for each photo.
  if (2 * foldersOf.size <= folders.length || (foldersOf.size >= 2 * folders.length && 2 * foldersOf.size > named)) {
    return doubt(`the table has ${countText(foldersOf.size, 'person', 'people')}, the folders have ${folders.length}`);
  }
  return [];
}

/** Which lists were used to train, and which were not, a sentence each. */
export function listNotes({ labels, pairs, problems, unused }: FaceLists): readonly string[] {
  return [
    ...(labels ? [peopleNote(labels)] : []),
    ...pairs.map(({ list }) => `${list}: pairs for verifying, not used in training.`),
    ...problems.map(({ message }) => message),
    ...unusedText(unused),
  ];
}

/** "Not used: people.txt, notes.csv and 3 more."; nothing where all was used. */
export function unusedText(unused: readonly string[]): readonly string[] {
  return unused.length === 0 ? [] : [`Not used: ${fewOf(unused)}.`];
}
