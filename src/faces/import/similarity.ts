/** Left eye, right eye, nose, left and right corner of the mouth: x, y of each. */
export type FivePoints = readonly [number, number, number, number, number, number, number, number, number, number];

/** The five points of an aligned 112 × 112 face (InsightFace, face_align.py). */
export const TEMPLATE_POINTS: FivePoints = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
];

/** A turn, an even scale and a move: (x, y) -> (a x - b y + tx, b x + a y + ty). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/**
 * The similarity that brings points closest to others in the least-squares sense, as Umeyama's (1991) with scale in two
 * dimensions, which scikit-image's SimilarityTransform.estimate computes. In the plane a turn with a scale is one complex
 * factor, and the best one is a quotient of two sums. Both lists hold x, y, x, y, ...
 *
 * Undefined where all of `from` is one point.
 */
export function similarityBetween(from: ArrayLike<number>, to: ArrayLike<number>): Similarity | undefined {
  const count = from.length / 2;
  const [fx, fy] = centreOf(from, count);
  const [gx, gy] = centreOf(to, count);
  let along = 0;
  let across = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    const x = (from[2 * i] ?? 0) - fx;
    const y = (from[2 * i + 1] ?? 0) - fy;
    const u = (to[2 * i] ?? 0) - gx;
    const v = (to[2 * i + 1] ?? 0) - gy;
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  if (!(spread > 0)) return undefined;
  const a = along / spread;
  const b = across / spread;
  return { a, b, tx: gx - (a * fx - b * fy), ty: gy - (b * fx + a * fy) };
}

/** The way back; undefined where everything was brought to one point. */
export function inverseOf({ a, b, tx, ty }: Similarity): Similarity | undefined {
  const square = a * a + b * b;
  if (!(square > 0)) return undefined;
  const [c, d] = [a / square, -b / square];
  return { a: c, b: d, tx: -(c * tx - d * ty), ty: -(d * tx + c * ty) };
}

function centreOf(points: ArrayLike<number>, count: number): readonly [number, number] {
  let x = 0;
  let y = 0;
  for (let i = 0; i < count; i++) {
    x += points[2 * i] ?? 0;
    y += points[2 * i + 1] ?? 0;
  }
  return [x / count, y / count];
}
