import { clamp, hill, mix, smoothstep, swell } from './elementary.ts';
import type { FeaturePlaces } from './head-shape.ts';
import type { Identity } from './identity.ts';
import type { Mesh } from './mesh.ts';
import type { Colour, Nuisance } from './nuisance.ts';
import { type ShellMemory, shellMesh } from './shell.ts';

/** Share of hair lost at this age, 0 to 1. */
export function baldnessAt(identity: Identity, age: number): number {
  return clamp(identity.baldness * smoothstep(22, 60, age) * 1.5, 0, 1);
}

/** Share of hair turned grey at this age, 0 to 1. */
function greyAt(identity: Identity, age: number): number {
  const onset = 42 + (identity.grain % 17) - 8;
  return smoothstep(onset, onset + 26, age);
}

/** Hair colour as sRGB shares: from black through brown and blond to grey and white. */
export function hairColour(identity: Identity, age: number): Colour {
  const { hairLight: light, hairRed: red } = identity;
  const grey = greyAt(identity, age);
  const r = mix(0.12, 0.86, light) + 0.3 * red * (0.3 + light);
  const g = mix(0.095, 0.7, light) + 0.02 * red * light;
  const b = mix(0.085, 0.47, light) * (1 - 0.45 * red);
  const white = 0.62 + 0.2 * grey;
  return [mix(r, white, grey), mix(g, white * 0.985, grey), mix(b, white * 0.96, grey)];
}

/** The hair of one photo, or none for a bald or shaved head. */
export function hairMesh(
  identity: Identity,
  places: FeaturePlaces,
  nuisance: Nuisance,
  age: number,
  memory: ShellMemory,
): Mesh | undefined {
  const bald = baldnessAt(identity, age);
  if (identity.hairLength < 0.1) return undefined;
  const length = identity.hairLength;
  const long = smoothstep(0.4, 0.6, length);
  const volume = clamp(identity.hairVolume + nuisance.hairVolume * 0.5, 0, 1.3);
  const covered = nuisance.hat !== 'none';
  const body = covered ? 1.2 : mix(2, 7, volume) + identity.curl * 4 * Math.min(1, length * 2.5);
  const fringe = covered
    ? 0
    : clamp(identity.fringe + nuisance.hairFringe * (0.3 + identity.fringe), 0, 1) * (1 - bald);
  const line = places.hairlineY - bald * 42;
  const part = identity.parting;
  const { grain, curl } = identity;
  const sideEdge = mix(1.42, 1.02, long) - 0.08 * nuisance.hairVolume;
  const bottom = mix(74, 74 + length * 70, long);
  return shellMesh(
    {
      material: 'hair',
      colour: [0, 0, 0],
      skullScale: 1 + identity.shape.skullWidth * 0.025 + identity.shape.faceWidth * 0.02,
      bottom,
      thickness: (angle, y) => {
        const front = Math.abs(angle) < 1.2 ? smoothstep(1.2, 0.4, Math.abs(angle)) : 0;
        const top = 1 - smoothstep(-5, 30, y);
        const lumps = 1 + (0.35 + curl * 0.3) * (swell(angle * 2.2 + 50, y * 0.06 + 50, grain + 5) - 0.5) * 2;
        const hang = long * smoothstep(30, 70, y) * 3.5;
        return body * lumps * (0.55 + 0.45 * top) * (1 - 0.55 * front * (1 - top) * (1 - fringe)) + hang + 2.2;
      },
      cover: (angle, y) => {
        const side = Math.abs(angle);
        const parted = hill((angle - part * 0.5) * (angle - part * 0.5) * 5);
        const slant = 1 - 0.4 * parted + 0.25 * angle * part;
        const edge =
          line +
          fringe * 25 * slant +
          9 * smoothstep(0.55, 0.95, side) * (1 - fringe) -
          4 * hill((side - 0.5) * (side - 0.5) * 12) * identity.sex;
        const ragged = (swell(angle * 9 + 70, y * 0.08 + 70, grain + 6) - 0.5) * (3 + 4 * fringe);
        const above = edge + ragged - y;
        const beside = (side - sideEdge - (1 - long) * 0.004 * Math.max(0, y - 30)) * 30 + ragged * 0.6;
        return Math.max(above, beside);
      },
    },
    memory,
  );
}
