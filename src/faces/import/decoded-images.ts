import { CHUNK_IMAGES, type ImageChunk } from '../benchmark-source.ts';
import { FACE_CHANNELS } from '../face-set.ts';
import { ImportError } from './import-error.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** How to come by the images of a benchmark that lies in files. */
export interface EncodedImages {
  readonly imageCount: number;
  /** Width and height of the faces that are made. */
  readonly size: number;
  /** Reads and decodes one face, RGB [size, size, 3]. @throws UnreadableImageError */
  face(index: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The name of an image in a sentence: "image 12 of lfw.bin". */
  describe(index: number): string;
}

/** Images decoded at the same time, as in an import. */
const LANES = 4;

/**
 * The `chunks` and `image` of a source whose images are decoded when their turn comes. An image that cannot be decoded
 * ends it: a score without it would not be the benchmark's.
 */
export function decodedImages(images: EncodedImages): {
  chunks(signal?: AbortSignal): AsyncGenerator<ImageChunk>;
  image(index: number): Promise<Uint8Array<ArrayBuffer>>;
} {
  const { imageCount, size } = images;
  const image = async (index: number) => {
    try {
      return await images.face(index);
    } catch (error) {
      if (!(error instanceof UnreadableImageError)) throw error;
      throw new ImportError(
        'image-undecodable',
        `${images.describe(index)} ${error.message}.`,
        'A score without it would not be comparable. Copy the files again, or pack them without it.',
        { cause: error },
      );
    }
  };
  async function* chunks(signal?: AbortSignal): AsyncGenerator<ImageChunk> {
    const bytes = size * size * FACE_CHANNELS;
    for (let first = 0; first < imageCount; first += CHUNK_IMAGES) {
      const count = Math.min(CHUNK_IMAGES, imageCount - first);
      const decoded = new Uint8Array(count * bytes);
      const queue = Array.from({ length: count }, (_, row) => row).values();
      const lane = async () => {
        for (const row of queue) {
          signal?.throwIfAborted();
          decoded.set(await image(first + row), row * bytes);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      yield { first, count, images: decoded };
    }
  }
  return { chunks, image };
}
