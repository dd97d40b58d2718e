import { FACE_CHANNELS } from '../../faces/face-set.ts';
import { type DroppedFile, readSource } from '../../faces/import/byte-source.ts';
import { fileKind, KIND_BYTES } from '../../faces/import/file-kind.ts';
import { openPairsFile } from '../../faces/import/pairs-file.ts';
import type { DecodeImage } from '../../faces/import/read-image.ts';
import { centreSquare, resampleSquare } from '../../faces/import/resample.ts';

/** Enough photos to compare two versions of a model on. */
const MOST_PHOTOS = 64;

interface PhotoOptions {
  readonly size: number;
  readonly decode: DecodeImage;
  readonly most?: number;
}

/**
 * The middle squares of photos at a size, [count, size, size, 3]: of files, and of the images in a .bin of pairs, spread
 * evenly over all of them. Files that are no images are left out; undefined where there is none.
 */
export async function openPhotos(files: readonly DroppedFile[], { size, decode, most = MOST_PHOTOS }: PhotoOptions) {
  const pictures: Uint8Array[] = [];
  for (const { path, file } of spread(files, most)) {
    if (pictures.length === most) break;
    try {
      for await (const bytes of imagesIn(path, file, most)) {
        if (pictures.length === most) break;
        const picture = await decode(bytes).catch(() => undefined);
        if (picture !== undefined) pictures.push(resampleSquare(picture, centreSquare(picture), size));
      }
    } catch {
      // No pairs, or gone since: a folder holds other files, too.
    }
  }
  if (pictures.length === 0) return undefined;
  const each = size * size * FACE_CHANNELS;
  const images = new Uint8Array(pictures.length * each);
  for (const [place, picture] of pictures.entries()) images.set(picture, place * each);
  return { images, size };
}

async function* imagesIn(
  path: string,
  file: DroppedFile['file'],
  most: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(await readSource(file, 0, KIND_BYTES));
  if (fileKind(start) !== 'pairs-bin') {
    yield new Uint8Array(await readSource(file, 0, file.size));
    return;
  }
  const pairs = await openPairsFile(path, file);
  for (const index of spread([...Array(pairs.imageCount).keys()], most)) yield pairs.read(index);
}

/** So many of a list, evenly over it; then the others, for where some of these are of no use. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const chosen = new Set(Array.from({ length: most }, (_, at) => Math.floor(((at + 0.5) * items.length) / most)));
  return [...items.filter((_, at) => chosen.has(at)), ...items.filter((_, at) => !chosen.has(at))];
}
