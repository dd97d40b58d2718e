import { FACE_CHANNELS, type FaceSet, type RegionName } from '../face-set.ts';
import { FacePainter } from './face-painter.ts';
import { drawIdentity } from './identity.ts';
import { drawNuisance, type Nuisance } from './nuisance.ts';
import type { Variation } from './variation.ts';

/** Which part of the world's people a population is drawn from; the same seed never gives a person to two parts. */
export type PopulationPart = 'training' | 'validation' | 'test';

export interface PopulationOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number;
  readonly identities: number;
  readonly imagesPerIdentity: number;
  /** Width and height in pixels, 16 to 112. */
  readonly size: number;
  readonly region: RegionName;
  readonly variation: Variation;
  /** 'training' where it is not given. */
  readonly part?: PopulationPart;
  /** Told after every stretch of drawing how many of all images are done. */
  readonly progress?: (done: number, total: number) => void;
  /** Asked after every stretch of drawing; true ends it. */
  readonly shouldStop?: () => boolean;
}

/** Thrown when `shouldStop` ended the drawing. */
export class DrawingStopped extends Error {
  override readonly name = 'DrawingStopped';
  constructor() {
    super('Drawing the faces was stopped.');
  }
}

/** Milliseconds of drawing before others on the thread get their turn. */
const STRETCH_MS = 40;

/**
 * Draws people who do not exist. Images are ordered person by person; photo k shows person
 * floor(k / imagesPerIdentity). Gives way to other work on the thread every 40 ms.
 *
 * @throws DrawingStopped when `shouldStop` says so.
 */
export async function population(options: PopulationOptions): Promise<FaceSet> {
  const { seed, variation, part = 'training' } = options;
  return drawFaces(options, (person, photo) => drawNuisance(seed, part, person, photo, variation));
}

/** Like `population`, with each photo's nuisance from `nuisanceOf`. */
export async function drawFaces(
  options: PopulationOptions,
  nuisanceOf: (person: number, photo: number) => Nuisance,
): Promise<FaceSet> {
  const { seed, identities, imagesPerIdentity, size, region, variation, part = 'training' } = options;
  const total = identities * imagesPerIdentity;
  const bytes = size * size * FACE_CHANNELS;
  const images = new Uint8Array(total * bytes);
  const labels = new Int32Array(total);
  const painter = new FacePainter(size, region);
  let due = performance.now() + STRETCH_MS;
  for (let person = 0; person < identities; person++) {
    const identity = drawIdentity(seed, part, person);
    for (let photo = 0; photo < imagesPerIdentity; photo++) {
      const index = person * imagesPerIdentity + photo;
      painter.paint(identity, nuisanceOf(person, photo), images.subarray(index * bytes, (index + 1) * bytes));
      labels[index] = person;
      if (performance.now() < due) continue;
      options.progress?.(index + 1, total);
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (options.shouldStop?.() === true) throw new DrawingStopped();
      due = performance.now() + STRETCH_MS;
    }
  }
  options.progress?.(total, total);
  return {
    images,
    labels,
    identities: Array.from({ length: identities }, (_, person) => `Person ${person}`),
    size,
    region,
    source: { kind: 'synthetic', seed, variation },
  };
}
