import { cosine } from './elementary.ts';

/*
 * A picture after JPEG: blocks of 8 × 8, their cosine coefficients rounded to multiples of a table
 * (ITU-T T.81, Annex K, scaled as libjpeg does), colour at half the resolution. No bits are packed.
 */

// biome-ignore format: the table of T.81, K.1
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
// biome-ignore format: the table of T.81, K.2
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
  47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** Orthonormal cosine transform: row k is the k-th wave. */
const WAVES = Float64Array.from({ length: 64 }, (_, index) => {
  const wave = Math.floor(index / 8);
  const scale = wave === 0 ? Math.sqrt(1 / 8) : 0.5;
  return scale * cosine(((2 * (index % 8) + 1) * wave * Math.PI) / 16);
});

let lumaPlane = new Float32Array(0);
let bluePlane = new Float32Array(0);
let redPlane = new Float32Array(0);
const block = new Float64Array(64);
const half = new Float64Array(64);

/**
 * Compresses and expands a picture [size, size, 3] in place; values 0 to 1. `quality` as libjpeg's, 1 to 100.
 * `coarseness` scales the rounding: a picture that was compressed large and then shrunk shows less of it.
 */
export function compress(picture: Float32Array, size: number, quality: number, coarseness: number): void {
  const scale = ((quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100) * coarseness;
  const small = Math.ceil(size / 2);
  if (lumaPlane.length !== size * size) {
    lumaPlane = new Float32Array(size * size);
    bluePlane = new Float32Array(small * small);
    redPlane = new Float32Array(small * small);
  }
  const luma = lumaPlane;
  const blue = bluePlane.fill(0);
  const red = redPlane.fill(0);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = (y * size + x) * 3;
      const r = (picture[at] ?? 0) * 255;
      const g = (picture[at + 1] ?? 0) * 255;
      const b = (picture[at + 2] ?? 0) * 255;
      const grey = 0.299 * r + 0.587 * g + 0.114 * b;
      luma[y * size + x] = grey - 128;
      const coarse = (y >> 1) * small + (x >> 1);
      blue[coarse] = (blue[coarse] ?? 0) + 0.25 * 0.564 * (b - grey);
      red[coarse] = (red[coarse] ?? 0) + 0.25 * 0.713 * (r - grey);
    }
  }
  roundBlocks(luma, size, LUMINANCE, scale);
  roundBlocks(blue, small, CHROMINANCE, scale);
  roundBlocks(red, small, CHROMINANCE, scale);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = (y * size + x) * 3;
      const coarse = (y >> 1) * small + (x >> 1);
      const grey = (luma[y * size + x] ?? 0) + 128;
      const b = (blue[coarse] ?? 0) / 0.564;
      const r = (red[coarse] ?? 0) / 0.713;
      picture[at] = (grey + r) / 255;
      picture[at + 1] = (grey - (0.299 * r + 0.114 * b) / 0.587) / 255;
      picture[at + 2] = (grey + b) / 255;
    }
  }
}

function roundBlocks(plane: Float32Array, size: number, table: readonly number[], scale: number): void {
  for (let top = 0; top < size; top += 8) {
    for (let left = 0; left < size; left += 8) {
      for (let at = 0; at < 64; at++) {
        // Blocks that reach over the edge repeat its last pixel.
        const y = Math.min(size - 1, top + (at >> 3));
        const x = Math.min(size - 1, left + (at & 7));
        block[at] = plane[y * size + x] ?? 0;
      }
      transform(block, half, false);
      transform(half, block, false);
      for (let at = 0; at < 64; at++) {
        const step = Math.max(1, (table[at] ?? 16) * scale);
        block[at] = Math.round((block[at] ?? 0) / step) * step;
      }
      transform(block, half, true);
      transform(half, block, true);
      for (let at = 0; at < 64; at++) {
        const y = top + (at >> 3);
        const x = left + (at & 7);
        if (y < size && x < size) plane[y * size + x] = block[at] ?? 0;
      }
    }
  }
}

/** One-dimensional transform of every row; the result is transposed, so that a second call does the columns. */
function transform(from: Float64Array, to: Float64Array, inverse: boolean): void {
  for (let row = 0; row < 8; row++) {
    for (let wave = 0; wave < 8; wave++) {
      let sum = 0;
      for (let at = 0; at < 8; at++) {
        const weight = inverse ? WAVES[at * 8 + wave] : WAVES[wave * 8 + at];
        sum += (weight ?? 0) * (from[row * 8 + at] ?? 0);
      }
      to[wave * 8 + row] = sum;
    }
  }
}
