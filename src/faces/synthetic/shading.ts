import { skinColour } from './complexion.ts';
import { clamp, mix, smoothstep, swell } from './elementary.ts';
import { eyeShader } from './eye.ts';
import type { PlacedMesh } from './face-painter.ts';
import type { FaceVersion } from './face-version.ts';
import { baldnessAt, hairColour } from './hair.ts';
import type { HeadModel } from './head-model.ts';
import type { Identity } from './identity.ts';
import { LIGHT_CHANNELS } from './lighting.ts';
import type { Colour, Nuisance } from './nuisance.ts';
import { LIP_V, MAP_CHANNELS, MAP_HEIGHT, MAP_WIDTH } from './skin-map.ts';
import type { VisibilityBuffer } from './visibility.ts';

/** One photo, drawn but not yet coloured. */
export interface Exposure {
  readonly identity: Identity;
  readonly nuisance: Nuisance;
  readonly age: number;
  readonly model: HeadModel;
  readonly meshes: readonly PlacedMesh[];
  readonly visibility: VisibilityBuffer;
  /** Samples across a pixel. */
  readonly scale: number;
  /** Samples across a template pixel. */
  readonly zoom: number;
  readonly version: FaceVersion;
}

/**
 * Colours every sample and averages the samples of a pixel, in linear light, over the backdrop
 * that `picture` [size, size, 3] holds. `coverage` [size, size] gets the share of each pixel that is not backdrop.
 */
export function shadePicture(exposure: Exposure, picture: Float32Array, coverage: Float32Array): void {
  const { visibility, scale, nuisance } = exposure;
  const { width } = visibility;
  const size = width / scale;
  const share = 1 / (scale * scale);
  const shader = sampleShader(exposure);
  const colour = new Float64Array(3);
  const cast = nuisance.castShade;
  const sx = Math.sqrt(0.5) * (nuisance.castAngle < Math.PI ? 1 : -1);
  const slope = (nuisance.castAngle / Math.PI) * 2 - 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let seen = 0;
      let shaded = 0;
      // Where one surface fills the pixel every other sample, as on a chessboard, is colour enough.
      const sparse = scale % 2 === 0 && oneSurface(visibility, y * scale * width + x * scale, scale);
      for (let sy = 0; sy < scale; sy++) {
        let sample = (y * scale + sy) * width + x * scale;
        for (let column = 0; column < scale; column++, sample++) {
          if ((visibility.mesh[sample] ?? -1) < 0) continue;
          seen++;
          if (sparse && ((sy + column) & 1) === 1) continue;
          shader(sample, colour);
          r += colour[0] ?? 0;
          g += colour[1] ?? 0;
          b += colour[2] ?? 0;
          shaded++;
        }
      }
      coverage[y * size + x] = seen * share;
      if (seen === 0) continue;
      const at = (y * size + x) * 3;
      let dim = (share * seen) / shaded;
      if (cast > 0) {
        const u = (x + 0.5) / size - 0.5;
        const v = (y + 0.5) / size - 0.5;
        dim *=
          1 - cast * smoothstep(-0.06, 0.06, sx * u * slope + (1 - Math.abs(sx)) * 2 * v - nuisance.castEdge / 100);
      }
      const rest = 1 - seen * share;
      picture[at] = (picture[at] ?? 0) * rest + r * dim;
      picture[at + 1] = (picture[at + 1] ?? 0) * rest + g * dim;
      picture[at + 2] = (picture[at + 2] ?? 0) * rest + b * dim;
    }
  }
}

/** Whether all samples of the pixel that starts at `first` show the same mesh. */
function oneSurface({ mesh, width }: VisibilityBuffer, first: number, scale: number): boolean {
  const wanted = mesh[first];
  for (let row = 0; row < scale; row++) {
    for (let column = 0; column < scale; column++) {
      if (mesh[first + row * width + column] !== wanted) return false;
    }
  }
  return true;
}

type Shader = (sample: number, colour: Float64Array) => void;

function linear(colour: Colour): [number, number, number] {
  return [colour[0] * colour[0], colour[1] * colour[1], colour[2] * colour[2]];
}

