import { FACE_CHANNELS, FACE_REGIONS } from '../face-set.ts';
import type { Picture } from './resample.ts';
import { inverseOf, type Similarity, similarityBetween, TEMPLATE_POINTS } from './similarity.ts';

/**
 * Brings a face to the ArcFace template by its five points, RGB [112, 112, 3], as IJB-B and IJB-C are aligned
 * (eval_ijbc.py): similarity transform, bilinear between pixel centres, black beyond the picture, as cv2.warpAffine with
 * borderValue 0; that works with weights in steps of 1/32, this with exact ones.
 *
 * `points` are x, y of left eye, right eye, nose, left and right corner of the mouth, in the picture's pixels.
 * Undefined where they are all one point.
 */
export function alignFace(picture: Picture, points: ArrayLike<number>): Uint8Array<ArrayBuffer> | undefined {
  const forward = similarityBetween(points, TEMPLATE_POINTS);
  const back = forward && inverseOf(forward);
  return back && warpSquare(picture, back, FACE_REGIONS.full.size);
}

/**
 * A square of `size` pixels whose pixel (x, y) shows the place `back` (x, y) of the picture: bilinear between pixel
 * centres, black beyond the picture. RGB [size, size, 3].
 */
export function warpSquare(picture: Picture, back: Similarity, size: number): Uint8Array<ArrayBuffer> {
  const aligned = new Uint8Array(size * size * FACE_CHANNELS);
  const { width, height, channels, pixels } = picture;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const fromX = back.a * x - back.b * y + back.tx;
      const fromY = back.b * x + back.a * y + back.ty;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      if (left < -1 || top < -1 || left >= width || top >= height) continue;
      const right = fromX - left;
      const down = fromY - top;
      const to = (y * size + x) * FACE_CHANNELS;
      for (let channel = 0; channel < FACE_CHANNELS; channel++) {
        let sum = 0;
        for (let corner = 0; corner < 4; corner++) {
          const column = left + (corner & 1);
          const row = top + (corner >> 1);
          if (column < 0 || row < 0 || column >= width || row >= height) continue;
          const weight = ((corner & 1) === 1 ? right : 1 - right) * (corner >> 1 === 1 ? down : 1 - down);
          sum += weight * (pixels[(row * width + column) * channels + channel] ?? 0);
        }
        aligned[to + channel] = sum + 0.5;
      }
    }
  }
  return aligned;
}
