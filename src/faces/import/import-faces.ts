import type { DroppedFile } from './byte-source.ts';
import { evenShare, spaced } from './even-share.ts';
import { listNotes, peopleOn, readFaceLists, unusedText } from './face-lists.ts';
import { type FileGroups, sortFiles } from './file-groups.ts';
import { type IdentityFolder, treeInWords } from './identity-folders.ts';
import { checkExpansion, findImages, type ImageFile, type ImageFiles } from './image-files.ts';
import { ImportError } from './import-error.ts';
import { fewOf, importNotes } from './import-notes.ts';
import type { ImportedFaces, ImportedImage, UnreadableImage } from './imported-faces.ts';
import { countText, DEFAULT_IMPORT_LIMITS, foundInWords, type ImportLimits } from './limits.ts';
import { openPairsFile } from './pairs-file.ts';
import { distinctPhotos } from './photo-copies.ts';
import { rawPhotoSize, rawPhotosText } from './raw-photos.ts';
import { type DecodeImage, ImageReader, type ImagesShow } from './read-image.ts';
import { recordPeople } from './record-people.ts';
import { openRecordsFile, type RecordsFile, unlistedNotes } from './records-file.ts';
import { UnreadableImageError } from './unreadable-image.ts';

export interface ImportRequest {
  /** The dropped files' name, for messages. */
  readonly name: string;
  readonly files: readonly DroppedFile[];
  readonly decode: DecodeImage;
  readonly signal?: AbortSignal;
  /** Images finished and images in all; called some two hundred times. */
  readonly progress?: (done: number, total: number) => void;
  readonly imagesShow?: ImagesShow;
  readonly limits?: Partial<ImportLimits>;
}

/** How many unreadable images are named. */
const NAMED = 10;
/** Images read at the same time: enough to keep a decoder busy while another file is fetched. */
const LANES = 4;

/**
 * Reads faces to train on: a folder or .zip with one folder a person (JPEG, PNG, WebP, AVIF, GIF, BMP, TIFF, PBM, PGM or
 * PPM), or a .rec file with its .idx, recognised by content. Images that cannot be read are counted and left out.
 * Nothing outside is changed, so a failed import loses nothing.
 * @throws ImportError, or the signal's reason when it was aborted
 */
export async function importFaces(request: ImportRequest): Promise<ImportedFaces> {
  const { name, signal } = request;
  const limits = { ...DEFAULT_IMPORT_LIMITS, ...request.limits };
  signal?.throwIfAborted();
  const groups = await sortFiles(name, request.files, limits, signal);
  const [records] = groups.records;
  if (records !== undefined) {
    const read = await importRecords(await openRecordsFile(records), request);
    const beside = [...groups.records.slice(1).map(({ rec }) => rec.path), ...besideRecords(groups.rest)];
    return { ...read, notes: [...read.notes, ...unusedText(beside)] };
  }
  const found = await findImages(name, groups.rest, limits);
  if (found.images.length === 0) throw (await whyNotTrained(groups, found)) ?? noImages(name, found);
  const lists = await readFaceLists(found.images, found.texts);
  const tree = peopleOn(found.images, lists);
  const { people: all, outside, doubts } = tree;
  if (all.length < 2) throw onePerson(undefined, lists.unused, found);
  const people = evenShare(atMost(all, limits), limits.maxImages);
  if (found.archive)
    checkExpansion(
      name,
      found.archive,
      people.flatMap(({ items }) => items),
      limits,
    );
  const rawSize = await rawPhotoSize(people.flatMap(({ items }) => items));
  const read = await readPeople(people, name, request, limits);
  return {
    ...read.faces,
    ignored: found.ignored,
    aligned: rawSize === undefined,
    tree: treeInWords(tree),
    doubts,
    notes: [
      ...(rawSize === undefined ? [] : [rawPhotosText(rawSize)]),
      ...listNotes(lists),
      ...importNotes({
        ...read.counts,
        asked: request.imagesShow ?? 'auto',
        aligned: rawSize === undefined,
        doubts,
        outside,
        skipped: found,
        found: all.reduce((sum, { items }) => sum + items.length, 0),
        allPeople: all.length,
        chosenPeople: people.length,
      }),
    ],
  };
}

