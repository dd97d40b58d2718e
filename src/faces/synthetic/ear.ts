import { hill2 } from './elementary.ts';
import { gridTriangles } from './head-grid.ts';
import type { Identity } from './identity.ts';
import { type Mesh, meshNormals } from './mesh.ts';

const ROWS = 13;
const COLUMNS = 9;
const TRIANGLES = gridTriangles(ROWS, COLUMNS);

/** An ear; `side` is 1 for the right of the image, -1 for the left. The first coordinate is its shade, 0 to 1. */
export function earMesh(identity: Identity, side: 1 | -1): Mesh {
  const { shape } = identity;
  const positions = new Float32Array(ROWS * COLUMNS * 3);
  const coordinates = new Float32Array(ROWS * COLUMNS * 2);
  const size = 1 + shape.earSize * 0.06;
  const root = 38.4 * (1 + shape.faceWidth * 0.03);
  const out = 0.42 + shape.earOut * 0.12;
  for (let row = 0; row < ROWS; row++) {
    // v from the top of the ear, -1, to the lobe, 1; u from the cheek, 0, to the rim, 1.
    const v = (2 * row) / (ROWS - 1) - 1;
    const depth = Math.sqrt(Math.max(0, 1 - v * v)) * (v > 0.3 ? 1 - 0.4 * (v - 0.3) : 1);
    for (let column = 0; column < COLUMNS; column++) {
      const u = column / (COLUMNS - 1);
      const at = row * COLUMNS + column;
      const back = u * depth * 17 * size;
      const rim = u > 0.8 ? 1.2 : 0;
      const hollow = hill2(u - 0.5, v + 0.05, 0.25, 0.4);
      positions[at * 3] = side * (root + out * back + rim - hollow * 2.5 + 0.5);
      positions[at * 3 + 1] = 62 + v * 17 * size - back * 0.15;
      positions[at * 3 + 2] = 4 - back * (1 - 0.3 * out) - v * 1.5;
      coordinates[at * 2] = 1 - 0.45 * hollow - (u < 0.15 ? 0.15 : 0);
    }
  }
  return {
    material: 'ear',
    positions,
    normals: meshNormals(positions, TRIANGLES, new Float32Array(positions.length)),
    triangles: TRIANGLES,
    coordinates,
    colour: [0, 0, 0],
    oneSided: false,
    turns: true,
  };
}
