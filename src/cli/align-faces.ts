import { basename, join } from 'node:path';
import sharp from 'sharp';
import { alignedName, alignPhoto } from '../alignment/align-photo.ts';
import { FaceFinder } from '../alignment/face-finder.ts';
import { sortFiles } from '../faces/import/file-groups.ts';
import { findImages, type ImageFile } from '../faces/import/image-files.ts';
import { noImages } from '../faces/import/import-faces.ts';
import type { UnreadableImage } from '../faces/import/imported-faces.ts';
import { DEFAULT_IMPORT_LIMITS } from '../faces/import/limits.ts';
import { ImageReader } from '../faces/import/read-image.ts';
import { UnreadableImageError } from '../faces/import/unreadable-image.ts';
import { openEngine } from '../network/backend.ts';
import { alignmentModels } from './alignment-models.ts';
import { refuseSources, tryFolder, writeWhole } from './files.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';
import { withProgressBar } from './progress-bar.ts';

/** The contents of the --json file of `npm run faces -- --align`. */
interface AlignReport {
  /** How many photos have a face. */
  readonly found: number;
  /** Photos without one, and those that cannot be read, by their paths below the folder. */
  readonly missing: readonly string[];
  /** Left eye, right eye, nose, left and right corner of the mouth of each photo, [x, y] in its pixels. */
  readonly points: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

/** The report, and which of the missing photos cannot be read. */
interface AlignedFolder {
  readonly report: AlignReport;
  readonly unreadable: readonly UnreadableImage[];
}

/**
 * Aligns all photos of a folder or a .zip and writes them below `out` as .png files of 112 × 112, in the same folders;
 * of several faces in one photo the largest. Lists beside them are copied.
 * @throws FileProblem also where `out` is the folder of the photos or lies in it, ImportError
 */
export async function alignFolder(path: string, out: string): Promise<AlignedFolder> {
  refuseSources(out, [path]);
  tryFolder(out);
  const name = basename(path);
  const { rest } = await sortFiles(name, await filesOf(path), DEFAULT_IMPORT_LIMITS);
  const files = await findImages(name, rest, DEFAULT_IMPORT_LIMITS);
  if (files.images.length === 0) throw noImages(name, files);
  await openEngine({ preference: 'wasm' });
  const finder = await FaceFinder.open(alignmentModels());
  const reader = new ImageReader(decodeWithSharp, 'auto', DEFAULT_IMPORT_LIMITS);
  const missing: string[] = [];
  const unreadable: UnreadableImage[] = [];
  const points: Record<string, readonly (readonly [number, number])[]> = {};
  const written = new Set<string>();
  const align = async (image: ImageFile) => {
    const picture = await reader.picture(image).catch((error: unknown) => {
      if (!(error instanceof UnreadableImageError)) throw error;
      unreadable.push({ path: image.path, reason: error.message });
      return undefined;
    });
    const [face] = picture === undefined ? [] : await finder.find(picture);
    const aligned = picture && face && alignPhoto(picture, face.points);
    if (aligned === undefined || face === undefined) {
      missing.push(image.path);
      return;
    }
    const [a, b, c, d, e, f, g, h, i, j] = face.points;
    points[image.path] = [
      [a, b],
      [c, d],
      [e, f],
      [g, h],
      [i, j],
    ];
    const raw = { width: 112, height: 112, channels: 3 } as const;
    const png = await sharp(aligned.pixels, { raw }).png().toBuffer();
    writeWhole(join(out, alignedName(image.path, '.png', written)), png);
  };
  await withProgressBar('photos', files.images.length, async (show) => {
    for (const [done, image] of files.images.entries()) {
      await align(image);
      show(done + 1);
    }
  });
  finder.dispose();
  for (const text of files.texts) writeWhole(join(out, text.path), await text.read());
  return { report: { found: files.images.length - missing.length, missing, points }, unreadable };
}
