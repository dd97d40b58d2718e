import { spaced } from './even-share.ts';
import type { ImageFile } from './image-files.ts';
import { readImageHeader } from './image-header.ts';

/** Aligned sets have sides of 112, 128 or 160 pixels; CelebA's aligned photos, 178 × 218, are not cut to the face. */
const LEAST_RAW_SIDE = 170;
const LOOKED_AT = 9;

/**
 * Says whether images look like whole photographs and not like faces that were aligned to the ArcFace template: most of
 * a few of them, evenly spaced, are large on both sides, as LFW's 250 × 250 and a phone's pictures. Gives the size of
 * the first such photo, "250 × 250"; undefined where they may be aligned.
 */
export async function rawPhotoSize(images: readonly ImageFile[]): Promise<string | undefined> {
  const sizes: string[] = [];
  const looked = spaced(images, LOOKED_AT);
  for (const image of looked) {
    const size = await sizeOf(image);
    if (size !== undefined && Math.min(size.width, size.height) >= LEAST_RAW_SIDE) {
      sizes.push(`${size.width} × ${size.height}`);
    }
  }
  return 2 * sizes.length > looked.length ? sizes[0] : undefined;
}

/** The sentence about photos of this size. */
export function rawPhotosText(size: string): string {
  return `The photos do not look aligned: at ${size} pixels they may be whole photographs, not faces cut to the 112 × 112 template.`;
}

async function sizeOf(image: ImageFile): Promise<{ readonly width: number; readonly height: number } | undefined> {
  try {
    return readImageHeader(await image.read());
  } catch {
    // The reader of all images reports its fault.
    return undefined;
  }
}
