import { formatNumber } from '../../config/quantity.ts';
import { readPairsBin } from '../../formats/pairs-bin.ts';
import { benchmarkNamed } from '../../verification/benchmark-names.ts';
import type { BenchmarkId } from '../benchmark-source.ts';
import { type ByteSource, readSource } from './byte-source.ts';
import { readImageHeader } from './image-header.ts';
import { ImportError, readFormat, refuseOneKind } from './import-error.ts';
import { countText, sizeText } from './limits.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** An InsightFace .bin whose pickle has been read; its images stay in the file until their turn. */
export interface PairsFile {
  readonly kind: 'pairs';
  readonly file: string;
  /** Which benchmark its name suggests. */
  readonly id: BenchmarkId | undefined;
  readonly imageCount: number;
  /** [pairs], 1 where images 2k and 2k + 1 show one person. */
  readonly same: Uint8Array<ArrayBuffer>;
  /** "CFP-FP", or the file's name, and its contents: "7,000 pairs, 112 × 112" */
  readonly title: string;
  readonly found: string;
  /** The encoded image. @throws UnreadableImageError where the file is gone */
  read(index: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The benchmarks' files have up to 100 MB. */
const LARGEST_PAIRS_FILE = 1024 * 2 ** 20;

/**
 * Reads a verification set: the pickle whole, then of every image the first bytes, so that one that is no image is
 * known before anything is scored. `name` is the file's, text from outside; its first bytes are a pickle's
 * (`file-kind.ts`).
 * @throws ImportError
 */
export async function openPairsFile(name: string, source: ByteSource): Promise<PairsFile> {
  if (source.size > LARGEST_PAIRS_FILE) {
    throw new ImportError(
      'file-too-large',
      `${name} is ${sizeText(source.size)}; verification sets of up to ${sizeText(LARGEST_PAIRS_FILE)} are read.`,
      'The published sets have less than 100 MB each. Split the file, or drop the one that is meant.',
    );
  }
  const bytes = new Uint8Array(await readSource(source, 0, source.size));
  const { images, same } = await readFormat(name, () => readPairsBin(bytes));
  if (same.length === 0) {
    throw new ImportError('file-empty', `${name} holds no pairs.`, 'Pack the file again with images and answers.');
  }
  refuseOneKind(name, same);
  const sizes = imageSizes(name, images);
  // A folder of LFW may hold pairs of other sets.
  const known = benchmarkNamed(name.slice(name.lastIndexOf('/') + 1));
  // Views of the file are read again when their turn comes; entries that Python 2 or numpy had encoded otherwise are
  // kept.
  const places = images.map((image) =>
    image.buffer === bytes.buffer ? { start: image.byteOffset, end: image.byteOffset + image.length } : image.slice(),
  );
  return {
    kind: 'pairs',
    file: name,
    id: known?.id,
    imageCount: images.length,
    same,
    title: known?.title ?? name,
    found: `${countText(same.length, 'pair')}, ${sizes}`,
    read: async (index) => {
      const place = places[index];
      if (place === undefined) throw new UnreadableImageError(`is not there: the file has ${places.length} images`);
      return place instanceof Uint8Array ? place : new Uint8Array(await readSource(source, place.start, place.end));
    },
  };
}

/** The sentence for a file that should be a verification set and is none. */
export function notPairs(name: string): ImportError {
  return new ImportError(
    'unknown-file',
    `These are not pairs: ${name} should hold images and same/different labels.`,
    'A .bin file is a Python pickle of (list of encoded images, list of answers), as InsightFace packs lfw.bin.',
  );
}

/** "112 × 112", or how many sizes there are. @throws ImportError where some are no images */
function imageSizes(name: string, images: readonly Uint8Array[]): string {
  const sizes = new Set<string>();
  const bad: number[] = [];
  images.forEach((image, index) => {
    const size = sizeOfImage(image);
    if (size === undefined) bad.push(index);
    else sizes.add(size);
  });
  const [first] = bad;
  if (first !== undefined) {
    throw new ImportError(
      'image-undecodable',
      `${bad.length === 1 ? 'An image' : `${formatNumber(bad.length)} images`} of ${name} ${bad.length === 1 ? 'is no image' : 'are no images'} of a kind that is read: ${bad.length === 1 ? '' : 'the first is '}image ${formatNumber(first)}, of pair ${formatNumber(first >> 1)}.`,
      'A pair that is left out would change the score. Pack the file again without it.',
    );
  }
  const [only] = sizes;
  return sizes.size === 1 && only !== undefined ? only : `images of ${sizes.size} sizes`;
}

function sizeOfImage(image: Uint8Array): string | undefined {
  try {
    const header = readImageHeader(image);
    return header && `${header.width} × ${header.height}`;
  } catch {
    return undefined;
  }
}
