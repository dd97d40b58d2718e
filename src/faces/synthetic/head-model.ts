import { earMesh } from './ear.ts';
import { MOVEMENTS, type Movement, type MovementTable, type MovementWeights, movementTable } from './expression.ts';
import { COLUMNS, HEAD_GRID, LIP_ROW, ROWS, VERTICES } from './head-grid.ts';
import { type FeaturePlaces, headShape } from './head-shape.ts';
import type { Identity } from './identity.ts';
import { LIGHT_CHANNELS } from './lighting.ts';
import { type Mesh, meshNormals } from './mesh.ts';
import { mapU, mapV, paintSkin } from './skin-map.ts';

/** A point on the head: three vertices and their weights. */
interface Anchor {
  readonly vertices: readonly [number, number, number];
  readonly weights: readonly [number, number, number];
}

const MAP_COORDINATES = (() => {
  const coordinates = new Float32Array(VERTICES * 2);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      coordinates[(row * COLUMNS + column) * 2] = mapU(column);
      coordinates[(row * COLUMNS + column) * 2 + 1] = mapV(row);
    }
  }
  return coordinates;
})();

/** Everything about one person that photos share: shape, movements and painted skin. */
export class HeadModel {
  readonly identity: Identity;
  readonly places: FeaturePlaces;
  readonly rest: Float32Array;
  readonly skinMap: Float32Array;
  readonly eyeZ: number;
  readonly ears: readonly Mesh[];
  /** Part of the skin map that holds both eyes, in texels. */
  readonly eyeBox: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  /** Scratch for the photo being drawn: [VERTICES, 3], [VERTICES, LIGHT_CHANNELS]. */
  readonly projected: Float32Array;
  readonly lit: Float32Array;
  private readonly movements: MovementTable;
  private readonly anchors: readonly Anchor[];
  private readonly posed: Float32Array;
  private readonly normals: Float32Array;

  /** Takes over the buffers of `former`, which must not be used afterwards. */
  constructor(identity: Identity, former?: HeadModel) {
    this.identity = identity;
    const shape = headShape(identity, former?.rest);
    this.places = shape.places;
    this.rest = shape.rest;
    this.movements = movementTable(shape, former?.movements);
    this.ears = [earMesh(identity, 1), earMesh(identity, -1)];
    this.skinMap = paintSkin(identity, shape, former?.skinMap);
    this.projected = former?.projected ?? new Float32Array(VERTICES * 3);
    this.lit = former?.lit ?? new Float32Array(VERTICES * LIGHT_CHANNELS);
    this.posed = former?.posed ?? new Float32Array(VERTICES * 3);
    this.normals = former?.normals ?? new Float32Array(VERTICES * 3);
    const { eyeX, eyeY, noseTipX, noseTipY, mouthHalfWidth, mouthY } = this.places;
    this.anchors = [
      anchorAt(this.rest, -eyeX, eyeY),
      anchorAt(this.rest, eyeX, eyeY),
      anchorAt(this.rest, noseTipX, noseTipY),
      anchorAt(this.rest, -mouthHalfWidth, mouthY),
      anchorAt(this.rest, mouthHalfWidth, mouthY),
    ];
    this.eyeBox = eyeBox(this.rest, eyeX, eyeY);
    this.eyeZ = anchored(this.rest, this.anchors[1], 2);
  }

  /** The head with its movements, as a mesh that the next call overwrites. */
  pose(weights: MovementWeights): Mesh {
    const { posed, rest } = this;
    posed.set(rest);
    for (const movement of MOVEMENTS) add(posed, this.movements[movement], weights[movement]);
    closeLips(posed);
    return {
      material: 'skin',
      positions: posed,
      normals: meshNormals(posed, HEAD_GRID.triangles, this.normals),
      triangles: HEAD_GRID.triangles,
      coordinates: MAP_COORDINATES,
      colour: [0, 0, 0],
      oneSided: true,
      turns: true,
    };
  }

  /** x, y of the five landmarks on projected vertices [VERTICES, 3]. */
  landmarks(projected: Float32Array): number[] {
    return this.anchors.flatMap((anchor) => [anchored(projected, anchor, 0), anchored(projected, anchor, 1)]);
  }

  /** How far each vertex goes with a movement at weight 1: [VERTICES, 3]. */
  movement(name: Movement): Float32Array {
    return this.movements[name];
  }
}

function eyeBox(rest: Float32Array, eyeX: number, eyeY: number): HeadModel['eyeBox'] {
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  let top = Number.POSITIVE_INFINITY;
  let bottom = 0;
  for (let vertex = 0; vertex < VERTICES; vertex++) {
    const x = Math.abs(rest[vertex * 3] ?? 0);
    const y = rest[vertex * 3 + 1] ?? 0;
    const z = rest[vertex * 3 + 2] ?? 0;
    if (z < 10 || x > eyeX + 13 || y < eyeY - 10 || y > eyeY + 8) continue;
    const u = MAP_COORDINATES[vertex * 2] ?? 0;
    const v = MAP_COORDINATES[vertex * 2 + 1] ?? 0;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  return { left, right, top, bottom };
}

function add(posed: Float32Array, table: Float32Array, weight: number): void {
  if (weight === 0) return;
  for (let at = 0; at < posed.length; at++) posed[at] = (posed[at] ?? 0) + weight * (table[at] ?? 0);
}

/** The lower lip never rises through the upper one. */
function closeLips(posed: Float32Array): void {
  const upper = LIP_ROW * COLUMNS * 3;
  const lower = upper + COLUMNS * 3;
  for (let at = 1; at < COLUMNS * 3; at += 3) {
    const y = posed[upper + at] ?? 0;
    if ((posed[lower + at] ?? 0) < y) posed[lower + at] = y;
  }
}

function anchored(points: Float32Array, anchor: Anchor | undefined, axis: number): number {
  if (anchor === undefined) return 0;
  const [a, b, c] = anchor.vertices;
  return (
    anchor.weights[0] * (points[a * 3 + axis] ?? 0) +
    anchor.weights[1] * (points[b * 3 + axis] ?? 0) +
    anchor.weights[2] * (points[c * 3 + axis] ?? 0)
  );
}

/** The point of the front of the head that lies at x, y; the nearest vertex where there is none. */
function anchorAt(rest: Float32Array, x: number, y: number): Anchor {
  const { triangles } = HEAD_GRID;
  let best = -1e30;
  let found: Anchor | undefined;
  for (let corner = 0; corner < triangles.length; corner += 3) {
    const a = triangles[corner] ?? 0;
    const b = triangles[corner + 1] ?? 0;
    const c = triangles[corner + 2] ?? 0;
    const ax = rest[a * 3] ?? 0;
    const ay = rest[a * 3 + 1] ?? 0;
    const bx = rest[b * 3] ?? 0;
    const by = rest[b * 3 + 1] ?? 0;
    const cx = rest[c * 3] ?? 0;
    const cy = rest[c * 3 + 1] ?? 0;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area <= 1e-6) continue;
    const wa = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area;
    const wb = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area;
    const wc = 1 - wa - wb;
    const inside = Math.min(wa, wb, wc, 0);
    // Prefers triangles that hold the point, and of several the nearest to the viewer.
    const score = inside * 1000 + (rest[a * 3 + 2] ?? 0);
    if (score > best) {
      best = score;
      found = { vertices: [a, b, c], weights: [wa, wb, wc] };
    }
  }
  if (found === undefined) throw new Error('The head has no front.');
  return found;
}
