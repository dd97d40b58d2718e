import { formatNumber } from '../../config/quantity.ts';
import type { ListedImage, ListedPair } from '../../formats/face-list.ts';
import { benchmarkNamed } from '../../verification/benchmark-names.ts';
import type { BenchmarkId, PairSource } from '../benchmark-source.ts';
import { FACE_REGIONS } from '../face-set.ts';
import { decodedImages } from './decoded-images.ts';
import type { ListedPairs } from './face-lists.ts';
import type { ImageFile } from './image-files.ts';
import { fileStem, type ImageLookup, imageLookup } from './image-lookup.ts';
import { ImportError, refuseOneKind } from './import-error.ts';
import { fewOf } from './import-notes.ts';
import { cutFace } from './imported-faces.ts';
import { countText, DEFAULT_IMPORT_LIMITS } from './limits.ts';
import { foldedPairs } from './listed-folds.ts';
import type { SourceOptions } from './pairs-source.ts';
import { ImageReader } from './read-image.ts';

/** A list of pairs whose images have been found; none has been read. */
export interface ListedFolder {
  readonly kind: 'listed';
  readonly file: string;
  /** The list, or the folder of lists. */
  readonly list: string;
  readonly id: BenchmarkId | undefined;
  /** The images that the list names, each once. */
  readonly images: readonly ImageFile[];
  /** Places among `images` and answers, in the order in which they are scored. */
  readonly pairs: PairSource['pairs'];
  /** Whether the list has ten folds of its own. */
  readonly hasFolds: boolean;
  /** "5,987 of 6,000 pairs" where photos of the others are not there: then these are not the benchmark's pairs. */
  readonly share: string | undefined;
  /** "LFW", and its contents: "60 pairs of lfw/pairs.txt in its 10 folds" */
  readonly title: string;
  readonly found: string;
}

/**
 * Finds the images of a list; `notes` follow the contents, a sentence each. Pairs are in the order of their folds. Pairs
 * of which a photo is not there are left out and counted, where most are left and the folders say which photos they are.
 * @throws ImportError where images are not there, or the pairs are all of one kind
 */
export function openListedFolder(
  name: string,
  listed: ListedPairs,
  images: readonly ImageFile[],
  notes: readonly string[],
): ListedFolder {
  const paths = images.map(({ path }) => path);
  const lookup = imageLookup(paths, listed.pairs.flatMap(sidesOf));
  const { place } = lookup;
  const isThere = (pair: ListedPair) => sidesOf(pair).every((side) => place(side) !== undefined);
  const missing = missingNames(listed, paths, lookup, listed.pairs.filter(isThere));
  refuseOneKind(
    listed.list,
    listed.pairs.map(({ same }) => same),
  );
  const { order, hasFolds, inWords } = foldedPairs(listed.pairs, isThere);
  const used = new Map<number, number>();
  const numberOf = (at: number) => {
    const number = used.get(at) ?? used.size;
    used.set(at, number);
    return number;
  };
  const sideOf = (side: 'left' | 'right') => Int32Array.from(order, (pair) => numberOf(place(pair[side]) ?? 0));
  const pairs = {
    left: sideOf('left'),
    right: sideOf('right'),
    same: Uint8Array.from(order, (pair) => Number(pair.same)),
  };
  const leftOut = listed.pairs.length - order.length;
  const all = countText(listed.pairs.length, 'pair');
  const share = leftOut === 0 ? undefined : `${formatNumber(order.length)} of ${all}`;
  const said = [...(leftOut === 0 ? [] : [leftOutText(leftOut, missing)]), ...doubtsAbout(pairs), ...notes];
  const known = benchmarkNamed(`${name}/${listed.list}`);
  return {
    kind: 'listed',
    file: name,
    list: listed.list,
    id: leftOut === 0 ? known?.id : undefined,
    hasFolds,
    share,
    images: [...used.keys()].flatMap((at) => images[at] ?? []),
    pairs,
    title: known?.title ?? listed.list,
    found: [
      `${share ?? all} of ${listed.list}, ${inWords}, ${countText(used.size, 'image')}${said.length > 0 ? '.' : ''}`,
      ...said,
    ].join(' '),
  };
}

/**
 * The names of listed images that are not there.
 * @throws ImportError where no benchmark is left without them, or the others may be images of other folders
 */
function missingNames(
  { list, pairs }: ListedPairs,
  paths: readonly string[],
  { place, copies, isSure }: ImageLookup,
  there: readonly ListedPair[],
): readonly string[] {
  const missing = pairs.flatMap(sidesOf).filter((side) => place(side) === undefined);
  const names = [...new Set(missing.map(nameOf))];
  const twice = missing.flatMap((side) => copies(side)?.map((at) => paths[at] ?? '') ?? []);
  if (twice.length > 0 && 2 * missing.length === twice.length) throw imagesTwice(list, names, twice);
  const sure = there.flatMap(sidesOf).every(isSure);
  const bothKinds = new Set(there.map(({ same }) => same)).size === new Set(pairs.map(({ same }) => same)).size;
  const enough = 2 * there.length >= pairs.length && bothKinds;
  if (missing.length > 0 && !(sure && enough && twice.length === 0)) throw imagesMissing(list, names);
  return names;
}

