import { clamp, hill, mix, smoothstep } from './elementary.ts';
import type { FaceVersion } from './face-version.ts';
import type { HeadModel } from './head-model.ts';
import type { Identity } from './identity.ts';
import type { Colour, Nuisance } from './nuisance.ts';

/** Changes `colour` where the point with these weights of three vertices lies on an eye. */
export type EyeShader = (
  a: number,
  b: number,
  c: number,
  wa: number,
  wb: number,
  wc: number,
  colour: Float64Array,
) => void;

/** Paints white, iris, pupil, glint and lashes over the albedo where the lids are open. */
export function eyeShader(identity: Identity, nuisance: Nuisance, model: HeadModel, version: FaceVersion): EyeShader {
  const { rest, places } = model;
  const { shape } = identity;
  const halfWidth = 7.3 + shape.eyeSize * 0.5;
  const open = clamp(3.3 + shape.eyeOpening * 0.5, 1.6, 5);
  const closed = clamp(nuisance.eyesClosed, 0, 1);
  const upperLid = open * (1 - closed * 1.3);
  const lowerLid = 2.1 + shape.eyeOpening * 0.15 - nuisance.movements.smile * 0.5;
  const tilt = 0.05 + shape.eyeTilt * 0.05;
  const irisRadius = 3.25;
  const light = identity.irisLight;
  const green = hill((light - 0.5) * (light - 0.5) * 20);
  const iris: Colour = [
    mix(0.2, 0.45, light) - 0.03 * green,
    mix(0.12, 0.56, light) + 0.03 * green,
    mix(0.07, 0.66, light) - 0.2 * green,
  ];
  const [ir, ig, ib] = [iris[0] * iris[0], iris[1] * iris[1], iris[2] * iris[2]];
  const lashes = 0.65 + 0.3 * (1 - identity.sex) + 0.3 * identity.makeup * nuisance.makeupWorn;
  // Dark lids and lashes keep light from the white of the eye.
  const white = 1 - (version === 1 ? 0.45 : 0.72) * identity.skinTone;
  const { eyeX, eyeY } = places;
  return (a, b, c, wa, wb, wc, colour) => {
    const y = wa * (rest[a * 3 + 1] ?? 0) + wb * (rest[b * 3 + 1] ?? 0) + wc * (rest[c * 3 + 1] ?? 0);
    if (y < eyeY - 8 || y > eyeY + 6) return;
    const x = wa * (rest[a * 3] ?? 0) + wb * (rest[b * 3] ?? 0) + wc * (rest[c * 3] ?? 0);
    const right = x > 0 ? 1 : -1;
    const ex = x * right - eyeX;
    if (ex < -halfWidth - 2 || ex > halfWidth + 2) return;
    const ey = y - eyeY + shape.eyeAsymmetry * 0.35 * right * -1 + ex * tilt;
    const t = ex / halfWidth;
    // The inner corner is more pointed than the outer one.
    const bulge = Math.max(0, 1 - t * t) * (1 + 0.12 * t);
    const top = -upperLid * Math.sqrt(bulge) * (0.75 + 0.25 * bulge) + closed * 0.8;
    const bottom = lowerLid * bulge;
    const inside = smoothstep(top - 0.45, top + 0.45, ey) * (1 - smoothstep(bottom - 0.45, bottom + 0.45, ey));
    if (inside > 0 && bulge > 0) {
      const gx = ex - nuisance.gazeX * right * 3.2;
      const gy = ey + 0.5 - nuisance.gazeY * 2;
      const d = Math.sqrt(gx * gx + gy * gy);
      const inIris = 1 - smoothstep(irisRadius - 0.5, irisRadius + 0.4, d);
      const ring = 0.55 + 0.45 * (1 - smoothstep(irisRadius - 1.5, irisRadius, d));
      const pupil = 1 - smoothstep(1, 1.6, d);
      const glint = hill(((gx + 1) * (gx + 1) + (gy + 1.2) * (gy + 1.2)) * 1.6);
      const shaded = 0.5 + 0.5 * smoothstep(top, top + 3, ey);
      const corner = 1 - 0.3 * t * t;
      const dark = 1 - pupil * 0.93;
      const r = mix(0.42 * white * corner, ir * ring * dark, inIris) * shaded + glint * 0.35;
      const g = mix(0.37 * white * corner, ig * ring * dark, inIris) * shaded + glint * 0.35;
      const bl = mix(0.35 * white * corner, ib * ring * dark, inIris) * shaded + glint * 0.35;
      colour[0] = mix(colour[0] ?? 0, r, inside);
      colour[1] = mix(colour[1] ?? 0, g, inside);
      colour[2] = mix(colour[2] ?? 0, bl, inside);
    }
    const reach = 1 - smoothstep(0.9, 1.15, Math.abs(t + 0.02));
    const lash = lashes * reach * hill((ey - top + 0.15) * (ey - top + 0.15) * 1.5);
    const lower = 0.25 * lashes * reach * hill((ey - bottom) * (ey - bottom) * 2.5);
    const dim = 1 - clamp(Math.max(lash, lower), 0, 0.9);
    colour[0] = (colour[0] ?? 0) * dim;
    colour[1] = (colour[1] ?? 0) * dim;
    colour[2] = (colour[2] ?? 0) * dim;
  };
}
