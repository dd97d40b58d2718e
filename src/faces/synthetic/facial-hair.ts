import { clamp, hill, hill2, smoothstep, swell } from './elementary.ts';
import type { HeadShape } from './head-shape.ts';
import type { Identity } from './identity.ts';
import type { Painter } from './skin-map.ts';

/** Paints where eyebrows, beard and scalp hair grow. */
export function facialHairPainter(identity: Identity, head: HeadShape): Painter {
  const { shape, sex, grain } = identity;
  const { hairlineY } = head.places;
  const browY = 42.3 - shape.browHeight * 1.3;
  const browFrom = 6.3 - shape.browThickness * 0.3;
  const browTo = 26.5 + shape.browLength * 1.3 + shape.eyeSpacing * 0.6;
  const browHalf = clamp(1.7 + shape.browThickness * 0.5, 0.6, 3.4);
  const browArch = 2 + shape.browArch * 0.8;

  return (x, y, z, map, at) => {
    const side = Math.abs(x);
    const right = x > 0 ? 1 : -1;
    const fine = swell(x * 0.9 + 90, y * 0.9 + 90, grain + 1) - 0.5;
    // Eyebrow.
    const raise = shape.browAsymmetry * 0.4 * right;
    const t = (side - browFrom) / (browTo - browFrom);
    let brow = 0;
    if (t > -0.1 && t < 1.1 && y > 26 && y < 56) {
      const centre =
        browY + raise + 1.2 - browArch * hill((t - 0.62) * (t - 0.62) * 6) - shape.browTilt * 0.8 * (t - 0.4);
      const half = browHalf * (t < 0.25 ? 0.75 + t : 1 - 0.75 * smoothstep(0.35, 1.05, t));
      const hairs = 0.75 + 0.5 * swell(x * 0.7 + y * 0.9 + 60, y * 0.5 + 60, grain + 3);
      brow =
        (1 - smoothstep(half * 0.55, half + 0.75, Math.abs(y - centre))) *
        smoothstep(-0.06, 0.08, t) *
        (1 - smoothstep(0.92, 1.08, t)) *
        hairs;
    }
    map[at + 3] = clamp(brow * (0.62 + sex * 0.2 + shape.browThickness * 0.06), 0, 0.95);

    map[at + 4] = identity.beard > 0 && y > 50 ? beardAt(identity, head, x, y, z) * (0.8 + 0.4 * (fine + 0.5)) : 0;
    // The scalp's own hair, so that no skin shows through.
    if (y < 66) {
      const temple = 12 * smoothstep(22, 36, side) - 5 * hill2(side - 19, 0, 8, 1) * (0.3 + sex);
      const sideburn = smoothstep(35.5, 37.5, side + (z < 4 ? 3 : 0)) * (1 - smoothstep(54, 60, y));
      const line = hairlineY + temple;
      map[at + 5] = clamp(1 - smoothstep(line - 1.5, line + 1.5, y + fine * 4) + sideburn, 0, 1);
    } else map[at + 5] = 0;
  };
}

/** How much of the beard grows here, 0 to 1, shaved or not. */
function beardAt(identity: Identity, head: HeadShape, x: number, y: number, z: number): number {
  if (identity.beard === 0) return 0;
  const { noseBaseY, mouthY, mouthHalfWidth, chinY } = head.places;
  const side = Math.abs(x);
  const lipEdge =
    1 - smoothstep(0, 1, 1 - (side / mouthHalfWidth) * (side / mouthHalfWidth)) * hill2(0, y - mouthY, 1, 3.6);
  const moustache =
    smoothstep(noseBaseY + 0.5, noseBaseY + 3, y + 0.12 * side) *
    (1 - smoothstep(mouthY - 1, mouthY + 2.5, y - 0.3 * Math.max(0, side - 9))) *
    (1 - smoothstep(mouthHalfWidth + 1, mouthHalfWidth + 5, side));
  const chin = smoothstep(mouthY + 5, mouthY + 9, y + 0.35 * Math.max(0, side - 9)) * (1 - smoothstep(13, 19, side));
  const around = hill2(side - mouthHalfWidth - 2, y - mouthY - 2, 3, 6);
  const cheekLine = 92 - (side - 14) * 0.95 - (mouthY > 92 ? 0 : 1);
  const jaw = smoothstep(cheekLine - 2, cheekLine + 5, y) * smoothstep(13, 19, side) * smoothstep(-4, 4, z);
  const neck = 1 - smoothstep(chinY + 6, chinY + 14, y);
  const full = Math.max(
    identity.moustache * moustache,
    Math.max(identity.goatee * Math.max(chin, around), identity.sideBeard * jaw),
  );
  const stubble = Math.max(moustache, chin, around, jaw) * 0.22;
  return clamp(identity.beard * Math.max(full * 1.15, stubble) * lipEdge * neck, 0, 0.95);
}
