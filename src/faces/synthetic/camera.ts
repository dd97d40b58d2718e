import { cosine, sine } from './elementary.ts';
import type { Nuisance } from './nuisance.ts';

/** Landmarks of the ArcFace 112 template: left eye, right eye, nose tip, left and right corner of the mouth. */
export const TEMPLATE_LANDMARKS: readonly number[] = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
];

/** Height of the point the head turns about. */
const PIVOT_Y = 74;

/** Row-major 3 × 3: turns head coordinates into camera coordinates (same axes). */
export function headRotation(nuisance: Pick<Nuisance, 'yaw' | 'pitch' | 'roll'>): Float64Array {
  const cy = cosine(nuisance.yaw);
  const sy = sine(nuisance.yaw);
  const cp = cosine(nuisance.pitch);
  const sp = sine(nuisance.pitch);
  const cr = cosine(nuisance.roll);
  const sr = sine(nuisance.roll);
  // Yaw about y first, then pitch about x, then roll about z.
  const yawed = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const pitched = multiply([1, 0, 0, 0, cp, sp, 0, -sp, cp], yawed);
  return Float64Array.from(multiply([cr, -sr, 0, sr, cr, 0, 0, 0, 1], pitched));
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, index) => {
    const row = Math.floor(index / 3) * 3;
    const column = index % 3;
    return (
      (a[row] ?? 0) * (b[column] ?? 0) +
      (a[row + 1] ?? 0) * (b[column + 3] ?? 0) +
      (a[row + 2] ?? 0) * (b[column + 6] ?? 0)
    );
  });
}

/**
 * Projects [n, 3] head coordinates: x and y before the alignment, z the nearness (larger is nearer),
 * for a camera `distance` in front of the pivot.
 */
export function project(
  positions: Float32Array,
  rotation: Float64Array,
  distance: number,
  projected: Float32Array,
): Float32Array {
  const r0 = rotation[0] ?? 0;
  const r1 = rotation[1] ?? 0;
  const r2 = rotation[2] ?? 0;
  const r3 = rotation[3] ?? 0;
  const r4 = rotation[4] ?? 0;
  const r5 = rotation[5] ?? 0;
  const r6 = rotation[6] ?? 0;
  const r7 = rotation[7] ?? 0;
  const r8 = rotation[8] ?? 0;
  for (let at = 0; at < positions.length; at += 3) {
    const x = positions[at] ?? 0;
    const y = (positions[at + 1] ?? 0) - PIVOT_Y;
    const z = positions[at + 2] ?? 0;
    const depth = r6 * x + r7 * y + r8 * z;
    const scale = distance / (distance - depth);
    projected[at] = (r0 * x + r1 * y + r2 * z) * scale;
    projected[at + 1] = (r3 * x + r4 * y + r5 * z) * scale;
    projected[at + 2] = depth;
  }
  return projected;
}

/** x' = a x - b y + tx, y' = b x + a y + ty. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** The least-squares similarity without mirroring that carries points [n, 2] onto targets [n, 2] (Umeyama 1991). */
export function fitSimilarity(points: readonly number[], targets: readonly number[]): Similarity {
  const count = points.length / 2;
  let px = 0;
  let py = 0;
  let qx = 0;
  let qy = 0;
  for (let at = 0; at < points.length; at += 2) {
    px += (points[at] ?? 0) / count;
    py += (points[at + 1] ?? 0) / count;
    qx += (targets[at] ?? 0) / count;
    qy += (targets[at + 1] ?? 0) / count;
  }
  let dot = 0;
  let cross = 0;
  let square = 0;
  for (let at = 0; at < points.length; at += 2) {
    const x = (points[at] ?? 0) - px;
    const y = (points[at + 1] ?? 0) - py;
    const u = (targets[at] ?? 0) - qx;
    const v = (targets[at + 1] ?? 0) - qy;
    dot += x * u + y * v;
    cross += x * v - y * u;
    square += x * x + y * y;
  }
  const a = dot / square;
  const b = cross / square;
  return { a, b, tx: qx - a * px + b * py, ty: qy - b * px - a * py };
}
