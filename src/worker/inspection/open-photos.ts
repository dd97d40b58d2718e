import { FACE_CHANNELS } from '../../faces/face-set.ts';
import type { DecodeImage } from '../../faces/import/read-image.ts';
import { centreSquare, resampleSquare } from '../../faces/import/resample.ts';
import type { ImportFile } from '../protocol.ts';

/** Enough photos to compare two versions of a model on. */
const MOST_PHOTOS = 64;

/** The middle squares of photos at a size, [count, size, size, 3]; files that are no images are left out. */
export async function openPhotos(files: readonly ImportFile[], size: number, decode: DecodeImage) {
  const pictures: Uint8Array[] = [];
  for (const { file } of files) {
    if (pictures.length === MOST_PHOTOS) break;
    try {
      const picture = await decode(new Uint8Array(await file.arrayBuffer()));
      pictures.push(resampleSquare(picture, centreSquare(picture), size));
    } catch {
      // No image: a folder holds other files, too.
    }
  }
  if (pictures.length === 0) return undefined;
  const each = size * size * FACE_CHANNELS;
  const images = new Uint8Array(pictures.length * each);
  for (const [place, picture] of pictures.entries()) images.set(picture, place * each);
  return { images, size };
}
