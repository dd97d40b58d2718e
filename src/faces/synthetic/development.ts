import { compress } from './compression.ts';
import { clamp, mix } from './elementary.ts';
import type { FaceVersion } from './face-version.ts';
import type { Nuisance } from './nuisance.ts';

/**
 * Turns linear light [size, size, 3] into the bytes a camera would have left: tint, tone, exposure
 * and contrast, blur, low resolution, noise, compression. `templatePixels` is how many template pixels the picture
 * shows.
 *
 * Mean and contrast of everything before the backdrop (`coverage` [size, size]) are set to the values of the photo's
 * nuisance, so that neither identifies the person; the backdrop stays as it was drawn, so that it does not answer to
 * the face.
 */
export function developPicture(
  picture: Float32Array,
  coverage: Float32Array,
  size: number,
  templatePixels: number,
  nuisance: Nuisance,
  bytes: Uint8Array,
  version: FaceVersion,
): void {
  const [tr, tg, tb] = nuisance.tint;
  const { saturation } = nuisance;
  for (let at = 0; at < picture.length; at += 3) {
    const r = Math.sqrt(Math.max(0, (picture[at] ?? 0) * tr));
    const g = Math.sqrt(Math.max(0, (picture[at + 1] ?? 0) * tg));
    const b = Math.sqrt(Math.max(0, (picture[at + 2] ?? 0) * tb));
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    picture[at] = grey + (r - grey) * saturation;
    picture[at + 1] = grey + (g - grey) * saturation;
    picture[at + 2] = grey + (b - grey) * saturation;
  }
  setTone(picture, coverage, nuisance.mean, nuisance.contrast, version);
  const zoom = size / templatePixels;
  const detail = (0.5 * (112 / nuisance.resolution - 1)) ** 2;
  const sigma = Math.sqrt(nuisance.blur * nuisance.blur + detail) * zoom;
  if (sigma > 0.25) {
    blurRows(picture, size, sigma * nuisance.motion, 3, size * 3);
    blurRows(picture, size, sigma, size * 3, 3);
  }
  addNoise(picture, nuisance.noise, nuisance.grain);
  if (nuisance.quality < 100) compress(picture, size, nuisance.quality, Math.min(1, zoom));
  for (let at = 0; at < picture.length; at++) bytes[at] = clamp(Math.round((picture[at] ?? 0) * 255), 0, 255);
}

/** By how much colour is stretched at most. */
const MOST_VIVID = 2;

/** Scales and shifts the pixels under `coverage` until its clipped grey values have this mean and deviation. */
function setTone(
  picture: Float32Array,
  coverage: Float32Array,
  mean: number,
  deviation: number,
  version: FaceVersion,
): void {
  for (let round = 0; round < 2; round++) {
    let sum = 0;
    let squares = 0;
    let count = 1e-6;
    for (let at = 0, pixel = 0; at < picture.length; at += 3, pixel++) {
      const weight = coverage[pixel] ?? 0;
      const grey =
        0.299 * clamp(picture[at] ?? 0, 0, 1) +
        0.587 * clamp(picture[at + 1] ?? 0, 0, 1) +
        0.114 * clamp(picture[at + 2] ?? 0, 0, 1);
      sum += weight * grey;
      squares += weight * grey * grey;
      count += weight;
    }
    const now = sum / count;
    const spread = Math.sqrt(Math.max(1e-6, squares / count - now * now));
    const gain = clamp(deviation / spread, 0.2, 6);
    // Colour is stretched less than brightness, or hard contrast would make every face orange.
    const vivid = Math.sqrt(gain);
    for (let at = 0, pixel = 0; at < picture.length; at += 3, pixel++) {
      const weight = coverage[pixel] ?? 0;
      if (weight === 0) continue;
      const r = picture[at] ?? 0;
      const g = picture[at + 1] ?? 0;
      const b = picture[at + 2] ?? 0;
      const grey = 0.299 * r + 0.587 * g + 0.114 * b;
      const toned = mix(grey, (grey - now) * gain + mean, weight);
      // A longer exposure multiplies colour as it does brightness; without, dark skin that is brightened turns grey.
      const exposed = version === 1 ? vivid : clamp(toned / Math.max(0.02, grey), vivid, MOST_VIVID);
      const colour = mix(1, exposed, weight);
      picture[at] = toned + (r - grey) * colour;
      picture[at + 1] = toned + (g - grey) * colour;
      picture[at + 2] = toned + (b - grey) * colour;
    }
  }
}

/** Gaussian blur along one axis: neighbours are `step` apart, lines `line` apart. */
function blurRows(picture: Float32Array, size: number, sigma: number, step: number, line: number): void {
  const reach = Math.min(12, Math.ceil(sigma * 2));
  const weights = new Float64Array(reach + 1);
  let total = 0;
  for (let offset = 0; offset <= reach; offset++) {
    const q = 1 - (offset / (reach + 1)) ** 2;
    const weight = q * q * q;
    weights[offset] = weight;
    total += offset === 0 ? weight : 2 * weight;
  }
  const row = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = index * line + channel;
      for (let at = 0; at < size; at++) row[at] = picture[start + at * step] ?? 0;
      for (let at = 0; at < size; at++) {
        let sum = (weights[0] ?? 0) * (row[at] ?? 0);
        for (let offset = 1; offset <= reach; offset++) {
          const before = Math.max(0, at - offset);
          const after = Math.min(size - 1, at + offset);
          sum += (weights[offset] ?? 0) * ((row[before] ?? 0) + (row[after] ?? 0));
        }
        picture[start + at * step] = sum / total;
      }
    }
  }
}

/** Adds independent noise to every value: two uniforms of a small counter-based generator, added. */
function addNoise(picture: Float32Array, deviation: number, seed: number): void {
  if (deviation <= 0) return;
  const scale = (deviation * Math.sqrt(6)) / 65536;
  let state = seed | 1;
  for (let at = 0; at < picture.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    picture[at] = (picture[at] ?? 0) + ((state & 0xffff) + (state >>> 16) - 65535) * scale;
  }
}
