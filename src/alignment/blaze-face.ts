import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Tensor, tensor4d } from '@tensorflow/tfjs-core';

/** A face that BlazeFace saw, in the pixels of its input. */
export interface SeenFace {
  readonly x: number;
  readonly y: number;
  /** The longer side of its box. */
  readonly size: number;
  /** How sure it is, 0 to 1. */
  readonly score: number;
  /** The eyes, as they lie in the picture from left to right: x, y of each. */
  readonly eyes: readonly [number, number, number, number];
}

/** Width and height of its input. */
export const BLAZE_SIZE = 256;
/** Values of a place: x, y, width and height, then six points. */
const VALUES = 16;
/** Places: a grid of 16 × 16 with two boxes each, one of 8 × 8 with six. */
const GRIDS = [
  { cells: 16, boxes: 2 },
  { cells: 8, boxes: 6 },
] as const;
const LEAST_SCORE = 0.3;
/** Boxes that share more of their area than this are one face. */
const MOST_OVERLAP = 0.3;

/**
 * Faces in a picture, RGB [256, 256, 3], the surest first.
 * BlazeFace, back model (Bazarevsky et al. 2019, arXiv:1907.05047), as @vladmandic/human has it.
 */
export async function seeFaces(model: GraphModel, picture: Uint8Array): Promise<readonly SeenFace[]> {
  const input = tensor4d(
    Float32Array.from(picture, (value) => value / 127.5 - 1),
    [1, BLAZE_SIZE, BLAZE_SIZE, 3],
  );
  const outputs = model.execute(input);
  const tensors: readonly Tensor[] = Array.isArray(outputs) ? outputs : [outputs];
  try {
    const seen: SeenFace[] = [];
    for (const { cells, boxes } of GRIDS) {
      const count = cells * cells * boxes;
      const logits = await tensors.find(({ size }) => size === count)?.data();
      const values = await tensors.find(({ size }) => size === count * VALUES)?.data();
      if (logits === undefined || values === undefined) throw new Error('The face detector has other outputs.');
      for (let place = 0; place < count; place++) {
        const score = 1 / (1 + Math.exp(-(logits[place] ?? 0)));
        if (score < LEAST_SCORE) continue;
        const cell = Math.floor(place / boxes);
        const middle = (at: number) => ((at + 0.5) * BLAZE_SIZE) / cells;
        const [left, top] = [middle(cell % cells), middle(Math.floor(cell / cells))];
        const value = (at: number) => values[place * VALUES + at] ?? 0;
        seen.push({
          x: left + value(0),
          y: top + value(1),
          size: Math.max(value(2), value(3)),
          score,
          eyes: [left + value(4), top + value(5), left + value(6), top + value(7)],
        });
      }
    }
    return distinct(seen);
  } finally {
    for (const tensor of [input, ...tensors]) tensor.dispose();
  }
}

/** Of boxes that overlap the surest. */
function distinct(seen: readonly SeenFace[]): readonly SeenFace[] {
  const kept: SeenFace[] = [];
  for (const face of [...seen].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face, other) <= MOST_OVERLAP)) kept.push(face);
  }
  return kept;
}

function overlap(a: SeenFace, b: SeenFace): number {
  const along = (p: number, q: number) =>
    Math.max(0, Math.min(p + a.size / 2, q + b.size / 2) - Math.max(p - a.size / 2, q - b.size / 2));
  const shared = along(a.x, b.x) * along(a.y, b.y);
  return shared / (a.size ** 2 + b.size ** 2 - shared);
}