/** Reads faces from an opened .rec file, whose images show the whole template. @throws as `importFaces` does */
export async function importRecords(
  file: RecordsFile,
  request: Omit<ImportRequest, 'name' | 'files'>,
): Promise<ImportedFaces> {
  const limits = { ...DEFAULT_IMPORT_LIMITS, ...request.limits };
  const { people: all, allPeople, allImages } = await recordPeople(file, limits, request);
  if (all.length < 2) throw onePerson(file.file);
  const people = evenShare(all, limits.maxImages);
  const asked = request.imagesShow === 'tight' ? 'tight' : 'full';
  const read = await readPeople(people, file.file, { ...request, imagesShow: asked }, limits);
  return {
    ...read.faces,
    ignored: 0,
    aligned: true,
    tree: countText(allPeople ?? all.length, 'person', 'people'),
    doubts: [],
    notes: [
      `${file.file}: ${countText(allImages, 'image')}${allPeople === undefined ? '' : ` of ${countText(allPeople, 'person', 'people')}`}`,
      ...unlistedNotes(file.file, file.unlisted),
      ...importNotes({
        ...read.counts,
        asked: 'auto',
        aligned: true,
        doubts: [],
        outside: 0,
        skipped: { foreign: [], unopened: [] },
        found: allImages,
        allPeople: allPeople ?? people.length,
        chosenPeople: people.length,
      }),
    ],
  };
}

/** Files beside a training set that a user may expect to be trained on, images together. */
function besideRecords(files: FileGroups['rest']): readonly string[] {
  const images = files.filter(({ kind }) => kind === 'image').length;
  const others = files.filter(({ kind, path }) => kind === 'zip' || /\.(?:lst|csv)$/i.test(path));
  return [...(images > 0 ? [countText(images, 'image')] : []), ...others.map(({ path }) => path)];
}

function atMost<Item>(people: readonly IdentityFolder<Item>[], limits: ImportLimits): readonly IdentityFolder<Item>[] {
  return spaced(people, limits.maxIdentities).map(({ name, items }) => ({
    name,
    items: spaced(items, limits.maxImagesPerIdentity),
  }));
}

/** Reads the images of chosen people. @throws ImportError */
async function readPeople(
  people: readonly IdentityFolder<ImageFile>[],
  name: string,
  request: ReadRequest,
  limits: ImportLimits,
) {
  const chosen = people.flatMap(({ items }, identity) => items.map((file) => ({ file, identity })));
  const outcomes = await readAll(chosen, request, limits);
  const { photos: images, notes: copies } = distinctPhotos(outcomes.filter((outcome) => 'pixels' in outcome));
  const unreadable = outcomes.filter((outcome) => 'reason' in outcome);
  const [first] = unreadable;
  if (images.length === 0 && first) {
    throw new ImportError(
      'no-readable-images',
      `None of the ${chosen.length} images in ${name} can be read; ${first.path} ${first.reason}.`,
      'Use JPEG, PNG, WebP, AVIF, BMP, TIFF, GIF or PGM files that open in an image viewer.',
    );
  }
  // People without a readable image are gone; the others are numbered anew.
  const present = [...new Set(images.map(({ identity }) => identity))];
  if (present.length < 2) {
    throw new ImportError(
      'one-person',
      `Only 1 of ${people.length} people has images that can be read; ${first?.path} ${first?.reason}.`,
      'Use at least 8 people with JPEG, PNG, WebP, AVIF, BMP, TIFF, GIF or PGM files that open in an image viewer.',
    );
  }
  const identityOf = new Map(present.map((identity, at) => [identity, at]));
  return {
    faces: {
      name,
      identities: present.map((identity) => people[identity]?.name ?? ''),
      images: images.map(({ path, ...image }) => ({ ...image, identity: identityOf.get(image.identity) ?? 0 })),
      copies,
      unreadable: { count: unreadable.length, first: unreadable.slice(0, NAMED) },
    },
    counts: {
      copies,
      shows: images.map(({ shows }) => shows),
      people: present.length,
      repeated: present.length - onceOnly(images),
      emptied: people.length - present.length,
      taken: chosen.length,
    },
  };
}

/** How many people have a single image. */
function onceOnly(images: readonly { readonly identity: number }[]): number {
  const counts = new Map<number, number>();
  for (const { identity } of images) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  return [...counts.values()].filter((count) => count === 1).length;
}

