import { clamp, hill, hill2, mix, smoothstep, swell } from './elementary.ts';
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

/** Colours of skin from the lightest to the darkest, as sRGB shares. */
const SKIN_TONES: readonly (readonly [number, number, number])[] = [
  [0.97, 0.84, 0.77],
  [0.93, 0.77, 0.67],
  [0.87, 0.68, 0.56],
  [0.78, 0.58, 0.44],
  [0.65, 0.46, 0.33],
  [0.5, 0.34, 0.24],
  [0.36, 0.24, 0.17],
  [0.26, 0.17, 0.13],
];

/** The skin's colour as sRGB shares. */
export function skinColour(identity: Identity): [number, number, number] {
  const at = clamp(identity.skinTone, 0, 0.999) * (SKIN_TONES.length - 1);
  const lower = SKIN_TONES[Math.floor(at)] ?? [0.8, 0.6, 0.5];
  const upper = SKIN_TONES[Math.floor(at) + 1] ?? lower;
  const share = at - Math.floor(at);
  const red = identity.skinRed * 0.012;
  const yellow = identity.skinYellow * 0.012;
  return [
    clamp(mix(lower[0], upper[0], share) + red, 0.05, 1),
    clamp(mix(lower[1], upper[1], share) - red * 0.7, 0.04, 1),
    clamp(mix(lower[2], upper[2], share) - red * 0.4 - yellow * 1.3, 0.03, 1),
  ];
}

/** Paints the skin: [MAP_HEIGHT, MAP_WIDTH, MAP_CHANNELS]. */
export function paintSkin(
  identity: Identity,
  head: HeadShape,
  map: Float32Array = new Float32Array(MAP_HEIGHT * MAP_WIDTH * MAP_CHANNELS),
): Float32Array {
  const { rest } = head;
  const painter = skinPainter(identity, head);
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
      painter(x, y, z, map, (v * MAP_WIDTH + u) * MAP_CHANNELS);
    }
  }
  return map;
}

type Painter = (x: number, y: number, z: number, map: Float32Array, at: number) => void;

