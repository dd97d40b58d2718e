import { FacePainter } from '../face-painter.ts';
import type { FaceVersion } from '../face-version.ts';
import { drawIdentity } from '../identity.ts';
import { drawNuisance } from '../nuisance.ts';

const PHOTOS = 12;
const SIZE = 32;

/** Features of every photo, person by person. */
type Features = readonly number[][];

/**
 * How many photos a linear classifier (nearest mean after whitening each feature) gives to the right
 * person: the first half of everybody's photos teaches, the second half asks.
 */
function recognised(features: Features, people: number): number {
  const width = features[0]?.length ?? 0;
  const spread = Array.from({ length: width }, (_, at) => {
    const mean = features.reduce((sum, row) => sum + (row[at] ?? 0), 0) / features.length;
    return Math.sqrt(features.reduce((sum, row) => sum + ((row[at] ?? 0) - mean) ** 2, 0) / features.length) || 1;
  });
  const half = PHOTOS / 2;
  const means = Array.from({ length: people }, (_, person) =>
    Array.from({ length: width }, (_, at) => {
      let sum = 0;
      for (let photo = 0; photo < half; photo++) sum += features[person * PHOTOS + photo]?.[at] ?? 0;
      return sum / half;
    }),
  );
  let right = 0;
  features.forEach((row, index) => {
    if (index % PHOTOS < half) return;
    const distances = means.map((mean) =>
      mean.reduce((sum, value, at) => sum + ((value - (row[at] ?? 0)) / (spread[at] ?? 1)) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === Math.floor(index / PHOTOS)) right++;
  });
  return right / (people * half);
}

/** Mean and deviation of the grey picture, and the contrast of its 8 × 8 blocks. */
function statistics(bytes: Uint8Array): number[] {
  const grey = Float64Array.from({ length: SIZE * SIZE }, (_, at) => {
    return 0.299 * (bytes[at * 3] ?? 0) + 0.587 * (bytes[at * 3 + 1] ?? 0) + 0.114 * (bytes[at * 3 + 2] ?? 0);
  });
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  let edges = 0;
  let inner = 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 1; x < SIZE; x++) {
      const step = Math.abs((grey[y * SIZE + x] ?? 0) - (grey[y * SIZE + x - 1] ?? 0));
      if (x % 8 === 0) edges += step / (SIZE / 8 - 1);
      else inner += step / (SIZE - SIZE / 8);
    }
  }
  return [mean, deviation, edges / (inner + 1)];
}

/** Mean colour and brightness spread of the pixels that show backdrop only. */
function backdrop(bytes: Uint8Array, mask: Uint8Array): number[] {
  const sums = [0, 0, 0, 0];
  let count = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const [r, g, b] = [bytes[at * 3] ?? 0, bytes[at * 3 + 1] ?? 0, bytes[at * 3 + 2] ?? 0];
    sums[0] = (sums[0] ?? 0) + r;
    sums[1] = (sums[1] ?? 0) + g;
    sums[2] = (sums[2] ?? 0) + b;
    sums[3] = (sums[3] ?? 0) + g * g;
    count++;
  }
  if (count === 0) return [127, 127, 127, 0];
  const [r = 0, g = 0, b = 0, squares = 0] = sums.map((sum) => sum / count);
  return [r, g, b, Math.sqrt(Math.max(0, squares - g * g))];
}

/** Pixels with nothing but backdrop within four pixels, out of reach of blur and block compression's seams. */
function backdropMask(coverage: Float32Array): Uint8Array {
  return Uint8Array.from(coverage, (_, at) => {
    const x = at % SIZE;
    const y = Math.floor(at / SIZE);
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const inside = x + dx >= 0 && x + dx < SIZE && y + dy >= 0 && y + dy < SIZE;
        if (inside && (coverage[at + dy * SIZE + dx] ?? 0) > 0) return 0;
      }
    }
    return 1;
  });
}

/** How well a photo identifies its person: shares of photos given to the right person. */
export interface Leaks {
  /** By the mean colour and spread of the backdrop alone. */
  readonly backdrop: number;
  /** By mean, contrast and blockiness of the picture. */
  readonly statistics: number;
  /** By the pixels of the face, for comparison. */
  readonly face: number;
  readonly chance: number;
  /** Chance plus three standard errors of a share at chance. */
  readonly bound: number;
}

/** Draws `people` with 12 photos each, 32 px, and asks the classifier. */
export function measureLeaks(seed: number, people: number, version: FaceVersion = 1): Leaks {
  const ofBackdrop: number[][] = [];
  const ofPicture: number[][] = [];
  const ofFace: number[][] = [];
  const whole = new FacePainter(SIZE, 'full', version);
  const tight = new FacePainter(SIZE, 'tight', version);
  const bytes = new Uint8Array(SIZE * SIZE * 3);
  for (let person = 0; person < people; person++) {
    const identity = drawIdentity(seed, 'training', person);
    for (let photo = 0; photo < PHOTOS; photo++) {
      const nuisance = drawNuisance(seed, 'training', person, photo, 'lfw');
      whole.paint(identity, nuisance, bytes);
      ofBackdrop.push(backdrop(bytes, backdropMask(whole.lastCoverage)));
      tight.paint(identity, nuisance, bytes);
      ofPicture.push(statistics(bytes));
      ofFace.push(Array.from({ length: 300 }, (_, at) => bytes[at * 10] ?? 0));
    }
  }
  const chance = 1 / people;
  return {
    backdrop: recognised(ofBackdrop, people),
    statistics: recognised(ofPicture, people),
    face: recognised(ofFace, people),
    chance,
    bound: chance + 3 * Math.sqrt((chance * (1 - chance)) / ((people * PHOTOS) / 2)),
  };
}
