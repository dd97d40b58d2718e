import type { DroppedFile } from './byte-source.ts';
import { evenShare, identityFolders } from './identity-folders.ts';
import { checkExpansion, findImages, type ImageFile, type ImageFiles } from './image-files.ts';
import { ImportError } from './import-error.ts';
import { importNotes } from './import-notes.ts';
import type { ImportedFaces, ImportedImage, UnreadableImage } from './imported-faces.ts';
import { DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
import { type DecodeImage, ImageReader, type ImagesShow } from './read-image.ts';
import { UnreadableImageError } from './unreadable-image.ts';

export interface ImportRequest {
  /** What was dropped, for messages. */
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
/** Images read at once: enough to keep a decoder busy while another file is fetched. */
const LANES = 4;

/**
 * Reads faces from a dropped folder or .zip: one folder a person, JPEG, PNG, WebP, PBM, PGM or PPM. Images that cannot
 * be read are counted and left out. Nothing outside is changed, so a failed import loses nothing.
 * @throws ImportError, or the signal's reason when it was aborted
 */
export async function importFaces(request: ImportRequest): Promise<ImportedFaces> {
  const { name, signal } = request;
  const limits = { ...DEFAULT_IMPORT_LIMITS, ...request.limits };
  signal?.throwIfAborted();
  const found = await findImages(name, request.files, limits);
  if (found.images.length === 0) throw noImages(name, found);
  const { people: all, outside, kinds } = identityFolders(found.images);
  if (all.length < 2) throw onePerson();
  const people = evenShare(all, limits.maxImages);
  const chosen = people.flatMap(({ items }, identity) => items.map((file) => ({ file, identity })));
  if (found.archive) {
    const images = chosen.map(({ file }) => file);
    checkExpansion(name, found.archive, images, limits);
  }

  const outcomes = await readAll(chosen, request, limits);
  const images = outcomes.filter((outcome) => 'pixels' in outcome);
  const unreadable = outcomes.filter((outcome) => 'reason' in outcome);
  const [first] = unreadable;
  if (images.length === 0 && first) {
    throw new ImportError(
      'no-readable-images',
      `None of the ${chosen.length} images in ${name} can be read; ${first.path} ${first.reason}.`,
      'Use JPEG, PNG, WebP or PGM files that open in an image viewer.',
    );
  }
  // People without a readable image are gone; the others are numbered anew.
  const present = [...new Set(images.map(({ identity }) => identity))];
  if (present.length < 2) throw onePerson();
  const identityOf = new Map(present.map((identity, at) => [identity, at]));
  return {
    name,
    identities: present.map((identity) => people[identity]?.name ?? ''),
    images: images.map((image) => ({ ...image, identity: identityOf.get(image.identity) ?? 0 })),
    unreadableCount: unreadable.length,
    unreadable: unreadable.slice(0, NAMED),
    ignored: found.ignored,
    notes: importNotes({
      shows: images.map(({ shows }) => shows),
      asked: request.imagesShow ?? 'auto',
      people: present.length,
      emptied: people.length - present.length,
      kinds,
      outside,
      foreign: found.foreign,
      found: found.images.length - outside,
      taken: chosen.length,
    }),
  };
}

interface Chosen {
  readonly file: ImageFile;
  readonly identity: number;
}

/** Outcomes in the order of `chosen`, whatever finished first. */
async function readAll(chosen: readonly Chosen[], request: ImportRequest, limits: ImportLimits) {
  const { signal, progress, decode, imagesShow = 'auto' } = request;
  const reader = new ImageReader(decode, imagesShow, limits);
  const outcomes = new Map<number, ImportedImage | UnreadableImage>();
  const every = Math.max(1, Math.floor(chosen.length / 200));
  const queue = chosen.entries();
  const lane = async () => {
    for (const [at, { file, identity }] of queue) {
      signal?.throwIfAborted();
      const outcome = await reader.read(file).then(
        (face) => ({ ...face, identity }),
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

function noImages(name: string, { foreign }: ImageFiles): ImportError {
  if (foreign.length === 0) {
    return new ImportError(
      'no-images',
      `There are no images in ${name}.`,
      'Drop a folder or a .zip with one folder per person and JPEG, PNG, WebP or PGM files in it.',
    );
  }
  const kinds = [...new Set(foreign)].sort().join(', ');
  return new ImportError(
    'no-images',
    `${name} has images of other kinds only: ${kinds}.`,
    'Convert them to JPEG or PNG first.',
  );
}

function onePerson(): ImportError {
  return new ImportError('one-person', 'Only 1 person found.', 'Use one folder per person, at least 8 people.');
}
