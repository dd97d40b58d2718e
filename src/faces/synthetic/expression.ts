import { clamp, hill2, smoothstep } from './elementary.ts';
import { COLUMNS, LIP_ROW, VERTICES } from './head-grid.ts';
import type { HeadShape } from './head-shape.ts';

/** The movements of a face; weights are 0 at rest and about 1 at full strength. */
export const MOVEMENTS = ['smile', 'jawOpen', 'browRaise', 'frown', 'pucker', 'sag', 'weight'] as const;
export type Movement = (typeof MOVEMENTS)[number];
export type MovementWeights = Readonly<Record<Movement, number>>;

/** How far each movement carries each vertex at weight 1: [VERTICES, 3] by movement. */
export type MovementTable = Readonly<Record<Movement, Float32Array>>;

/** Works out the movements of one head, in the arrays of `former` where one is given. */
export function movementTable(head: HeadShape, former?: MovementTable): MovementTable {
  const { rest, places } = head;
  const table = former ?? emptyTable();
  for (const movement of MOVEMENTS) table[movement].fill(0);
  const { mouthY, mouthHalfWidth, chinY } = places;
  for (let vertex = 0; vertex < VERTICES; vertex++) {
    const at = vertex * 3;
    const x = rest[at] ?? 0;
    const y = rest[at + 1] ?? 0;
    const z = rest[at + 2] ?? 0;
    if (z < -20) continue;
    const side = Math.abs(x);
    const right = x > 0 ? 1 : -1;
    const row = Math.floor(vertex / COLUMNS);
    const below = row > LIP_ROW;

    const corner = hill2(side - mouthHalfWidth, y - mouthY, 8, 8);
    const stretch = clamp(side / mouthHalfWidth, 0, 1) * hill2(Math.max(0, side - mouthHalfWidth), y - mouthY, 8, 8);
    const apple = hill2(side - 23, y - 74, 9, 8);
    const across = side / mouthHalfWidth;
    const slit = across < 1 ? Math.sqrt(1 - across * across) : 0;
    const parting = slit * hill2(0, y - mouthY, 1, 6) * (below ? 2.2 : -2);
    const lift = -3 * corner - 1.8 * apple + parting;
    set(table.smile, at, right * (3 * stretch + 0.8 * apple), lift, -1.2 * corner + 2.2 * apple);

    const drop = below ? slit + (1 - slit) * smoothstep(0, 13, y - mouthY) : smoothstep(0, 13, y - mouthY);
    const hinge = 1 - 0.75 * smoothstep(16, 40, side);
    const neck = 1 - smoothstep(chinY + 2, chinY + 20, y);
    set(table.jawOpen, at, -right * 1.2 * corner, 13 * drop * hinge * neck, -4 * drop * hinge * neck);

    const brow = hill2(side - 15, y - 42, 14, 5);
    const forehead = smoothstep(14, 40, y) * (1 - smoothstep(42, 50, y));
    set(table.browRaise, at, 0, -3 * brow - 1.2 * forehead * (1 - brow), 0.3 * brow);
    const knit = hill2(side - 8, y - 43, 8, 5);
    set(
      table.frown,
      at,
      -right * 1.6 * knit * smoothstep(0, 4, side),
      2.2 * knit + 1.6 * corner + 0.4 * brow,
      0.5 * hill2(x, y - 44, 4, 4),
    );
    const lips = hill2(x, y - mouthY, mouthHalfWidth + 4, 8);
    set(table.pucker, at, -x * 0.28 * lips, 0, 2.4 * lips);

    const jowl = hill2(side - 25, y - 97, 9, 9);
    const pouch = hill2(side - 17, y - 60, 8, 4);
    set(table.sag, at, right * 1.3 * jowl, 2.2 * jowl + 0.8 * pouch + 0.9 * brow + 0.7 * corner, jowl + 0.9 * pouch);
    const round = hill2(side - 27, y - 84, 14, 18);
    set(table.weight, at, right * 2.2 * round, 0, 2 * round + 1.5 * hill2(x, y - chinY - 3, 18, 6));
  }
  return table;
}

function emptyTable(): MovementTable {
  return {
    smile: new Float32Array(VERTICES * 3),
    jawOpen: new Float32Array(VERTICES * 3),
    browRaise: new Float32Array(VERTICES * 3),
    frown: new Float32Array(VERTICES * 3),
    pucker: new Float32Array(VERTICES * 3),
    sag: new Float32Array(VERTICES * 3),
    weight: new Float32Array(VERTICES * 3),
  };
}

function set(table: Float32Array, at: number, dx: number, dy: number, dz: number): void {
  table[at] = dx;
  table[at + 1] = dy;
  table[at + 2] = dz;
}
