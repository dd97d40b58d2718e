import { stream, type Uniform } from '../../config/random.ts';
import { clamp, hill, swell } from './elementary.ts';

interface Patch {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly stretch: number;
  readonly soft: boolean;
  readonly colour: readonly [number, number, number];
}

/**
 * Paints the background behind the head: a wash of two colours, a few blobs or panels, and grain.
 * Writes linear light into [size, size, 3].
 */
export function paintBackdrop(grain: number, size: number, picture: Float32Array): void {
  const uniform = stream(grain, 'backdrop');
  const upper = colour(uniform);
  const lower = uniform() < 0.5 ? upper : colour(uniform);
  const slant = uniform() * 2 - 1;
  const patches = Array.from({ length: Math.floor(uniform() * 7) }, () => patch(uniform));
  const busy = uniform() < 0.4 ? uniform() * 0.7 : 0.08;
  const fineness = 3 + uniform() * 18;
  const seed = Math.floor(uniform() * 0x7fffffff);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const px = (x + 0.5) / size;
      const py = (y + 0.5) / size;
      const t = clamp(py + slant * (px - 0.5), 0, 1);
      let r = upper[0] + (lower[0] - upper[0]) * t;
      let g = upper[1] + (lower[1] - upper[1]) * t;
      let b = upper[2] + (lower[2] - upper[2]) * t;
      for (const spot of patches) {
        const dx = (px - spot.x) / (spot.size * spot.stretch);
        const dy = (py - spot.y) / spot.size;
        const share = spot.soft ? hill(dx * dx + dy * dy) : dx * dx < 1 && dy * dy < 1 ? 0.85 : 0;
        r += (spot.colour[0] - r) * share;
        g += (spot.colour[1] - g) * share;
        b += (spot.colour[2] - b) * share;
      }
      const rough = 1 + busy * (swell(px * fineness, py * fineness, seed) - 0.5) * 2;
      const at = (y * size + x) * 3;
      picture[at] = r * rough;
      picture[at + 1] = g * rough;
      picture[at + 2] = b * rough;
    }
  }
}

function colour(uniform: Uniform): readonly [number, number, number] {
  const light = uniform() * uniform() * 0.9 + 0.02;
  const lurid = uniform() * 0.7;
  return [
    light * (1 + lurid * (uniform() * 2 - 1)),
    light * (1 + lurid * (uniform() * 2 - 1)),
    light * (1 + lurid * (uniform() * 2 - 1)),
  ];
}

function patch(uniform: Uniform): Patch {
  return {
    x: uniform(),
    y: uniform(),
    size: 0.06 + uniform() * 0.35,
    stretch: 0.3 + uniform() * 2,
    soft: uniform() < 0.6,
    colour: colour(uniform),
  };
}