/** Why files that hold no people are no training set, where that can be said. */
async function whyNotTrained({ pairs, ijb, problems }: FileGroups, { unopened }: ImageFiles) {
  // The training set may be in there.
  if (unopened.length > 0) return undefined;
  const [set] = pairs;
  const found = set === undefined ? ijb[0]?.name : foundInWords(await openPairsFile(set.path, set.file));
  if (found === undefined) return problems[0];
  return new ImportError(
    'not-for-training',
    `${found}. That is for verifying, not for training.`,
    'Give it to the Verify screen. To train, drop a folder or a .zip with one folder per person, or a .rec with its .idx.',
  );
}

type ReadRequest = Omit<ImportRequest, 'name' | 'files'>;

interface Chosen {
  readonly file: ImageFile;
  readonly identity: number;
}

/** Outcomes in the order of `chosen`, not of finishing. */
async function readAll(chosen: readonly Chosen[], request: ReadRequest, limits: ImportLimits) {
  const { signal, progress, decode, imagesShow = 'auto' } = request;
  const reader = new ImageReader(decode, imagesShow, limits);
  const outcomes = new Map<number, (ImportedImage & { readonly path: string }) | UnreadableImage>();
  const every = Math.max(1, Math.floor(chosen.length / 200));
  const queue = chosen.entries();
  const lane = async () => {
    for (const [at, { file, identity }] of queue) {
      signal?.throwIfAborted();
      const outcome = await reader.read(file).then(
        (face) => ({ ...face, identity, path: file.path }),
        (error: unknown) => {
          if (error instanceof UnreadableImageError) return { path: file.path, reason: error.message };
          throw error;
        },
      );
      outcomes.set(at, outcome);
      signal?.throwIfAborted();
      if (outcomes.size % every === 0 || outcomes.size === chosen.length) progress?.(outcomes.size, chosen.length);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return chosen.flatMap((_, at) => outcomes.get(at) ?? []);
}

/** The sentence for files that hold no image that is read. */
export function noImages(name: string, { foreign, unopened }: ImageFiles): ImportError {
  if (foreign.length > 0) {
    const kinds = [...new Set(foreign)].sort().join(', ');
    return new ImportError(
      'no-images',
      `${name} has images of other kinds only: ${kinds}.`,
      'Convert them to JPEG or PNG first.',
    );
  }
  if (unopened.length > 0) {
    return new ImportError(
      'archive-unsupported',
      unopened[0] === name
        ? `${name} is an archive of a kind that is not opened here.`
        : `There are no images in ${name} but in ${fewOf(unopened)}, which ${unopened.length === 1 ? 'is' : 'are'} not opened here.`,
      'Unpack it and give the folder, or pack it as .zip or .tar.gz.',
    );
  }
  return new ImportError(
    'no-images',
    `There are no images in ${name}.`,
    'Drop a folder or a .zip with one folder per person and JPEG, PNG, WebP, AVIF, BMP, TIFF, GIF or PGM files in it, or a .rec with its .idx.',
  );
}

/** The sentence for files that show one person; recognition needs at least two. `unused` are the lists beside them. */
export function onePerson(
  file: string | undefined,
  unused: readonly string[] = [],
  { foreign, unopened }: Pick<ImageFiles, 'foreign' | 'unopened'> = { foreign: [], unopened: [] },
): ImportError {
  if (file !== undefined) {
    return new ImportError('one-person', `Only 1 person found in ${file}.`, 'Use a set with at least 8 people.');
  }
  if (unused.length > 0) {
    return new ImportError(
      'one-person',
      `Only 1 person found, and ${fewOf(unused)} ${unused.length === 1 ? 'does' : 'do'} not say who is on most of the images.`,
      'Use one folder per person, or a .csv with a column of file names ("1.jpg") and one of people, named "person", "name" or "label".',
    );
  }
  if (foreign.length > 0) {
    const kinds = [...new Set(foreign)].sort().join(', ');
    return new ImportError(
      'one-person',
      `Only 1 person found in images that are read; ${countText(foreign.length, 'other image')} of kinds that are not: ${kinds}.`,
      'Convert them to JPEG or PNG first.',
    );
  }
  if (unopened.length > 0) {
    return new ImportError(
      'one-person',
      `Only 1 person found. Not opened: ${fewOf(unopened)}.`,
      'Unpack those that belong to the set, or choose one of them alone.',
    );
  }
  return new ImportError('one-person', 'Only 1 person found.', 'Use one folder per person, at least 8 people.');
}