function sampleShader(exposure: Exposure): Shader {
  const { identity, nuisance, age, model, meshes, visibility, version } = exposure;
  const hair = linear(hairColour(identity, age));
  const browHair = linear(mixColour(hairColour(identity, mix(age, 30, 0.5)), [0.13, 0.1, 0.08], 0.35));
  const skin = linear(skinColour(identity));
  const bald = baldnessAt(identity, age);
  const wornBeard = nuisance.beardWorn;
  const wrinkles = smoothstep(28, 78, age) * 0.5;
  // Beside so little light from within, the usual gloss makes dark skin look like metal.
  const matte = version === 1 ? 1 : mix(1, 0.1, identity.skinTone);
  const shine = mix(0.02, 0.16, nuisance.sweat * nuisance.sweat) * matte;
  const { skinMap } = model;
  const eyes = eyeShader(identity, nuisance, model, version);
  const colours = meshes.map(({ mesh }) => linear(mesh.colour));
  const opening = clamp(nuisance.movements.jawOpen + 0.4 * nuisance.movements.smile, 0, 1);
  const { eyeBox } = model;

  return (sample, colour) => {
    const index = visibility.mesh[sample] ?? 0;
    const placed = meshes[index];
    if (placed === undefined) return;
    const { mesh, lit } = placed;
    const corner = visibility.corner[sample] ?? 0;
    const wa = visibility.first[sample] ?? 0;
    const wb = visibility.second[sample] ?? 0;
    const wc = 1 - wa - wb;
    const a = mesh.triangles[corner] ?? 0;
    const b = mesh.triangles[corner + 1] ?? 0;
    const c = mesh.triangles[corner + 2] ?? 0;
    const la = a * LIGHT_CHANNELS;
    const lb = b * LIGHT_CHANNELS;
    const lc = c * LIGHT_CHANNELS;
    const lr = wa * (lit[la] ?? 0) + wb * (lit[lb] ?? 0) + wc * (lit[lc] ?? 0);
    const lg = wa * (lit[la + 1] ?? 0) + wb * (lit[lb + 1] ?? 0) + wc * (lit[lc + 1] ?? 0);
    const lbl = wa * (lit[la + 2] ?? 0) + wb * (lit[lb + 2] ?? 0) + wc * (lit[lc + 2] ?? 0);
    const ls = wa * (lit[la + 3] ?? 0) + wb * (lit[lb + 3] ?? 0) + wc * (lit[lc + 3] ?? 0);
    const { coordinates } = mesh;
    const u = wa * (coordinates[a * 2] ?? 0) + wb * (coordinates[b * 2] ?? 0) + wc * (coordinates[c * 2] ?? 0);
    const v =
      wa * (coordinates[a * 2 + 1] ?? 0) + wb * (coordinates[b * 2 + 1] ?? 0) + wc * (coordinates[c * 2 + 1] ?? 0);
    switch (mesh.material) {
      case 'skin': {
        if (v > LIP_V + 0.02 && v < LIP_V + 1.98 && opening > 0.03) {
          const { rest } = model;
          const x = wa * (rest[a * 3] ?? 0) + wb * (rest[b * 3] ?? 0) + wc * (rest[c * 3] ?? 0);
          insideMouth((v - LIP_V) / 2, Math.abs(x) / model.places.mouthHalfWidth, opening, colour);
        } else {
          // Bilinear look-up in the skin map, written out because it runs for every sample.
          const column = Math.min(MAP_WIDTH - 2, Math.floor(u));
          const row = Math.min(MAP_HEIGHT - 2, Math.floor(v));
          const fu = u - column;
          const fv = v - row;
          const w00 = (1 - fu) * (1 - fv);
          const w01 = fu * (1 - fv);
          const w10 = (1 - fu) * fv;
          const w11 = fu * fv;
          const m00 = (row * MAP_WIDTH + column) * MAP_CHANNELS;
          const m01 = m00 + MAP_CHANNELS;
          const m10 = m00 + MAP_WIDTH * MAP_CHANNELS;
          const m11 = m10 + MAP_CHANNELS;
          let r =
            w00 * (skinMap[m00] ?? 0) +
            w01 * (skinMap[m01] ?? 0) +
            w10 * (skinMap[m10] ?? 0) +
            w11 * (skinMap[m11] ?? 0);
          let g =
            w00 * (skinMap[m00 + 1] ?? 0) +
            w01 * (skinMap[m01 + 1] ?? 0) +
            w10 * (skinMap[m10 + 1] ?? 0) +
            w11 * (skinMap[m11 + 1] ?? 0);
          let bl =
            w00 * (skinMap[m00 + 2] ?? 0) +
            w01 * (skinMap[m01 + 2] ?? 0) +
            w10 * (skinMap[m10 + 2] ?? 0) +
            w11 * (skinMap[m11 + 2] ?? 0);
          const brow =
            w00 * (skinMap[m00 + 3] ?? 0) +
            w01 * (skinMap[m01 + 3] ?? 0) +
            w10 * (skinMap[m10 + 3] ?? 0) +
            w11 * (skinMap[m11 + 3] ?? 0);
          const beard =
            wornBeard *
            (w00 * (skinMap[m00 + 4] ?? 0) +
              w01 * (skinMap[m01 + 4] ?? 0) +
              w10 * (skinMap[m10 + 4] ?? 0) +
              w11 * (skinMap[m11 + 4] ?? 0));
          const scalp =
            (1 - bald) *
            (w00 * (skinMap[m00 + 5] ?? 0) +
              w01 * (skinMap[m01 + 5] ?? 0) +
              w10 * (skinMap[m10 + 5] ?? 0) +
              w11 * (skinMap[m11 + 5] ?? 0));
          const crease =
            1 -
            wrinkles *
              (w00 * (skinMap[m00 + 6] ?? 0) +
                w01 * (skinMap[m01 + 6] ?? 0) +
                w10 * (skinMap[m10 + 6] ?? 0) +
                w11 * (skinMap[m11 + 6] ?? 0));
          r *= crease;
          g *= crease;
          bl *= crease;
          r += (browHair[0] - r) * brow;
          g += (browHair[1] - g) * brow;
          bl += (browHair[2] - bl) * brow;
          const fur = Math.max(beard, scalp);
          r += (hair[0] * 0.8 - r) * fur;
          g += (hair[1] * 0.8 - g) * fur;
          bl += (hair[2] * 0.8 - bl) * fur;
          colour[0] = r;
          colour[1] = g;
          colour[2] = bl;
          if (v > eyeBox.top && v < eyeBox.bottom && u > eyeBox.left && u < eyeBox.right)
            eyes(a, b, c, wa, wb, wc, colour);
        }
        const gloss = ls * shine;
        colour[0] = (colour[0] ?? 0) * lr + gloss * lr;
        colour[1] = (colour[1] ?? 0) * lg + gloss * lg;
        colour[2] = (colour[2] ?? 0) * lbl + gloss * lbl;
        return;
      }
      case 'ear':
        colour[0] = skin[0] * u * lr * 0.95;
        colour[1] = skin[1] * u * lg * 0.82;
        colour[2] = skin[2] * u * lbl * 0.8;
        return;
      case 'hair': {
        const strand =
          0.75 +
          0.75 * swell(u * 0.55 + 300, v * 0.05 + 300, identity.grain + 8) +
          0.5 * swell(u * 0.16 + 300, v * 0.1 + 300, identity.grain + 9);
        const gloss = ls * 0.05 * strand;
        colour[0] = (hair[0] * strand + gloss) * lr;
        colour[1] = (hair[1] * strand + gloss) * lg;
        colour[2] = (hair[2] * strand + gloss) * lbl;
        return;
      }
      case 'matte':
      case 'dark': {
        const paint = colours[index] ?? hair;
        const gloss = mesh.material === 'dark' ? ls * 0.3 : ls * 0.03;
        colour[0] = (paint[0] + gloss) * lr;
        colour[1] = (paint[1] + gloss) * lg;
        colour[2] = (paint[2] + gloss) * lbl;
        return;
      }
    }
  };
}

function mixColour(from: Colour, to: Colour, share: number): Colour {
  return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
}

/** Albedo between the lips: upper teeth, then the dark of the mouth. `down` 0 at the upper lip to 1 at the lower. */
function insideMouth(down: number, side: number, opening: number, colour: Float64Array): void {
  const teeth = (1 - smoothstep(0.75, 0.98, side)) * (1 - smoothstep(0.34, 0.44, down * (0.1 + opening)));
  const tongue = smoothstep(0.5, 0.9, down) * smoothstep(0.35, 0.7, opening);
  const white = teeth * (1 - 0.5 * side * side);
  colour[0] = mix(mix(0.05, 0.25, tongue), 0.55, white);
  colour[1] = mix(mix(0.02, 0.08, tongue), 0.51, white);
  colour[2] = mix(mix(0.02, 0.08, tongue), 0.43, white);
}
