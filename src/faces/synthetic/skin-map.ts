import { complexionPainter } from './complexion.ts';
import { creasePainter } from './creases.ts';
import { clamp } from './elementary.ts';
import { facialHairPainter } from './facial-hair.ts';
import { COLUMNS, LIP_ROW, ROWS } from './head-grid.ts';
import type { HeadShape } from './head-shape.ts';
import type { Identity } from './identity.ts';

/** Texels between two columns and between two rows of the head's grid. */
const PER_COLUMN = 3;
const PER_ROW = 2;
/** Columns at either end, behind the ears, that have no skin of their own. */
const HIDDEN_COLUMNS = 6;

export const MAP_WIDTH = (COLUMNS - 1 - 2 * HIDDEN_COLUMNS) * PER_COLUMN + 1;
export const MAP_HEIGHT = (ROWS - 1) * PER_ROW + 1;
/** Linear red, green, blue; then shares of eyebrow, beard and scalp hair, and of wrinkle, 0 to 1. */
export const MAP_CHANNELS = 7;

/** Texel coordinates of a grid column and row. */
export function mapU(column: number): number {
  return clamp((column - HIDDEN_COLUMNS) * PER_COLUMN, 0, MAP_WIDTH - 1);
}
export function mapV(row: number): number {
  return row * PER_ROW;
}
/** Texel rows between which the mouth opens. */
export const LIP_V = LIP_ROW * PER_ROW;

/** Paints the skin: [MAP_HEIGHT, MAP_WIDTH, MAP_CHANNELS]. */
export function paintSkin(
  identity: Identity,
  head: HeadShape,
  map: Float32Array = new Float32Array(MAP_HEIGHT * MAP_WIDTH * MAP_CHANNELS),
): Float32Array {
  const { rest } = head;
  const painters = [complexionPainter(identity, head), facialHairPainter(identity, head), creasePainter(head)];
  for (let v = 0; v < MAP_HEIGHT; v++) {
    const row = Math.min(ROWS - 2, Math.floor(v / PER_ROW));
    const fv = v / PER_ROW - row;
    for (let u = 0; u < MAP_WIDTH; u++) {
      const column = Math.min(COLUMNS - 2, Math.floor(u / PER_COLUMN) + HIDDEN_COLUMNS);
      const fu = u / PER_COLUMN + HIDDEN_COLUMNS - column;
      const a = (row * COLUMNS + column) * 3;
      const b = a + COLUMNS * 3;
      const wa = (1 - fu) * (1 - fv);
      const wb = fu * (1 - fv);
      const wc = (1 - fu) * fv;
      const wd = fu * fv;
      const x = wa * (rest[a] ?? 0) + wb * (rest[a + 3] ?? 0) + wc * (rest[b] ?? 0) + wd * (rest[b + 3] ?? 0);
      const y = wa * (rest[a + 1] ?? 0) + wb * (rest[a + 4] ?? 0) + wc * (rest[b + 1] ?? 0) + wd * (rest[b + 4] ?? 0);
      const z = wa * (rest[a + 2] ?? 0) + wb * (rest[a + 5] ?? 0) + wc * (rest[b + 2] ?? 0) + wd * (rest[b + 5] ?? 0);
      for (const painter of painters) painter(x, y, z, map, (v * MAP_WIDTH + u) * MAP_CHANNELS);
    }
  }
  return map;
}

/** Writes its channels for the skin at x, y, z of the head at rest into `map` from index `at`. */
export type Painter = (x: number, y: number, z: number, map: Float32Array, at: number) => void;
