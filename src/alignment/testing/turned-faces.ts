import { warpSquare } from '../../faces/import/align-face.ts';
import type { Picture } from '../../faces/import/resample.ts';
import { inverseOf, type Similarity, similarityBetween, TEMPLATE_POINTS } from '../../faces/import/similarity.ts';
import type { FaceFinder } from '../face-finder.ts';

/**
 * From the pixels of a square of side 112 * scale to those of an aligned face that is turned in it, both by their
 * middles.
 */
export function turn(degrees: number, scale: number): { readonly back: Similarity; readonly side: number } {
  const side = Math.round(112 * scale);
  const a = Math.cos((degrees * Math.PI) / 180) / scale;
  const b = Math.sin((degrees * Math.PI) / 180) / scale;
  const middle = (side - 1) / 2;
  return { back: { a, b, tx: 55.5 - (a - b) * middle, ty: 55.5 - (b + a) * middle }, side };
}

/** Pixels, RGB [side, side, 3], as a picture. */
export function picture(pixels: Uint8Array, side: number): Picture {
  return { width: side, height: side, channels: 3, pixels };
}

/**
 * Mean distance, in the template, of the five points once the found face is aligned; undefined where none was found.
 */
export async function errorOf(
  finder: FaceFinder,
  face: Picture,
  degrees: number,
  scale: number,
): Promise<number | undefined> {
  const { back, side } = turn(degrees, scale);
  const [found] = await finder.find(picture(warpSquare(face, back, side), side));
  const there = inverseOf(back);
  const aligned = found && similarityBetween(found.points, TEMPLATE_POINTS);
  if (aligned === undefined || there === undefined) return undefined;
  const move = (x: number, y: number, by: Similarity) =>
    [by.a * x - by.b * y + by.tx, by.b * x + by.a * y + by.ty] as const;
  let sum = 0;
  for (let point = 0; point < 5; point++) {
    const [x, y] = [TEMPLATE_POINTS[2 * point] ?? 0, TEMPLATE_POINTS[2 * point + 1] ?? 0];
    const [u, v] = move(...move(x, y, there), aligned);
    sum += Math.hypot(u - x, v - y) / 5;
  }
  return sum;
}

/** The value below which a share of the values lies. */
export const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
