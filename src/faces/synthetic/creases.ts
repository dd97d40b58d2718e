import { clamp, hill2, smoothstep } from './elementary.ts';
import type { HeadShape } from './head-shape.ts';
import type { Painter } from './skin-map.ts';

/** Paints where age writes: brow lines, crow's feet, folds from nose to mouth, lines under the eyes. */
export function creasePainter(head: HeadShape): Painter {
  const { eyeX, eyeY, noseBaseY, mouthY, mouthHalfWidth, chinY } = head.places;
  return (x, y, z, map, at) => {
    const side = Math.abs(x);
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