function sidesOf({ left, right }: ListedPair): readonly ListedImage[] {
  return [left, right];
}

function leftOutText(pairs: number, names: readonly string[]): string {
  const [are, photos] = [
    pairs === 1 ? 'is' : 'are',
    names.length === 1 ? 'a photo is' : `${formatNumber(names.length)} photos are`,
  ];
  return `${countText(pairs, 'pair')} ${are} left out, since ${photos} not there: ${fewOf(names)}. An accuracy without them is not comparable with one on the whole list.`;
}

/**
 * Lists of one benchmark, such as LFW's pairs.txt and pairsDevTest.txt, each with its own name. The benchmark itself is
 * the only one with ten folds, where there is one.
 */
export function toldApart<Data extends { readonly kind: string; readonly title: string }>(
  found: readonly (Data | ListedFolder)[],
): readonly (Data | ListedFolder)[] {
  const isListed = (data: Data | ListedFolder): data is ListedFolder => data.kind === 'listed';
  return found.map((data) => {
    const alike = found.filter(isListed).filter(({ title }) => title === data.title);
    if (!isListed(data) || alike.length < 2) return data;
    const [whole, ...others] = alike.filter(({ hasFolds }) => hasFolds);
    if (data === whole && others.length === 0) return data;
    return { ...data, id: undefined, title: `${data.title} (${data.list.slice(data.list.lastIndexOf('/') + 1)})` };
  });
}

/** The pairs of a list as a benchmark. */
export function listedSource(folder: ListedFolder, { size, region, decode }: SourceOptions): PairSource {
  const reader = new ImageReader(decode, 'auto', DEFAULT_IMPORT_LIMITS);
  const { id, file, title, share, images, pairs } = folder;
  const fileOf = (index: number): ImageFile => {
    const image = images[index];
    if (image === undefined) throw new RangeError(`There is no image ${index}.`);
    return image;
  };
  return {
    kind: 'pairs',
    id,
    name: share === undefined ? title : `${title} (${share})`,
    origin: { kind: 'file', file },
    imageCount: images.length,
    size,
    region,
    pairs,
    ...decodedImages({
      imageCount: images.length,
      size,
      face: async (index) => {
        const image = await reader.read(fileOf(index));
        if (region === 'full' && image.shows !== 'full') throw regionNotShown(fileOf(index).path, region);
        return cutFace(image, region, size);
      },
      describe: (index) => `${fileOf(index).path} of ${file}`,
    }),
  };
}

/** The sentence for images that do not show the region of a network. */
export function regionNotShown(images: string, region: PairSource['region']): ImportError {
  const { left, top, size } = FACE_REGIONS[region];
  return new ImportError(
    'region-not-shown',
    `The network knows the region (${left}, ${top}) + ${size} of the aligned face; ${images} does not show it.`,
    'Use faces aligned to the 112 × 112 template, or a network trained on the inner face.',
  );
}

/** Pairs that no list should have, counted: a photo with itself, and two photos of one person and of two. */
function doubtsAbout({ left, right, same }: PairSource['pairs']): readonly string[] {
  const itself = left.filter((image, pair) => image === right[pair]).length;
  const answers = new Map<string, Set<number | undefined>>();
  left.forEach((image, pair) => {
    const key = [image, right[pair] ?? 0].sort((a, b) => a - b).join();
    answers.set(key, (answers.get(key) ?? new Set()).add(same[pair]));
  });
  const disputed = [...answers.values()].filter(({ size }) => size > 1).length;
  return [
    ...(itself > 0 ? [`${countText(itself, 'pair has', 'pairs have')} one photo on both sides.`] : []),
    ...(disputed > 0 ? [`${countText(disputed, 'pair is', 'pairs are')} listed as one person and as two.`] : []),
  ];
}

function nameOf(image: ListedImage): string {
  return typeof image === 'string' ? image : `photo ${image.number} of ${image.person} (${fileStem(image)}.jpg)`;
}

function imagesMissing(list: string, names: readonly string[]): ImportError {
  const [first = ''] = names;
  return new ImportError(
    'missing-part',
    `${list} names ${countText(names.length, 'image')} that ${names.length === 1 ? 'is' : 'are'} not there, the first is ${first}.`,
    'A score without them would not be comparable. Give the folder with all its photos, each once, or leave the list out to have pairs drawn.',
  );
}

function imagesTwice(list: string, names: readonly string[], [one = '', other = '']: readonly string[]): ImportError {
  return new ImportError(
    'file-inconsistent',
    `${list} names ${countText(names.length, 'image')} of which two have the name, the first are ${one} and ${other}.`,
    'Which of them is meant cannot be known. Give the list with one of the folders.',
  );
}
