import { cosine, sine, smoothstep } from './elementary.ts';
import { gridTriangles } from './head-grid.ts';
import type { FeaturePlaces } from './head-shape.ts';
import { type Material, type Mesh, meshNormals } from './mesh.ts';
import type { Colour, Nuisance } from './nuisance.ts';
import { shellMesh } from './shell.ts';

/** Clothes and objects of a person in one photo; `skin` is the colour of a hand, `eyeZ` the depth of the eyes. */
export function wardrobe(nuisance: Nuisance, places: FeaturePlaces, eyeZ: number, skin: Colour): Mesh[] {
  const meshes: Mesh[] = [{ ...TORSO, colour: nuisance.clothesColour }];
  meshes.push(...hat(nuisance), ...glasses(nuisance, places, eyeZ), ...occluder(nuisance, places, skin));
  return meshes;
}

const TORSO = ellipsoid([0, 168, -14], [92, 44, 38], [0, 0, 0], { turns: false, material: 'matte' });

function hat(nuisance: Nuisance): Mesh[] {
  const { hatColour: colour, hatHeight: height } = nuisance;
  switch (nuisance.hat) {
    case 'none':
      return [];
    case 'beanie':
      return [
        shellMesh({
          material: 'matte',
          colour,
          skullScale: 1.02,
          bottom: 60,
          thickness: () => 7,
          cover: (angle, y) => height + 14 * smoothstep(0.7, 1.6, Math.abs(angle)) - y,
        }),
      ];
    case 'scarf':
      return [
        shellMesh({
          material: 'matte',
          colour,
          skullScale: 1.02,
          bottom: 170,
          thickness: (_, y) => 7 + 6 * smoothstep(40, 110, y),
          cover: (angle, y) =>
            Math.max(height - 6 - y, (Math.abs(angle) - 1.02 + 0.35 * smoothstep(96, 125, y)) * 30, y - 122),
        }),
      ];
    case 'cap':
      return [
        shellMesh({
          material: 'matte',
          colour,
          skullScale: 1.02,
          bottom: 60,
          thickness: () => 7,
          cover: (angle, y) => height - 4 + 12 * smoothstep(0.9, 1.6, Math.abs(angle)) - y,
        }),
        visor(colour, height - 5),
      ];
  }
}

function visor(colour: Colour, height: number): Mesh {
  const rows = 5;
  const columns = 15;
  const positions = new Float32Array(rows * columns * 3);
  for (let row = 0; row < rows; row++) {
    const out = row / (rows - 1);
    for (let column = 0; column < columns; column++) {
      const angle = ((column / (columns - 1)) * 2 - 1) * 1.15;
      const at = (row * columns + column) * 3;
      const c = cosine(angle);
      positions[at] = 45 * sine(angle);
      positions[at + 1] = height + 6 * out * c + 5 * (1 - c);
      positions[at + 2] = 57 * c + out * 28 * c * c;
    }
  }
  return solid(positions, gridTriangles(rows, columns), colour, 'matte');
}

function glasses(nuisance: Nuisance, places: FeaturePlaces, eyeZ: number): Mesh[] {
  if (nuisance.glasses === 'none') return [];
  const [halfWidth, halfHeight, rim] = nuisance.lens;
  const { glassesColour: colour } = nuisance;
  const centreX = Math.max(places.eyeX + 0.8, halfWidth + 3.2);
  const centreY = places.eyeY + 1.5;
  const z = eyeZ + 6;
  const bend = (x: number) => z - 0.006 * x * x;
  const meshes: Mesh[] = [];
  const segments = 20;
  for (const side of [-1, 1] as const) {
    const ring = new Float32Array(2 * (segments + 1) * 3);
    const lens = new Float32Array(2 * (segments + 1) * 3);
    for (let segment = 0; segment <= segments; segment++) {
      const angle = (segment / segments) * 2 * Math.PI;
      // Between a circle and a square.
      const c = cosine(angle);
      const s = sine(angle);
      const square = 1 / Math.sqrt(Math.sqrt(c * c * c * c + s * s * s * s));
      for (const [row, grow] of [
        [0, 0],
        [1, rim],
      ] as const) {
        const at = (row * (segments + 1) + segment) * 3;
        const x = side * centreX + c * square * (halfWidth + grow);
        ring[at] = x;
        ring[at + 1] = centreY + s * square * (halfHeight + grow);
        ring[at + 2] = bend(x) + 0.6;
        const inner = row === 0 ? 0 : 1;
        const lx = side * centreX + c * square * halfWidth * inner;
        lens[at] = lx;
        lens[at + 1] = centreY + s * square * halfHeight * inner;
        lens[at + 2] = bend(lx) + 0.3;
      }
    }
    const triangles = gridTriangles(2, segments + 1);
    meshes.push(solid(ring, triangles, colour, 'matte'));
    if (nuisance.glasses === 'dark') meshes.push(solid(lens, triangles, [0.06, 0.06, 0.07], 'dark'));
    const outer = centreX + halfWidth + rim;
    meshes.push(
      strip(
        [
          [side * outer, centreY - 2.5, bend(outer)],
          [side * 43, centreY - 1.5, 2],
        ],
        rim + 0.6,
        colour,
      ),
    );
  }
  const inner = centreX - halfWidth;
  meshes.push(
    strip(
      [
        [-inner, centreY - 2.5, z + 0.4],
        [0, centreY - 3.5, z + 0.8],
        [inner, centreY - 2.5, z + 0.4],
      ],
      rim + 0.3,
      colour,
    ),
  );
  return meshes;
}

