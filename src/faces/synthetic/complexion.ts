import { clamp, hill2, mix, smoothstep, swell } from './elementary.ts';
import type { HeadShape } from './head-shape.ts';
import type { Identity } from './identity.ts';
import type { Painter } from './skin-map.ts';

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

/** Paints linear red, green and blue: skin, blood, shade in the hollows, marks, lips. */
export function complexionPainter(identity: Identity, head: HeadShape): Painter {
  const { shape, grain } = identity;
  const { eyeX, eyeY, noseTipX, noseTipY, noseBaseY, mouthY, mouthHalfWidth, chinY } = head.places;
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
  const lidLine = 4.6 + shape.eyeOpening * 0.4 - shape.lidFold * 0.5;

  const hollow = 0.1 + 0.05 * shape.eyeDepth * (shape.eyeDepth > 0 ? 1 : 0.4);

  return (x, y, z, map, at) => {
    const side = Math.abs(x);
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
      shade *= 1 - 0.5 * nostril;
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
  };
}
