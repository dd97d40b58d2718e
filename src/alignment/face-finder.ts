import type { GraphModel } from '@tensorflow/tfjs-converter';
import { warpSquare } from '../faces/import/align-face.ts';
import type { Picture } from '../faces/import/resample.ts';
import type { FivePoints, Similarity } from '../faces/import/similarity.ts';
import { BLAZE_SIZE, type SeenFace, seeFaces } from './blaze-face.ts';
import { MESH_SIZE, meshFace } from './face-mesh.ts';
import { type GraphFiles, openGraph } from './graph-model.ts';
import { shrunk } from './shrunk.ts';

/** A face in a picture, in its pixels. */
export interface FoundFace {
  /** Left eye, right eye, nose, left and right corner of the mouth: x, y of each. */
  readonly points: FivePoints;
  /** Middle and side of a square around it. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** How sure the detector is, 0 to 1. */
  readonly score: number;
}

/** The files of the two networks. */
export interface FinderFiles {
  readonly detector: GraphFiles;
  readonly mesh: GraphFiles;
}

/** A square window of a picture, in shares of its longer side, around the middle where nothing else is said. */
interface Window {
  readonly side: number;
  readonly x: number;
  readonly y: number;
}

/** The whole picture, then with room around it, for heads that fill it, then quarters, for small faces. */
const WINDOWS: readonly (readonly Window[])[] = [
  [{ side: 1, x: 0.5, y: 0.5 }],
  [{ side: 1.6, x: 0.5, y: 0.5 }],
  [0.3, 0.5, 0.7].flatMap((y) => [0.3, 0.5, 0.7].map((x) => ({ side: 0.6, x, y }))),
];
/**
 * The side of the mesh's view, in sides of the detector's box: the first is more exact, the second knows more faces.
 */
const MESH_ROOM = [1.5, 2];
const LEAST_MESH_SCORE = 0.5;
/** Two faces whose noses are nearer than this share of their size are one. */
const SAME_FACE = 0.4;

/** Finds faces and their five points. Own networks' engine runs it, which has to be open. */
export class FaceFinder {
  readonly #detector: GraphModel;
  readonly #mesh: GraphModel;

  private constructor(detector: GraphModel, mesh: GraphModel) {
    this.#detector = detector;
    this.#mesh = mesh;
  }

  static async open({ detector, mesh }: FinderFiles): Promise<FaceFinder> {
    return new FaceFinder(await openGraph(detector), await openGraph(mesh));
  }

  /** All faces of a picture, the largest first; none where it shows none. */
  async find(picture: Picture): Promise<readonly FoundFace[]> {
    for (const windows of WINDOWS) {
      const found: FoundFace[] = [];
      for (const window of windows) {
        for (const face of await this.#findIn(picture, window)) {
          if (!found.some((known) => areOne(known, face))) found.push(face);
        }
      }
      if (found.length > 0) return found.sort((a, b) => b.size - a.size);
    }
    return [];
  }

  dispose(): void {
    this.#detector.dispose();
    this.#mesh.dispose();
  }

  async #findIn(picture: Picture, window: Window): Promise<readonly FoundFace[]> {
    const { width, height } = picture;
    const longer = Math.max(width, height);
    const scale = (window.side * longer) / BLAZE_SIZE;
    const left = width / 2 + (window.x - 0.5) * longer - (BLAZE_SIZE * scale) / 2;
    const top = height / 2 + (window.y - 0.5) * longer - (BLAZE_SIZE * scale) / 2;
    const seen = await seeFaces(this.#detector, cut(picture, { a: scale, b: 0, tx: left, ty: top }, BLAZE_SIZE));
    const faces: FoundFace[] = [];
    for (const face of seen) {
      const found = await this.#points(picture, inPicture(face, scale, left, top));
      if (found !== undefined) faces.push(found);
    }
    return faces;
  }

  /** The points of a face that was seen; undefined where the mesh knows none there. */
  async #points(picture: Picture, seen: SeenFace): Promise<FoundFace | undefined> {
    const { x, y, size, score } = seen;
    const [leftX, leftY, rightX, rightY] = seen.eyes;
    const angle = Math.atan2(rightY - leftY, rightX - leftX);
    for (const room of MESH_ROOM) {
      const frame = frameAround(x, y, room * size, angle);
      const mesh = await meshFace(this.#mesh, cut(picture, frame, MESH_SIZE));
      if (mesh.score >= LEAST_MESH_SCORE) return { points: moveAll(mesh.points, frame), x, y, size, score };
    }
    return undefined;
  }
}

function areOne(a: FoundFace, b: FoundFace): boolean {
  const [, , , , noseX, noseY] = a.points;
  const [, , , , otherX, otherY] = b.points;
  return Math.hypot(noseX - otherX, noseY - otherY) < SAME_FACE * Math.max(a.size, b.size);
}

function inPicture({ x, y, size, score, eyes }: SeenFace, scale: number, left: number, top: number): SeenFace {
  const [a, b, c, d] = eyes;
  return {
    x: left + scale * x,
    y: top + scale * y,
    size: scale * size,
    score,
    eyes: [left + scale * a, top + scale * b, left + scale * c, top + scale * d],
  };
}

/** From the mesh's pixels to the picture's: a square of this side, turned by `angle` around its middle. */
function frameAround(x: number, y: number, side: number, angle: number): Similarity {
  const scale = side / MESH_SIZE;
  const a = scale * Math.cos(angle);
  const b = scale * Math.sin(angle);
  const half = MESH_SIZE / 2;
  return { a, b, tx: x - (a * half - b * half), ty: y - (b * half + a * half) };
}

function moveAll(points: FivePoints, by: Similarity): FivePoints {
  const [a, b, c, d, e, f, g, h, i, j] = points;
  return [...moved(a, b, by), ...moved(c, d, by), ...moved(e, f, by), ...moved(g, h, by), ...moved(i, j, by)];
}

function moved(x: number, y: number, { a, b, tx, ty }: Similarity): readonly [number, number] {
  return [a * x - b * y + tx, b * x + a * y + ty];
}

/** A square of the picture; shrunk first where one of its pixels is the mean of many. */
function cut(picture: Picture, frame: Similarity, size: number): Uint8Array<ArrayBuffer> {
  const { picture: smaller, frame: inSmaller } = shrunk(picture, frame);
  return warpSquare(smaller, inSmaller, size);
}
