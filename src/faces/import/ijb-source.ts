import type { TemplateSource } from '../benchmark-source.ts';
import { FACE_REGIONS } from '../face-set.ts';
import { alignFace } from './align-face.ts';
import { decodedImages } from './decoded-images.ts';
import type { IjbFolder } from './ijb-folder.ts';
import { cutFace } from './imported-faces.ts';
import { DEFAULT_IMPORT_LIMITS } from './limits.ts';
import type { SourceOptions } from './pairs-source.ts';
import { ImageReader } from './read-image.ts';
import { UnreadableImageError } from './unreadable-image.ts';

/** An IJB folder as a benchmark: each image is aligned by its five points, then cut to the region the network knows. */
export function ijbSource(folder: IjbFolder, { size, region, decode }: SourceOptions): TemplateSource {
  const reader = new ImageReader(decode, 'full', DEFAULT_IMPORT_LIMITS);
  const { id, file, imageCount, templates, media, scores, pairs, points } = folder;
  return {
    kind: 'templates',
    id,
    name: file,
    origin: { kind: 'file', file },
    imageCount,
    size,
    region,
    templates,
    media,
    scores,
    pairs,
    ...decodedImages({
      imageCount,
      size,
      face: async (index) => {
        const bytes = await folder.read(index);
        const picture = await reader.picture({ path: file, size: bytes.length, read: async () => bytes });
        const pixels = alignFace(picture, points.subarray(index * 10, (index + 1) * 10));
        if (pixels === undefined) throw new UnreadableImageError('has all five of its points in one place');
        return cutFace({ shows: 'full', size: FACE_REGIONS.full.size, pixels }, region, size);
      },
      describe: (index) => `${folder.nameOf(index)} of ${file}`,
    }),
  };
}