function skinPainter(identity: Identity, head: HeadShape): Painter {
  const { shape, sex, grain } = identity;
  const { eyeX, eyeY, noseTipX, noseTipY, noseBaseY, mouthY, mouthHalfWidth, chinY, hairlineY } = head.places;
  const base = skinColour(identity);
  const dark = identity.skinTone;
  const blush = (0.35 + identity.ruddyCheeks * 0.9) * (1 - 0.6 * dark);
  const upperLip = 3.5 + shape.upperLip * 0.95;
  const lowerLip = 4.6 + shape.lowerLip * 1.05;
  const lipstick = identity.makeup > 0.45 ? (identity.makeup - 0.3) * 1.1 : 0;
  const lip: readonly [number, number, number] = [
    mix(base[0] * mix(0.86, 0.9, dark), 0.72, lipstick * 0.6),
    mix(base[1] * mix(0.68, 0.74, identity.lipRed), 0.14, lipstick * 0.6),
    mix(base[2] * mix(0.74, 0.82, dark), 0.2, lipstick * 0.6),
  ];
  const browY = 42.3 - shape.browHeight * 1.3;
  const browFrom = 6.3 - shape.browThickness * 0.3;
  const browTo = 26.5 + shape.browLength * 1.3 + shape.eyeSpacing * 0.6;
  const browHalf = clamp(1.7 + shape.browThickness * 0.5, 0.6, 3.4);
  const browArch = 2 + shape.browArch * 0.8;
  const lidLine = 4.6 + shape.eyeOpening * 0.4 - shape.lidFold * 0.5;

  const hollow = 0.1 + 0.05 * shape.eyeDepth * (shape.eyeDepth > 0 ? 1 : 0.4);

  return (x, y, z, map, at) => {
    const side = Math.abs(x);
    const right = x > 0 ? 1 : -1;
    const mottle = swell(x * 0.25 + 40, y * 0.25 + 40, grain) - 0.5;
    const fine = swell(x * 0.9 + 90, y * 0.9 + 90, grain + 1) - 0.5;
    let r = base[0];
    let g = base[1];
    let b = base[2];
    const light = 1 + 0.05 * mottle + 0.045 * fine;

    // Blood shows through on cheeks, nose and chin; below the eyes and at the temples it is paler or darker.
    // Far from every feature the skin is plain; leaving early keeps the painting fast.
    if (z > -5 && y > eyeY - 24 && y < chinY + 12) {
      const flush =
        blush * (hill2(side - 23, y - 72, 11, 10) + 0.8 * hill2(x - noseTipX, y - noseTipY, 7, 6)) +
        0.25 * hill2(x, y - chinY + 5, 9, 6);
      r *= 1 + 0.03 * flush;
      g *= 1 - 0.09 * flush;
      b *= 1 - 0.08 * flush;
    }
    let shade = light;
    if (y > eyeY - 14 && y < eyeY + 14 && side < 34) {
      const bags = identity.eyeBags * hill2(side - eyeX + 2, y - eyeY - 6.5, 8, 3.2);
      shade *= 1 - 0.16 * bags;
      // Light that hardly reaches the corners: beside the root of the nose, under the brow.
      shade *= 1 - 0.2 * hill2(side - 9, y - eyeY + 1, 4, 5.5);
      shade *= 1 - hollow * hill2(side - eyeX, y - eyeY + 5, 10, 3.2);
      // The fold of the upper lid.
      const lidX = (side - eyeX) / (7.4 + shape.eyeSize * 0.5);
      const lidY = eyeY - lidLine * Math.max(0, 1 - lidX * lidX) - 0.4 - shape.eyeTilt * lidX * 0.5;
      if (lidX > -1.05 && lidX < 1.15) shade *= 1 - 0.22 * hill2(0, y - lidY, 1, 0.75);
      if (identity.makeup > 0.3) {
        const shadow = identity.makeup * hill2(lidX * 0.9, (y - lidY - 1.2) / 3, 1, 1);
        r *= 1 - 0.22 * shadow;
        g *= 1 - 0.3 * shadow;
        b *= 1 - 0.2 * shadow;
      }
    }
    if (y > noseBaseY - 12 && y < noseBaseY + 8 && side < 26) {
      shade *= 1 - 0.14 * hill2(x - noseTipX, y - noseBaseY - 1, 8, 2.2);
      const nostril = hill2(Math.abs(x - noseTipX) - 3.9 - shape.noseWidth * 0.5, y - noseBaseY - 0.2, 2, 1.1);
      shade *= 1 - 0.6 * nostril;
      const wingGroove = hill2(Math.abs(x - noseTipX) - 9.6 - shape.noseWidth * 1.2, y - noseBaseY + 3, 1.2, 3.4);
      shade *= 1 - 0.2 * wingGroove;
    }
    if (y > mouthY - 6) {
      shade *= 1 - 0.16 * hill2(x, y - mouthY - lowerLip - 3.4, 8, 2.6);
      shade *= 1 - 0.22 * hill2(side - mouthHalfWidth - 0.6, y - mouthY, 2, 2);
      shade *= 1 - 0.35 * smoothstep(chinY + 1, chinY + 9, y) * smoothstep(-10, 12, z);
    }
    if (identity.freckles > 0) {
      const spots = swell(x * 0.8 + 7, y * 0.8 + 7, grain + 2) - 0.62;
      const where = identity.freckles * hill2(side - 15, y - 68, 18, 12) * (1 - dark);
      if (spots > 0) shade *= 1 - 1.1 * spots * where;
    }
    for (const mark of identity.marks) {
      if (Math.abs(y - mark[1]) > 4 || Math.abs(x - mark[0]) > 4) continue;
      shade *= 1 - 0.6 * mark[3] * hill2(x - mark[0], y - mark[1], mark[2], mark[2]);
    }

    // Lips: the upper with its bow, the lower a plain arc.
    const along = (x / mouthHalfWidth) * (x / mouthHalfWidth);
    if (along < 1.1 && y > mouthY - 9 && y < mouthY + 10) {
      const taper = Math.sqrt(Math.max(0, 1 - along));
      const bow = 1 + 0.16 * hill2(side - 3.4, 0, 2.2, 1) - 0.24 * hill2(x, 0, 1.5, 1);
      const top = mouthY - upperLip * bow * (0.35 * taper + 0.65 * (1 - along));
      const bottom = mouthY + lowerLip * taper * (0.6 + 0.4 * taper);
      const inside = smoothstep(top - 0.6, top + 0.6, y) * (1 - smoothstep(bottom - 0.8, bottom + 0.8, y));
      const red = inside * smoothstep(0, 0.05, 1 - along) * 0.92;
      r = mix(r, lip[0], red);
      g = mix(g, lip[1], red);
      b = mix(b, lip[2], red);
      shade *= 1 - 0.12 * red * smoothstep(0, 2, mouthY - y);
      shade *= 1 - 0.62 * hill2(0, y - mouthY, 1, 0.65) * smoothstep(0, 0.12, 1 - along);
    }
    map[at] = r * shade * (r * shade);
    map[at + 1] = g * shade * (g * shade);
    map[at + 2] = b * shade * (b * shade);

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
      map[at + 5] = clamp(1 - smoothstep(line - 1.5, line + 1.5, y + (fine + mottle) * 3) + sideburn, 0, 1);
    } else map[at + 5] = 0;

    // Where age writes: brow lines, crow's feet, folds from nose to mouth, lines under the eyes.
    let crease = 0;
    if (z > -8 && y < eyeY + 14) {
      crease += 0.6 * hill2(x, y - 30, 20, 8) * (0.5 + 0.5 * waves(y * 0.26 + 0.02 * side));
      crease += 0.7 * hill2(side - eyeX - 10, y - eyeY, 5, 6) * (0.5 + 0.5 * waves(y * 0.36 + side * 0.1));
      crease += 0.5 * hill2(side - 3.5, y - 43, 0.9, 4);
      crease += 0.6 * hill2(side - eyeX, y - eyeY - 8 - 0.03 * (side - eyeX) * (side - eyeX), 9, 1);
    } else if (z > -8 && y < chinY) {
      const foldX = 9.5 + (y - noseBaseY) * 0.62;
      crease +=
        hill2(side - foldX - 1, 0, 1.4, 1) *
        smoothstep(noseBaseY - 5, noseBaseY, y) *
        (1 - smoothstep(mouthY + 2, mouthY + 8, y));
      crease += 0.6 * hill2(side - mouthHalfWidth - 1.5, y - mouthY - 7, 1.2, 5);
    }
    map[at + 6] = clamp(crease, 0, 1);
  };
}

/** A triangle wave softened to look like a sine, one period a unit. */
function waves(x: number): number {
  const t = x - Math.floor(x);
  const s = t < 0.5 ? 4 * t - 1 : 3 - 4 * t;
  return s * (1.5 - 0.5 * s * s);
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