type Point = readonly [number, number, number];

/** A band of a height along points. */
function strip(points: readonly Point[], height: number, colour: Colour): Mesh {
  const count = points.length;
  const positions = new Float32Array(count * 6);
  points.forEach(([x, y, z], index) => {
    positions.set([x, y - height / 2, z], index * 3);
    positions.set([x, y + height / 2, z], (count + index) * 3);
  });
  return solid(positions, gridTriangles(2, count), colour, 'matte');
}

function occluder(nuisance: Nuisance, places: FeaturePlaces, skin: Colour): Mesh[] {
  const { occluderX: at, occluderY: up, occluderColour: colour } = nuisance;
  switch (nuisance.occluder) {
    case 'none':
      return [];
    case 'microphone': {
      const x = at * 16;
      const y = places.chinY - 8 + up * 14;
      return [
        ellipsoid([x, y, 82], [7.5, 8, 7.5], [0.12, 0.12, 0.13], { turns: false, material: 'matte' }),
        strip2([x, y + 6, 82], [x + at * 30, y + 60, 90], 7, colour),
      ];
    }
    case 'mask':
      return [
        ellipsoid(
          [0, (places.noseBaseY + places.chinY) / 2 + 1, 36],
          [36, 25, 37],
          up > 0.5 ? [0.75, 0.85, 0.92] : colour,
          {
            turns: true,
            material: 'matte',
          },
        ),
      ];
    case 'hand': {
      const x = at > 0 ? 20 + at * 12 : -20 + at * 12;
      const y = places.chinY - 4 - up * 26;
      const lean = at > 0 ? 1 : -1;
      return [
        ellipsoid([x + lean * 14, y + 18, 52], [14, 18, 9], skin, { turns: false, material: 'matte' }),
        ...[0, 1, 2, 3].map((finger) =>
          ellipsoid(
            [x + lean * finger * 7 - lean * 2, y - 6 - (finger === 1 || finger === 2 ? 5 : 0), 58 - finger * 4],
            [3.6, 17, 4.5],
            skin,
            {
              turns: false,
              material: 'matte',
            },
          ),
        ),
      ];
    }
  }
}

/** A straight bar between two points. */
function strip2(from: Point, to: Point, width: number, colour: Colour): Mesh {
  const positions = Float32Array.from([
    from[0] - width / 2,
    from[1],
    from[2],
    from[0] + width / 2,
    from[1],
    from[2],
    to[0] - width / 2,
    to[1],
    to[2],
    to[0] + width / 2,
    to[1],
    to[2],
  ]);
  return { ...solid(positions, gridTriangles(2, 2), colour, 'matte'), turns: false };
}

function ellipsoid(
  centre: Point,
  radii: Point,
  colour: Colour,
  options: { readonly turns: boolean; readonly material: Material },
): Mesh {
  const rows = 11;
  const columns = 17;
  const positions = new Float32Array(rows * columns * 3);
  for (let row = 0; row < rows; row++) {
    const polar = (row / (rows - 1)) * Math.PI;
    for (let column = 0; column < columns; column++) {
      const around = ((column / (columns - 1)) * 2 - 1) * Math.PI;
      const at = (row * columns + column) * 3;
      positions[at] = centre[0] + radii[0] * sine(polar) * sine(around);
      positions[at + 1] = centre[1] - radii[1] * cosine(polar);
      positions[at + 2] = centre[2] + radii[2] * sine(polar) * cosine(around);
    }
  }
  return { ...solid(positions, gridTriangles(rows, columns), colour, options.material), turns: options.turns };
}

function solid(positions: Float32Array, triangles: Uint16Array, colour: Colour, material: Material): Mesh {
  return {
    material,
    positions,
    normals: meshNormals(positions, triangles, new Float32Array(positions.length)),
    triangles,
    coordinates: new Float32Array((positions.length / 3) * 2).fill(1),
    colour,
    oneSided: false,
    turns: true,
  };
}
