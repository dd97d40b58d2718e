import { FACE_REGIONS } from '../faces/face-set.ts';
import { warpSquare } from '../faces/import/align-face.ts';
import { type Picture, resampleSquare } from '../faces/import/resample.ts';
import { type FivePoints, inverseOf, similarityBetween, TEMPLATE_POINTS } from '../faces/import/similarity.ts';
import { shrunk } from './shrunk.ts';

/** A face brought to the ArcFace template. */
export interface AlignedPhoto {
  /** RGB [112, 112, 3] */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** By how many degrees the face was turned, and how many times it was scaled, to fit the template. */
  readonly turned: number;
  readonly scaled: number;
}

const SIDE = FACE_REGIONS.full.size;
/** A square picture whose points lie this near to the template's, in its pixels, was aligned before. */
const ALIGNED_WITHIN = 4.5;

/**
 * Aligns a face by its five points, with the same transform as IJB's (`alignFace`); a large photo is shrunk first, so that
 * no pixel is skipped. A picture that is an aligned face already is only brought to size: its own points are better than
 * found ones. Undefined where all points are one.
 */
export function alignPhoto(picture: Picture, points: FivePoints): AlignedPhoto | undefined {
  if (isAligned(picture, points)) {
    const square = { left: 0, top: 0, size: picture.width };
    return { pixels: resampleSquare(picture, square, SIDE), turned: 0, scaled: SIDE / picture.width };
  }
  const forward = similarityBetween(points, TEMPLATE_POINTS);
  const back = forward && inverseOf(forward);
  if (forward === undefined || back === undefined) return undefined;
  const { picture: smaller, frame } = shrunk(picture, back);
  return {
    pixels: warpSquare(smaller, frame, SIDE),
    turned: (Math.atan2(forward.b, forward.a) * 180) / Math.PI,
    scaled: Math.hypot(forward.a, forward.b),
  };
}

/** Whether a square picture shows the whole template as it is, at any size. */
export function isAligned({ width, height }: Picture, points: FivePoints): boolean {
  if (width !== height) return false;
  const scale = SIDE / width;
  let sum = 0;
  for (let point = 0; point < 5; point++) {
    const x = scale * (points[2 * point] ?? 0) - (TEMPLATE_POINTS[2 * point] ?? 0);
    const y = scale * (points[2 * point + 1] ?? 0) - (TEMPLATE_POINTS[2 * point + 1] ?? 0);
    sum += Math.hypot(x, y);
  }
  return sum / 5 < ALIGNED_WITHIN;
}

/** The file of an aligned photo: `a/1.jpg` becomes `a/1.png`, unless `a/1.bmp` took that; `taken` learns the name. */
export function alignedName(path: string, extension: string, taken: Set<string>): string {
  const short = `${path.replace(/\.[^./]+$/, '')}${extension}`;
  const name = taken.has(short) ? `${path}${extension}` : short;
  taken.add(name);
  return name;
}
