import { cosine, curve, sine } from './elementary.ts';
import { gridTriangles } from './head-grid.ts';
import { type Material, type Mesh, meshNormals } from './mesh.ts';
import type { Colour } from './nuisance.ts';

const SHELL_ROWS = 26;
const SHELL_COLUMNS = 49;
const SHELL_TRIANGLES = gridTriangles(SHELL_ROWS, SHELL_COLUMNS);
const COUNT = SHELL_ROWS * SHELL_COLUMNS;

const HALF_WIDTH = curve([
  [-16, 0.3],
  [-14.5, 12],
  [-11, 22],
  [-5, 31],
  [2, 37],
  [10, 40.5],
  [18, 42],
  [40, 42],
]);
const FRONT = curve([
  [-16, 0.3],
  [-14.5, 14],
  [-11, 25],
  [-5, 35],
  [2, 43],
  [10, 48.5],
  [18, 51.5],
  [30, 53],
  [40, 52],
]);
const BACK = curve([
  [-16, 0.3],
  [-11, 28],
  [-5, 40],
  [2, 49],
  [18, 56],
  [40, 57],
]);

const ANGLES = Float64Array.from({ length: SHELL_COLUMNS }, (_, column) => {
  const s = (2 * column) / (SHELL_COLUMNS - 1) - 1;
  return Math.PI * s;
});
const SINES = Float64Array.from(ANGLES, sine);
const COSINES = Float64Array.from(ANGLES, cosine);

/** Things on the skull: hair, a hat, a head scarf. */
export interface Shell {
  readonly material: Material;
  readonly colour: Colour;
  readonly skullScale: number;
  /** Height of its lower edge. */
  readonly bottom: number;
  /** Thickness over the skull at an angle (0 in front) and a height. */
  readonly thickness: (angle: number, y: number) => number;
  /** The surface ends where this falls below 0. */
  readonly cover: (angle: number, y: number) => number;
}

/** The arrays of a shell, for one that is built again and again. */
export interface ShellMemory {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly coordinates: Float32Array;
  readonly cover: Float32Array;
}

export function shellMemory(): ShellMemory {
  return {
    positions: new Float32Array(COUNT * 3),
    normals: new Float32Array(COUNT * 3),
    coordinates: new Float32Array(COUNT * 2),
    cover: new Float32Array(COUNT),
  };
}

/** Builds a shell: it follows the skull down to the brows and hangs straight from there. */
export function shellMesh(shell: Shell, memory: ShellMemory = shellMemory()): Mesh {
  const { positions, normals, coordinates, cover } = memory;
  for (let row = 0; row < SHELL_ROWS; row++) {
    const t = row / (SHELL_ROWS - 1);
    // Rows lie denser at the crown, where the shell curves most.
    const y = -16 + (shell.bottom + 16) * t * (0.35 + 0.65 * t);
    const skullY = Math.min(y, 40);
    const width = HALF_WIDTH(skullY) * shell.skullScale;
    const front = FRONT(skullY);
    const back = BACK(skullY);
    for (let column = 0; column < SHELL_COLUMNS; column++) {
      const s = SINES[column] ?? 0;
      const c = COSINES[column] ?? 0;
      const angle = ANGLES[column] ?? 0;
      const thick = shell.thickness(angle, y);
      const vertex = row * SHELL_COLUMNS + column;
      const grow = 1 + thick / 48;
      positions[vertex * 3] = width * s * grow;
      positions[vertex * 3 + 1] = y < 30 ? 30 + (y - 30) * grow : y;
      positions[vertex * 3 + 2] = (c >= 0 ? front : back) * c * grow;
      cover[vertex] = shell.cover(angle, y);
      coordinates[vertex * 2] = angle * 22;
      coordinates[vertex * 2 + 1] = y;
    }
  }
  return {
    material: shell.material,
    positions,
    normals: meshNormals(positions, SHELL_TRIANGLES, normals),
    triangles: SHELL_TRIANGLES,
    coordinates,
    colour: shell.colour,
    oneSided: false,
    cover,
    turns: true,
  };
}
