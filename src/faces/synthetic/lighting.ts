import { clamp, cosine, sine } from './elementary.ts';
import type { Nuisance } from './nuisance.ts';

/** Light that reaches a vertex: red, green, blue and the strength of its mirror image. */
export const LIGHT_CHANNELS = 4;

/** The light of one photo, in the coordinates of a turned head or of the camera. */
export interface Light {
  /** Towards the main light, length 1. */
  readonly towards: readonly [number, number, number];
  /** Halfway between the light and the camera, length 1: where a surface shines. */
  readonly halfway: readonly [number, number, number];
  /** Up, length 1. */
  readonly up: readonly [number, number, number];
  readonly main: readonly [number, number, number];
  readonly ambient: readonly [number, number, number];
}

/** The light as the head sees it; `rotation` carries head to camera coordinates. */
export function lightOf(nuisance: Nuisance, rotation: Float64Array): Light {
  const ce = cosine(nuisance.lightElevation);
  const towards: [number, number, number] = [
    sine(nuisance.lightAzimuth) * ce,
    -sine(nuisance.lightElevation),
    cosine(nuisance.lightAzimuth) * ce,
  ];
  const hx = towards[0];
  const hy = towards[1];
  const hz = towards[2] + 1;
  const length = Math.sqrt(hx * hx + hy * hy + hz * hz) || 1;
  const share = nuisance.lightShare;
  return {
    towards: unturn(rotation, towards),
    halfway: unturn(rotation, [hx / length, hy / length, hz / length]),
    up: unturn(rotation, [0, -1, 0]),
    main: [
      nuisance.lightColour[0] * share * 1.5,
      nuisance.lightColour[1] * share * 1.5,
      nuisance.lightColour[2] * share * 1.5,
    ],
    ambient: [
      nuisance.ambientColour[0] * (1 - share),
      nuisance.ambientColour[1] * (1 - share),
      nuisance.ambientColour[2] * (1 - share),
    ],
  };
}

function unturn(rotation: Float64Array, [x, y, z]: readonly [number, number, number]): [number, number, number] {
  const r = (index: number) => rotation[index] ?? 0;
  return [r(0) * x + r(3) * y + r(6) * z, r(1) * x + r(4) * y + r(7) * z, r(2) * x + r(5) * y + r(8) * z];
}

/** Lights [n, 3] normals into [n, LIGHT_CHANNELS]. Skin lets a little light round the edge (`wrap`). */
export function lightVertices(normals: Float32Array, light: Light, wrap: number, lit: Float32Array): Float32Array {
  const [lx, ly, lz] = light.towards;
  const [hx, hy, hz] = light.halfway;
  const [ux, uy, uz] = light.up;
  const scale = 1 / (1 + wrap);
  for (let at = 0, to = 0; at < normals.length; at += 3, to += LIGHT_CHANNELS) {
    const x = normals[at] ?? 0;
    const y = normals[at + 1] ?? 0;
    const z = normals[at + 2] ?? 0;
    const facing = Math.max(0, (x * lx + y * ly + z * lz + wrap) * scale);
    const open = 0.68 + 0.32 * (x * ux + y * uy + z * uz);
    lit[to] = light.main[0] * facing + light.ambient[0] * open;
    lit[to + 1] = light.main[1] * facing + light.ambient[1] * open;
    lit[to + 2] = light.main[2] * facing + light.ambient[2] * open;
    const mirror = clamp(x * hx + y * hy + z * hz, 0, 1);
    const m2 = mirror * mirror;
    const m8 = m2 * m2 * m2 * m2;
    lit[to + 3] = m8 * m8 * (facing > 0 ? 1 : 0);
  }
  return lit;
}
