import { formatNumber } from '../../config/quantity.ts';
import type { PairSource } from '../benchmark-source.ts';
import type { RegionName } from '../face-set.ts';
import { decodedImages } from './decoded-images.ts';
import { cutFace } from './imported-faces.ts';
import { DEFAULT_IMPORT_LIMITS } from './limits.ts';
import type { PairsFile } from './pairs-file.ts';
import { type DecodeImage, ImageReader } from './read-image.ts';

/** The geometry of the network that is verified, and how images are decoded where this runs. */
export interface SourceOptions {
  readonly size: number;
  readonly region: RegionName;
  readonly decode: DecodeImage;
}

/** A .bin file as a benchmark: its images show the whole template and are cut to the region the network knows. */
export function pairSource(pairs: PairsFile, { size, region, decode }: SourceOptions): PairSource {
  const reader = new ImageReader(decode, 'full', DEFAULT_IMPORT_LIMITS);
  const left = Int32Array.from(pairs.same, (_, pair) => 2 * pair);
  const { id, file, imageCount, same } = pairs;
  return {
    kind: 'pairs',
    id,
    name: file,
    origin: { kind: 'file', file },
    imageCount,
    size,
    region,
    pairs: { left, right: left.map((image) => image + 1), same },
    ...decodedImages({
      imageCount,
      size,
      face: async (index) => {
        const bytes = await pairs.read(index);
        const image = await reader.read({ path: file, size: bytes.length, read: async () => bytes });
        return cutFace(image, region, size);
      },
      describe: (index) => `Image ${formatNumber(index)} of ${file}, of pair ${formatNumber(index >> 1)},`,
    }),
  };
}
