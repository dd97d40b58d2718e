import { FACE_REGIONS } from '../faces/face-set.ts';
import { type Picture, resampleSquare } from '../faces/import/resample.ts';
import type { FivePoints } from '../faces/import/similarity.ts';

/** A face in its photo, upright as the photo is. */
export interface FaceView {
  /** RGB [size, size, 3]. */
  readonly size: number;
  readonly images: Uint8Array<ArrayBuffer>;
  /** The five points, in shares of its width. */
  readonly points: FivePoints;
}

/** Width of a view, in widths of the aligned face. */
const ROOM = 1.7;

/**
 * The square of a photo around a face, as far as the photo reaches, at `size` pixels. `points` are in the photo's pixels,
 * whose middles have whole numbers; `scaled` is how many times the face was scaled to fit the template.
 */
export function viewAround(picture: Picture, points: FivePoints, scaled: number, size: number): FaceView {
  const side = Math.min((ROOM * FACE_REGIONS.full.size) / scaled, picture.width, picture.height);
  const start = (axis: 0 | 1, length: number) => {
    const middle = points.reduce((sum, value, at) => (at % 2 === axis ? sum + value / 5 : sum), 0.5);
    return Math.max(0, Math.min(length - side, middle - side / 2));
  };
  const [left, top] = [start(0, picture.width), start(1, picture.height)];
  const [a, b, c, d, e, f, g, h, i, j] = points;
  const x = (value: number) => (value + 0.5 - left) / side;
  const y = (value: number) => (value + 0.5 - top) / side;
  return {
    size,
    images: resampleSquare(picture, { left, top, size: side }, size),
    points: [x(a), y(b), x(c), y(d), x(e), y(f), x(g), y(h), x(i), y(j)],
  };
}
